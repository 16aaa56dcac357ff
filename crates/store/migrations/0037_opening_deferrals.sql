-- What a customer had been charged for elsewhere and was not yet earned when it was first billed here. It is earned day by day,
-- from starts_on through ends_on. amount is earned, reversed or still deferred; what is reversed is so at once, and ends it. The
-- id is its ledger transaction's, reversal_id that of what took it back. product_id NULL: of no product of the catalogue.
CREATE TABLE opening_deferral (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    product_id BIGINT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    earned BIGINT NOT NULL CHECK (earned >= 0),
    next_due_on DATE,
    reversed BIGINT NOT NULL CHECK (reversed >= 0),
    reversal_id BIGINT,
    reversed_at TIMESTAMPTZ,
    reference TEXT,
    description TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, product_id) REFERENCES product (account_id, id),
    CHECK (earned + reversed <= amount)
);

CREATE INDEX opening_deferral_customer ON opening_deferral (account_id, customer_id, id);
CREATE INDEX opening_deferral_due ON opening_deferral (account_id, customer_id, next_due_on, id)
    WHERE next_due_on IS NOT NULL;

-- The opening deferral that a transaction is about, as charge_id is the charge.
ALTER TABLE ledger_transaction ADD COLUMN deferral_id BIGINT CHECK (deferral_id IS NULL OR charge_id IS NULL);
