-- How a customer is addressed; there is a row as soon as there is anything to keep.
CREATE TABLE customer_address_preference (
    account_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    contact_name TEXT,
    shipping_instructions TEXT,
    uses_billing_as_shipping BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, customer_id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

-- At most one Billing and one Shipping a customer. Countries and states are the ids of /v1/Countries.
CREATE TABLE address (
    account_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    address_type TEXT NOT NULL,
    company_name TEXT,
    line1 TEXT,
    line2 TEXT,
    country_id BIGINT NOT NULL,
    state_id BIGINT,
    city TEXT,
    postal_zip TEXT,
    is_valid BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, customer_id, address_type),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer_address_preference (account_id, customer_id)
);

-- The same as they were when an invoice was posted.
CREATE TABLE invoice_address_preference (
    account_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    contact_name TEXT,
    shipping_instructions TEXT,
    uses_billing_as_shipping BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, invoice_id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

-- id is that of the address from which it was copied.
CREATE TABLE invoice_address (
    account_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    address_type TEXT NOT NULL,
    company_name TEXT,
    line1 TEXT,
    line2 TEXT,
    country_id BIGINT NOT NULL,
    state_id BIGINT,
    city TEXT,
    postal_zip TEXT,
    is_valid BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, invoice_id, id),
    UNIQUE (account_id, invoice_id, address_type),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice_address_preference (account_id, invoice_id)
);

-- state_id NULL holds in the whole country; valid_from and valid_to are days of the account's time zone, both included.
CREATE TABLE tax_rate (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    registration_code TEXT,
    percentage BIGINT NOT NULL CHECK (percentage >= 0),
    country_id BIGINT NOT NULL,
    state_id BIGINT,
    valid_from DATE,
    valid_to DATE,
    status TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX tax_rate_country ON tax_rate (account_id, country_id);

-- A tax as it was posted, with what the rate was then; its id is its ledger transaction's.
CREATE TABLE charge_tax (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    tax_rate_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    registration_code TEXT,
    percentage BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, charge_id, tax_rate_id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id),
    FOREIGN KEY (account_id, charge_id) REFERENCES charge (account_id, id),
    FOREIGN KEY (account_id, tax_rate_id) REFERENCES tax_rate (account_id, id)
);

CREATE INDEX charge_tax_invoice ON charge_tax (account_id, invoice_id, id);
