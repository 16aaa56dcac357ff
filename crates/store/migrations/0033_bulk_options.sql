-- Bulk jobs: how they are to be done, what file they came from, what each record moved.

ALTER TABLE bulk_job ADD COLUMN mode TEXT NOT NULL DEFAULT 'Continue';
ALTER TABLE bulk_job ADD COLUMN is_dry_run BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE bulk_job ADD COLUMN pause_after BIGINT;
ALTER TABLE bulk_job ADD COLUMN starts_at TIMESTAMPTZ;
ALTER TABLE bulk_job ADD COLUMN paused_at TIMESTAMPTZ;
ALTER TABLE bulk_job ADD COLUMN content_hash TEXT;
ALTER TABLE bulk_job ADD COLUMN columns TEXT;
ALTER TABLE bulk_job ADD COLUMN records_deleted_at TIMESTAMPTZ;
ALTER TABLE bulk_record ADD COLUMN amount BIGINT;

-- One job an account that is under way or waits to be processed. An atomic one with a record that failed waits for nothing.
DROP INDEX bulk_job_open;
CREATE UNIQUE INDEX bulk_job_open ON bulk_job (account_id)
    WHERE status IN ('NotStarted', 'Validating', 'Validated', 'Processing')
        OR (status = 'ValidatedWithErrors' AND successful > 0 AND mode <> 'Atomic');

-- Whether the same records came before.
CREATE INDEX bulk_job_content ON bulk_job (account_id, content_hash) WHERE content_hash IS NOT NULL;

-- By what a row of an import names its customer.
CREATE INDEX customer_company ON customer (account_id, LOWER(company_name), id);
CREATE INDEX customer_email ON customer (account_id, LOWER(primary_email), id);
