-- Invoices that wait to be posted, and what may be changed of an invoice afterwards.

-- Invoices wait as drafts, unless the customer's billing setting says otherwise.
ALTER TABLE account ADD COLUMN drafts_invoices BOOLEAN NOT NULL DEFAULT FALSE;

-- Nothing of a draft is in the ledger: its taxes, totals and due dates are what posting would make of it now. Of a posted
-- draft only this row stays. NULL leaves term and po_number to the customer.
CREATE TABLE draft_invoice (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    term TEXT,
    po_number TEXT,
    notes TEXT,
    reference_date DATE,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE INDEX draft_invoice_customer ON draft_invoice (account_id, customer_id, id);

-- A charge keeps its id, and so do its discounts, when it is posted. A purchase is charged once.
CREATE TABLE draft_charge (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    draft_invoice_id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    unit_price BIGINT NOT NULL CHECK (unit_price >= 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    gl_code TEXT,
    is_tax_exempt BOOLEAN NOT NULL,
    range_quantity BIGINT,
    earning_interval TEXT,
    earning_number_of_intervals BIGINT,
    earning_timing_interval TEXT,
    earning_timing_type TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, purchase_id),
    FOREIGN KEY (account_id, draft_invoice_id) REFERENCES draft_invoice (account_id, id),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id)
);

CREATE INDEX draft_charge_invoice ON draft_charge (account_id, draft_invoice_id, id);

CREATE TABLE draft_charge_tier (
    account_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    tier_number BIGINT NOT NULL,
    label TEXT,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, charge_id, tier_number),
    FOREIGN KEY (account_id, charge_id) REFERENCES draft_charge (account_id, id)
);

CREATE TABLE draft_discount (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    discount_type TEXT NOT NULL,
    configured_amount BIGINT NOT NULL CHECK (configured_amount >= 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    description TEXT,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, charge_id) REFERENCES draft_charge (account_id, id)
);

CREATE INDEX draft_discount_charge ON draft_discount (account_id, charge_id, id);

-- Instalments as they were asked for; they share what the total has become since in proportion.
CREATE TABLE draft_schedule (
    account_id BIGINT NOT NULL,
    draft_invoice_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    days_due_after_term BIGINT NOT NULL CHECK (days_due_after_term >= 0),
    PRIMARY KEY (account_id, draft_invoice_id, id),
    FOREIGN KEY (account_id, draft_invoice_id) REFERENCES draft_invoice (account_id, id)
);

-- The term without an override; NULL where there was none.
ALTER TABLE invoice ADD COLUMN default_term TEXT;
ALTER TABLE invoice ADD COLUMN reference_date DATE;
ALTER TABLE invoice ADD COLUMN is_hidden_on_portal BOOLEAN NOT NULL DEFAULT FALSE;

-- What an invoice said before it was amended.
CREATE TABLE invoice_revision (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    po_number TEXT,
    notes TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX invoice_revision_invoice ON invoice_revision (account_id, invoice_id, id);
