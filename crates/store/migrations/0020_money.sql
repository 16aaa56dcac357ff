-- Money given back, goodwill given and taken back, and what customers owed or had before they were billed here.

-- Allocations keep what was given at first beside what of it is left, so that what refunds, debits and credit notes took
-- out of them can be followed.
CREATE TABLE kept_allocation AS SELECT account_id, payment_id, invoice_id, amount, effective_at FROM payment_allocation;
DROP TABLE payment_allocation;

CREATE TABLE payment_allocation (
    account_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    allocated BIGINT NOT NULL CHECK (allocated > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0 AND amount <= allocated),
    effective_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, payment_id, invoice_id),
    FOREIGN KEY (account_id, payment_id) REFERENCES payment (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX payment_allocation_invoice ON payment_allocation (account_id, invoice_id);

INSERT INTO payment_allocation (account_id, payment_id, invoice_id, allocated, amount, effective_at)
    SELECT account_id, payment_id, invoice_id, amount, amount, effective_at FROM kept_allocation;
DROP TABLE kept_allocation;

-- unallocated: neither debited nor on an invoice; reversable: not debited. The id is its ledger transaction's.
CREATE TABLE credit (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    reference TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    unallocated BIGINT NOT NULL CHECK (unallocated >= 0 AND unallocated <= reversable),
    reversable BIGINT NOT NULL CHECK (reversable >= 0 AND reversable <= amount),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE INDEX credit_customer ON credit (account_id, customer_id, id);

CREATE TABLE credit_allocation (
    account_id BIGINT NOT NULL,
    credit_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    allocated BIGINT NOT NULL CHECK (allocated > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0 AND amount <= allocated),
    effective_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, credit_id, invoice_id),
    FOREIGN KEY (account_id, credit_id) REFERENCES credit (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX credit_allocation_invoice ON credit_allocation (account_id, invoice_id);

-- What a credit note took out of an allocation, back into available funds or credit.
CREATE TABLE freed_allocation (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    payment_id BIGINT,
    credit_id BIGINT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, payment_id, invoice_id) REFERENCES payment_allocation (account_id, payment_id, invoice_id),
    FOREIGN KEY (account_id, credit_id, invoice_id) REFERENCES credit_allocation (account_id, credit_id, invoice_id),
    CHECK ((payment_id IS NULL) <> (credit_id IS NULL))
);

CREATE INDEX freed_allocation_payment ON freed_allocation (account_id, payment_id);
CREATE INDEX freed_allocation_credit ON freed_allocation (account_id, credit_id);

-- Money given back of a payment. The id is its ledger transaction's.
CREATE TABLE refund (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    method TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    reference TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, payment_id) REFERENCES payment (account_id, id)
);

CREATE INDEX refund_payment ON refund (account_id, payment_id, id);

-- Which invoices a refund reopened; the rest of it came from unallocated funds.
CREATE TABLE refund_allocation (
    account_id BIGINT NOT NULL,
    refund_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account_id, refund_id, invoice_id),
    FOREIGN KEY (account_id, refund_id) REFERENCES refund (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX refund_allocation_invoice ON refund_allocation (account_id, invoice_id);

ALTER TABLE payment_activity ADD COLUMN refund_id BIGINT;

-- What was taken back of a credit. The id is its ledger transaction's.
CREATE TABLE debit (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    credit_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    reference TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, credit_id) REFERENCES credit (account_id, id)
);

CREATE INDEX debit_credit ON debit (account_id, credit_id, id);

-- Which invoices a debit reopened; the rest of it came from unallocated credit.
CREATE TABLE debit_allocation (
    account_id BIGINT NOT NULL,
    debit_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account_id, debit_id, invoice_id),
    FOREIGN KEY (account_id, debit_id) REFERENCES debit (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX debit_allocation_invoice ON debit_allocation (account_id, invoice_id);

-- What a customer owed before, which is the one charge of its invoice, or had on deposit, which has no invoice. The id is
-- its ledger transaction's.
CREATE TABLE opening_balance (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    invoice_id BIGINT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    name TEXT,
    description TEXT,
    reference TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    unallocated BIGINT NOT NULL CHECK (unallocated >= 0 AND unallocated <= amount),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, invoice_id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id),
    CHECK (invoice_id IS NULL OR unallocated = 0)
);

CREATE INDEX opening_balance_customer ON opening_balance (account_id, customer_id, id);
