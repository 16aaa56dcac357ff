-- Bulk jobs: what unfinished records of an ended job tell, and when a job takes the account's place for one.

ALTER TABLE bulk_job ADD COLUMN given_up TEXT;

-- One job an account that is under way or waits to be processed (bulk-jobs.md §5). One without a record that passed waits
-- for nothing.
DROP INDEX bulk_job_open;
CREATE UNIQUE INDEX bulk_job_open ON bulk_job (account_id)
    WHERE status IN ('NotStarted', 'Validating', 'Validated', 'Processing')
        OR (status = 'ValidatedWithErrors' AND successful > 0);

-- Under the keys of bulk calls lay the bare id of the job: the first answer is yet to be kept.
UPDATE idempotency SET status = 0
    WHERE status = 200 AND body <> '' AND body NOT LIKE '{%' AND body NOT LIKE '[%';
