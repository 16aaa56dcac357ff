-- Funds that are given to invoices after they came, and what keeps an account's debts collected without anybody asking.

-- What invoices have of money on deposit.
CREATE TABLE deposit_allocation (
    account_id BIGINT NOT NULL,
    opening_balance_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    allocated BIGINT NOT NULL CHECK (allocated > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0 AND amount <= allocated),
    effective_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, opening_balance_id, invoice_id),
    FOREIGN KEY (account_id, opening_balance_id) REFERENCES opening_balance (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX deposit_allocation_invoice ON deposit_allocation (account_id, invoice_id);

-- What an allocation was given later than its payment, credit or deposit was recorded; the allocation holds it too.
CREATE TABLE spent_allocation (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    payment_id BIGINT,
    credit_id BIGINT,
    opening_balance_id BIGINT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, payment_id, invoice_id) REFERENCES payment_allocation (account_id, payment_id, invoice_id),
    FOREIGN KEY (account_id, credit_id, invoice_id) REFERENCES credit_allocation (account_id, credit_id, invoice_id),
    FOREIGN KEY (account_id, opening_balance_id, invoice_id)
        REFERENCES deposit_allocation (account_id, opening_balance_id, invoice_id),
    CHECK (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN credit_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN opening_balance_id IS NULL THEN 0 ELSE 1 END = 1)
);

CREATE INDEX spent_allocation_payment ON spent_allocation (account_id, payment_id);
CREATE INDEX spent_allocation_credit ON spent_allocation (account_id, credit_id);
CREATE INDEX spent_allocation_deposit ON spent_allocation (account_id, opening_balance_id);

-- Credit notes free deposits too.
CREATE TABLE kept_freed AS
    SELECT account_id, id, invoice_id, payment_id, credit_id, amount, created_at FROM freed_allocation;
DROP TABLE freed_allocation;

CREATE TABLE freed_allocation (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    payment_id BIGINT,
    credit_id BIGINT,
    opening_balance_id BIGINT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, payment_id, invoice_id) REFERENCES payment_allocation (account_id, payment_id, invoice_id),
    FOREIGN KEY (account_id, credit_id, invoice_id) REFERENCES credit_allocation (account_id, credit_id, invoice_id),
    FOREIGN KEY (account_id, opening_balance_id, invoice_id)
        REFERENCES deposit_allocation (account_id, opening_balance_id, invoice_id),
    CHECK (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN credit_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN opening_balance_id IS NULL THEN 0 ELSE 1 END = 1)
);

INSERT INTO freed_allocation (account_id, id, invoice_id, payment_id, credit_id, amount, created_at)
    SELECT account_id, id, invoice_id, payment_id, credit_id, amount, created_at FROM kept_freed;
DROP TABLE kept_freed;

CREATE INDEX freed_allocation_payment ON freed_allocation (account_id, payment_id);
CREATE INDEX freed_allocation_credit ON freed_allocation (account_id, credit_id);
CREATE INDEX freed_allocation_deposit ON freed_allocation (account_id, opening_balance_id);

CREATE INDEX payment_available ON payment (account_id, customer_id) WHERE unallocated > 0;
CREATE INDEX credit_available ON credit (account_id, customer_id) WHERE unallocated > 0;
CREATE INDEX deposit_available ON opening_balance (account_id, customer_id) WHERE unallocated > 0;

-- How an account collects; an account without a row collects nothing by itself. dunning_days: days after the first failed
-- attempt, joined by commas. NULL periods: never.
CREATE TABLE collection_setting (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    auto_collect BOOLEAN NOT NULL,
    auto_collect_setting_type TEXT NOT NULL,
    dunning_days TEXT NOT NULL,
    grace_period BIGINT NOT NULL,
    auto_suspend BOOLEAN NOT NULL,
    cancel_after_days BIGINT,
    modified_at TIMESTAMPTZ NOT NULL
);

-- Days of the account's zone since when a customer is in poor standing, and since when it is suspended.
ALTER TABLE customer ADD COLUMN poor_standing_on DATE;
ALTER TABLE customer ADD COLUMN suspended_on DATE;

CREATE INDEX customer_poor ON customer (account_id, id) WHERE poor_standing_on IS NOT NULL;
CREATE INDEX invoice_open ON invoice (account_id, customer_id, id) WHERE outstanding > 0;
CREATE INDEX payment_schedule_open ON payment_schedule (account_id, due_at) WHERE outstanding > 0;

-- What automatic collection has tried for an invoice, or, where the subject is the customer, for its funds. The activity
-- is the last attempt; nothing more is tried once next_attempt_on is NULL.
CREATE TABLE dunning (
    account_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    attempt_count BIGINT NOT NULL CHECK (attempt_count > 0),
    first_attempt_on DATE NOT NULL,
    next_attempt_on DATE,
    activity_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, subject_id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE INDEX dunning_customer ON dunning (account_id, customer_id);
