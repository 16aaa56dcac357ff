-- Bulk jobs: the lanes in which a phase is done, each by whoever takes its task.

-- In how many lanes the job may be done; 1 where its records keep their order. last_at and last_id: where its events have come to.
ALTER TABLE bulk_job ADD COLUMN lane_count BIGINT NOT NULL DEFAULT 1;
ALTER TABLE bulk_job ADD COLUMN last_at TIMESTAMPTZ;
ALTER TABLE bulk_job ADD COLUMN last_id BIGINT;

-- The slot of the record's customer.
ALTER TABLE bulk_record ADD COLUMN lane BIGINT;

-- The counters are those of the records before next_record_id; the job counts them when the lane has ended. share_number and
-- share_count: the lane has the records whose slot leaves that number, or all when they are NULL.
CREATE TABLE bulk_lane (
    account_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    share_number BIGINT,
    share_count BIGINT,
    next_record_id BIGINT NOT NULL,
    end_record_id BIGINT NOT NULL,
    successful BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    processed BIGINT NOT NULL,
    failed_processed BIGINT NOT NULL,
    is_ordered BOOLEAN NOT NULL,
    pause_in BIGINT,
    last_at TIMESTAMPTZ NOT NULL,
    last_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, job_id) REFERENCES bulk_job (account_id, id)
);

-- The order in which events are read. Nearly all are appended at its end.
CREATE INDEX event_time ON event (account_id, created_at, id);

-- What is done in one piece has no lane.
UPDATE task SET kind = 'bulk-process-whole' WHERE kind = 'bulk-process' AND EXISTS (
    SELECT 1 FROM bulk_job
    WHERE bulk_job.account_id = task.account_id AND bulk_job.id = task.subject_id AND (mode = 'Atomic' OR is_dry_run)
);

-- A job under way goes on in one lane with its own id, which its task names already.
INSERT INTO bulk_lane (account_id, job_id, id, next_record_id, end_record_id, successful, failed, processed, failed_processed,
    is_ordered, pause_in, last_at, last_id)
SELECT account_id, id, id, next_record_id,
    COALESCE((SELECT MAX(r.id) + 1 FROM bulk_record r WHERE r.account_id = bulk_job.account_id AND r.job_id = bulk_job.id), 0),
    0, 0, 0, 0, TRUE,
    CASE WHEN status = 'Processing' AND pause_after > processed + failed_processed
        THEN pause_after - processed - failed_processed END,
    COALESCE(processing_at, validated_at, created_at), id
FROM bulk_job
WHERE status = 'Validating' OR (status = 'Processing' AND mode = 'Continue' AND NOT is_dry_run);

-- From now on the place of a job is only that of its submission.
UPDATE bulk_job SET next_record_id =
    COALESCE((SELECT MAX(r.id) + 1 FROM bulk_record r WHERE r.account_id = bulk_job.account_id AND r.job_id = bulk_job.id), 0)
WHERE status IN ('Validating', 'Validated', 'ValidatedWithErrors', 'Processing');
