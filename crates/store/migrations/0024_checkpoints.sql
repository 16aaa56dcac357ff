-- What the chains of an account's customers came to, sealed one after the other: the end of a chain cannot be taken away
-- without leaving a seal that is broken.
CREATE TABLE checkpoint (
    account_id BIGINT NOT NULL REFERENCES account (id),
    checkpoint_number BIGINT NOT NULL,
    head_count BIGINT NOT NULL CHECK (head_count > 0),
    hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, checkpoint_number)
);

-- The customers whose chains had grown since the checkpoint before, with the last transaction of each.
CREATE TABLE checkpoint_head (
    account_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    ledger_sequence BIGINT NOT NULL,
    checkpoint_number BIGINT NOT NULL,
    ledger_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, customer_id, ledger_sequence),
    FOREIGN KEY (account_id, checkpoint_number) REFERENCES checkpoint (account_id, checkpoint_number),
    FOREIGN KEY (account_id, customer_id, ledger_sequence)
        REFERENCES ledger_transaction (account_id, customer_id, sequence)
);

CREATE INDEX checkpoint_head_checkpoint ON checkpoint_head (account_id, checkpoint_number, customer_id);
