-- Bulk jobs: what was given up, the money that their records move, and places that scheduled jobs leave to others.

-- Records that had not ended when their job did.
ALTER TABLE bulk_job ADD COLUMN given_up_count BIGINT NOT NULL DEFAULT 0;
UPDATE bulk_job SET given_up_count = (
    SELECT COUNT(*) FROM bulk_record r
    WHERE r.account_id = bulk_job.account_id AND r.job_id = bulk_job.id AND r.status IN ('NotStarted', 'PassedValidation')
) WHERE given_up IS NOT NULL;

-- What the records that passed validation are to move, and what those that were processed have moved, in millionths. A lane adds
-- to rows of its own. Whoever was submitted before has none. No reference to the job: whoever stores a row would wait for its lock,
-- and so for whoever waits for the lane (docs/decisions/0006).
ALTER TABLE bulk_job ADD COLUMN has_totals BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE bulk_total (
    account_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    lane_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    expected BIGINT NOT NULL,
    moved BIGINT NOT NULL,
    PRIMARY KEY (account_id, job_id, lane_id, currency)
);

-- The jobs whose records may be old enough to be deleted.
ALTER TABLE bulk_job ADD COLUMN has_records BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX bulk_job_records ON bulk_job (account_id, created_at, id) WHERE has_records;

-- One job an account that is under way or waits to be processed. One that starts by itself leaves the place when it is validated.
DROP INDEX bulk_job_open;
CREATE UNIQUE INDEX bulk_job_open ON bulk_job (account_id)
    WHERE status IN ('NotStarted', 'Validating')
        OR (starts_at IS NULL AND (status IN ('Validated', 'Processing')
            OR (status = 'ValidatedWithErrors' AND successful > 0 AND mode <> 'Atomic')));
