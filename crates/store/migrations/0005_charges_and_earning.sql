-- The charge that a transaction is about, so that revenue is read from the ledger itself.
ALTER TABLE ledger_transaction ADD COLUMN charge_id BIGINT;

-- What of a charge was reversed: gross, discounts and taxes.
ALTER TABLE charge ADD COLUMN taxable_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE charge ADD COLUMN range_quantity BIGINT;
ALTER TABLE charge ADD COLUMN reversed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE charge ADD COLUMN reversed_discount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE charge ADD COLUMN reversed_tax BIGINT NOT NULL DEFAULT 0;

CREATE INDEX charge_purchase ON charge (account_id, purchase_id);

-- The ranges that a tiered charge was priced by.
CREATE TABLE charge_tier (
    account_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    tier_number BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (account_id, charge_id, tier_number),
    FOREIGN KEY (account_id, charge_id) REFERENCES charge (account_id, id)
);

-- A discount as it was posted; its id is its ledger transaction's. configured_amount is what the caller entered.
CREATE TABLE charge_discount (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    discount_type TEXT NOT NULL,
    configured_amount BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, charge_id) REFERENCES charge (account_id, id)
);

CREATE INDEX charge_discount_charge ON charge_discount (account_id, charge_id, id);

-- Charges that earn over time: where their schedule begins and how far it has been posted. The rule itself is the
-- charge's. next_due_on is NULL when nothing is left to earn.
CREATE TABLE earning_schedule (
    account_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    starts_on DATE NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    discount BIGINT NOT NULL CHECK (discount >= 0),
    earned BIGINT NOT NULL CHECK (earned >= 0 AND earned <= amount),
    earned_discount BIGINT NOT NULL CHECK (earned_discount >= 0 AND earned_discount <= discount),
    next_due_on DATE,
    PRIMARY KEY (account_id, charge_id),
    FOREIGN KEY (account_id, charge_id) REFERENCES charge (account_id, id)
);

CREATE INDEX earning_schedule_due ON earning_schedule (account_id, next_due_on);

-- One a reversal; number is the wire's, such as 360-CR-02.
CREATE TABLE credit_note (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    credit_note_number TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    reference TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, credit_note_number),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX credit_note_invoice ON credit_note (account_id, invoice_id);

-- What a credit note took back of one charge; its id is the ledger transaction of the gross part.
CREATE TABLE reversal (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    credit_note_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    discount BIGINT NOT NULL CHECK (discount >= 0),
    tax BIGINT NOT NULL CHECK (tax >= 0),
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, credit_note_id) REFERENCES credit_note (account_id, id),
    FOREIGN KEY (account_id, charge_id) REFERENCES charge (account_id, id)
);
