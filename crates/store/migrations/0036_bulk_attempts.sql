-- Attempts to charge for records of bulk jobs, until the record tells how its attempt ended. No reference to the job: whoever stores
-- a row would wait for its lock, and so for whoever waits for the lane (docs/decisions/0006).
CREATE TABLE bulk_attempt (
    account_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, job_id, record_id),
    UNIQUE (account_id, activity_id),
    FOREIGN KEY (account_id, activity_id) REFERENCES collection (account_id, activity_id)
);
