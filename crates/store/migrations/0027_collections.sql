-- Attempts to move money through a payment gateway.

-- NULL: the attempt was written when its end was known.
ALTER TABLE payment_activity ADD COLUMN ended_at TIMESTAMPTZ;
-- What was charged, such as `Visa ending in 1111`; which gateway; why it refused, in its own words.
ALTER TABLE payment_activity ADD COLUMN method_label TEXT;
ALTER TABLE payment_activity ADD COLUMN gateway_name TEXT;
ALTER TABLE payment_activity ADD COLUMN gateway_text TEXT;

-- The activity of which nothing is to change until its collection has ended.
ALTER TABLE purchase ADD COLUMN reserved_by BIGINT;
ALTER TABLE draft_invoice ADD COLUMN reserved_by BIGINT;

-- The intent of an attempt and everything that is to follow when the money moved, so that anybody can end it. The gateway
-- knows the attempt by gateway_key, which names nothing else. transaction_name and authorization_code are the gateway's.
-- stranded_text says why money that moved could not be used for what was asked.
CREATE TABLE collection (
    account_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    gateway_id BIGINT NOT NULL,
    gateway_key TEXT NOT NULL,
    payment_method_id BIGINT,
    becomes_default BOOLEAN NOT NULL,
    is_new_method BOOLEAN NOT NULL,
    attempt_number BIGINT NOT NULL CHECK (attempt_number > 0),
    purpose TEXT NOT NULL,
    auto_allocate TEXT,
    activates_customer BOOLEAN NOT NULL,
    uses_funds_first BOOLEAN NOT NULL,
    tolerates_failure BOOLEAN NOT NULL,
    refunded_payment_id BIGINT,
    reference TEXT,
    reference_date DATE,
    effective_at TIMESTAMPTZ,
    transaction_name TEXT,
    authorization_code TEXT,
    stranded_text TEXT,
    PRIMARY KEY (account_id, activity_id),
    UNIQUE (account_id, gateway_key),
    FOREIGN KEY (account_id, activity_id) REFERENCES payment_activity (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, refunded_payment_id) REFERENCES payment (account_id, id)
);

-- One at a time a customer.
CREATE UNIQUE INDEX collection_open ON collection (account_id, customer_id) WHERE state <> 'Ended';

-- What of the money is meant for which invoice; without an amount, an invoice that the attempt brought about or that owed
-- nothing.
CREATE TABLE collection_invoice (
    account_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, activity_id, position),
    FOREIGN KEY (account_id, activity_id) REFERENCES collection (account_id, activity_id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

-- No reference to the purchase: one that was a draft may be deleted after a decline.
CREATE TABLE collection_purchase (
    account_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, activity_id, position),
    FOREIGN KEY (account_id, activity_id) REFERENCES collection (account_id, activity_id)
);

CREATE TABLE collection_draft (
    account_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    draft_invoice_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, activity_id, position),
    FOREIGN KEY (account_id, activity_id) REFERENCES collection (account_id, activity_id),
    FOREIGN KEY (account_id, draft_invoice_id) REFERENCES draft_invoice (account_id, id)
);
