-- What people write about a customer. api_key_id is the key of the call that wrote it; NULL for the system itself.
CREATE TABLE customer_note (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    note TEXT NOT NULL,
    source_application TEXT,
    is_editable BOOLEAN NOT NULL,
    api_key_id BIGINT,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, api_key_id) REFERENCES api_key (account_id, id)
);

CREATE INDEX customer_note_customer ON customer_note (account_id, customer_id, id);

-- Which mail a customer gets where that differs from the account: no row is the account's default.
CREATE TABLE customer_email_preference (
    account_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    email_type TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, customer_id, email_type),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

-- Five places for codes of who sold what; a name needs a code.
ALTER TABLE customer ADD COLUMN tracking_code1 TEXT;
ALTER TABLE customer ADD COLUMN tracking_name1 TEXT;
ALTER TABLE customer ADD COLUMN tracking_code2 TEXT;
ALTER TABLE customer ADD COLUMN tracking_name2 TEXT;
ALTER TABLE customer ADD COLUMN tracking_code3 TEXT;
ALTER TABLE customer ADD COLUMN tracking_name3 TEXT;
ALTER TABLE customer ADD COLUMN tracking_code4 TEXT;
ALTER TABLE customer ADD COLUMN tracking_name4 TEXT;
ALTER TABLE customer ADD COLUMN tracking_code5 TEXT;
ALTER TABLE customer ADD COLUMN tracking_name5 TEXT;
