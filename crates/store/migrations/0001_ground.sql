-- Every table of an account begins its key with account_id, so that the schema shards by account.
-- Amounts, prices, quantities and percentages are BIGINT millionths. Names of enumerations are the wire's.

CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    term TEXT NOT NULL,
    may_write_off BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE api_key (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    label TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, id),
    UNIQUE (key_hash)
);

-- One row a number series; invoice numbers have no gaps, so the row is locked by whoever takes one.
CREATE TABLE number_series (
    account_id BIGINT NOT NULL REFERENCES account (id),
    series TEXT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (account_id, series)
);

-- A write that named an Idempotency-Key, and its answer: kept for good.
CREATE TABLE idempotency (
    account_id BIGINT NOT NULL REFERENCES account (id),
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
);

-- The outbox: one row a fact, written with the fact.
CREATE TABLE event (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    event_type TEXT NOT NULL,
    customer_id BIGINT,
    subject_id BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Work to be done by any process: claimed by lease.
CREATE TABLE task (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempt_count BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until TIMESTAMPTZ,
    UNIQUE (kind, subject_id)
);

CREATE INDEX task_due ON task (due_at);

CREATE TABLE customer (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    status TEXT NOT NULL,
    account_status TEXT NOT NULL,
    currency TEXT NOT NULL,
    balance BIGINT NOT NULL,
    ledger_sequence BIGINT NOT NULL,
    ledger_hash TEXT NOT NULL,
    first_name TEXT,
    middle_name TEXT,
    last_name TEXT,
    company_name TEXT,
    suffix TEXT,
    title TEXT,
    primary_email TEXT,
    primary_phone TEXT,
    secondary_email TEXT,
    secondary_phone TEXT,
    reference TEXT,
    reference1 TEXT,
    reference2 TEXT,
    reference3 TEXT,
    ad_content TEXT,
    campaign TEXT,
    keyword TEXT,
    landing_page TEXT,
    medium TEXT,
    source TEXT,
    salesforce_id TEXT,
    salesforce_account_type TEXT,
    salesforce_synch_status TEXT NOT NULL,
    netsuite_id TEXT,
    netsuite_synch_status TEXT NOT NULL,
    netsuite_customer_type TEXT,
    portal_user_name TEXT,
    parent_id BIGINT,
    quickbooks_latch_type TEXT,
    quickbooks_id BIGINT,
    quickbooks_sync_token BIGINT,
    hubspot_id BIGINT,
    hubspot_company_id BIGINT,
    geotab_id TEXT,
    digital_river_id TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    activated_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, portal_user_name),
    FOREIGN KEY (account_id, parent_id) REFERENCES customer (account_id, id)
);

CREATE INDEX customer_reference ON customer (account_id, reference);
CREATE INDEX customer_parent ON customer (account_id, parent_id);

-- Overrides of the account's billing settings; NULL means the account's.
CREATE TABLE customer_billing_setting (
    account_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    term TEXT,
    auto_collect BOOLEAN,
    auto_collect_setting_type TEXT,
    dunning_exempt BOOLEAN,
    recharge_type TEXT,
    recharge_threshold_amount BIGINT,
    recharge_target_amount BIGINT,
    status_on_threshold BOOLEAN,
    auto_post_draft_invoice BOOLEAN,
    customer_grace_period BIGINT,
    grace_period_extension BIGINT,
    standing_po_number TEXT,
    acquisition_cost BIGINT,
    show_zero_dollar_charges BOOLEAN,
    tax_exempt BOOLEAN,
    tax_exempt_code TEXT,
    use_customer_billing_address BOOLEAN,
    avalara_usage_type TEXT,
    vat_identification_number TEXT,
    customer_service_start_option TEXT,
    roll_up_taxes BOOLEAN,
    roll_up_discounts BOOLEAN,
    PRIMARY KEY (account_id, customer_id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE TABLE product (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    product_type TEXT NOT NULL,
    status TEXT NOT NULL,
    tax_exempt BOOLEAN NOT NULL,
    available_for_purchase BOOLEAN NOT NULL,
    is_tracking_items BOOLEAN NOT NULL,
    quantity BIGINT,
    deletable BOOLEAN NOT NULL,
    pricing_model TEXT,
    earning_interval TEXT,
    earning_number_of_intervals BIGINT,
    earning_timing_interval TEXT,
    earning_timing_type TEXT,
    avalara_item_code TEXT,
    avalara_tax_code TEXT,
    gl_code TEXT,
    gl_code_name TEXT,
    salesforce_id TEXT,
    netsuite_item_id TEXT,
    digital_river_country_of_origin BIGINT,
    digital_river_tax_code BIGINT,
    digital_river_eccn BIGINT,
    pushed_to_digital_river BOOLEAN,
    quickbooks_item_id BIGINT,
    quickbooks_record_type TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, code)
);

-- One row a range and currency; max_quantity NULL is infinity.
CREATE TABLE product_price (
    account_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    range_number BIGINT NOT NULL,
    currency TEXT NOT NULL,
    min_quantity BIGINT NOT NULL,
    max_quantity BIGINT,
    amount BIGINT NOT NULL,
    PRIMARY KEY (account_id, product_id, range_number, currency),
    FOREIGN KEY (account_id, product_id) REFERENCES product (account_id, id)
);

-- Values of products and purchases: ids are unique across tables, so one table serves both.
CREATE TABLE custom_field (
    account_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    field_number BIGINT NOT NULL,
    field_key TEXT NOT NULL,
    field_value TEXT,
    PRIMARY KEY (account_id, owner_id, field_key)
);

-- price_ranges: `min:max=amount` in millionths, joined by `;`, an empty max is infinity. Ranges are never searched and
-- always read with their purchase.
CREATE TABLE purchase (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    target_order_quantity BIGINT,
    is_tracking_items BOOLEAN NOT NULL,
    pricing_model TEXT NOT NULL,
    price_ranges TEXT NOT NULL,
    is_price_overridden BOOLEAN NOT NULL,
    has_details BOOLEAN NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    taxable_amount BIGINT NOT NULL CHECK (taxable_amount >= 0),
    is_earning_overridden BOOLEAN NOT NULL,
    earning_interval TEXT,
    earning_number_of_intervals BIGINT,
    earning_timing_interval TEXT,
    earning_timing_type TEXT,
    netsuite_location_id TEXT,
    netsuite_class_id TEXT,
    pricing_formula_type TEXT,
    salesforce_id TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    purchased_at TIMESTAMPTZ,
    cancelled_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, product_id) REFERENCES product (account_id, id)
);

CREATE INDEX purchase_customer ON purchase (account_id, customer_id, id);
CREATE INDEX purchase_product ON purchase (account_id, product_id, id);

CREATE TABLE purchase_discount (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    discount_type TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id)
);

CREATE INDEX purchase_discount_purchase ON purchase_discount (account_id, purchase_id, id);

CREATE TABLE purchase_coupon (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    coupon_code TEXT NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, purchase_id, coupon_code),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id)
);

CREATE TABLE product_item (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    reference TEXT NOT NULL,
    name TEXT,
    description TEXT,
    status TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id)
);

CREATE UNIQUE INDEX product_item_reference ON product_item (account_id, product_id, reference) WHERE status = 'Active';
CREATE INDEX product_item_purchase ON product_item (account_id, purchase_id, id);

CREATE TABLE ledger_transaction (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    effective_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, customer_id, sequence),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE TABLE ledger_line (
    account_id BIGINT NOT NULL,
    transaction_id BIGINT NOT NULL,
    line_number BIGINT NOT NULL,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL CHECK (credit <> debit),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account_id, transaction_id, line_number),
    FOREIGN KEY (account_id, transaction_id) REFERENCES ledger_transaction (account_id, id)
);

CREATE TABLE invoice (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    invoice_number BIGINT NOT NULL,
    currency TEXT NOT NULL,
    term TEXT NOT NULL,
    posted_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    paid_at TIMESTAMPTZ,
    subtotal BIGINT NOT NULL CHECK (subtotal >= 0),
    discount BIGINT NOT NULL CHECK (discount >= 0),
    tax BIGINT NOT NULL CHECK (tax >= 0),
    payments BIGINT NOT NULL CHECK (payments >= 0),
    credits BIGINT NOT NULL CHECK (credits >= 0),
    credit_notes BIGINT NOT NULL CHECK (credit_notes >= 0),
    write_offs BIGINT NOT NULL CHECK (write_offs >= 0),
    outstanding BIGINT NOT NULL CHECK (outstanding >= 0),
    opening_balance BIGINT NOT NULL,
    closing_balance BIGINT NOT NULL,
    po_number TEXT,
    notes TEXT,
    first_name TEXT,
    middle_name TEXT,
    last_name TEXT,
    company_name TEXT,
    suffix TEXT,
    title TEXT,
    primary_email TEXT,
    primary_phone TEXT,
    secondary_email TEXT,
    secondary_phone TEXT,
    reference TEXT,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, invoice_number),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    CHECK (outstanding = subtotal - discount + tax - payments - credits - credit_notes - write_offs)
);

CREATE INDEX invoice_customer ON invoice (account_id, customer_id, id);

CREATE TABLE charge (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    gl_code TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    earning_interval TEXT,
    earning_number_of_intervals BIGINT,
    earning_timing_interval TEXT,
    earning_timing_type TEXT,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id)
);

CREATE INDEX charge_invoice ON charge (account_id, invoice_id, id);

CREATE TABLE payment_schedule (
    account_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    outstanding BIGINT NOT NULL CHECK (outstanding >= 0),
    days_due_after_term BIGINT NOT NULL,
    PRIMARY KEY (account_id, invoice_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE TABLE payment_activity (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    payment_id BIGINT,
    activity_type TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,
    method TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    effective_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE INDEX payment_activity_customer ON payment_activity (account_id, customer_id, id);

CREATE TABLE payment (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    method TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    reference TEXT,
    reference_date DATE,
    effective_at TIMESTAMPTZ NOT NULL,
    unallocated BIGINT NOT NULL CHECK (unallocated >= 0),
    refundable BIGINT NOT NULL CHECK (refundable >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

CREATE INDEX payment_customer ON payment (account_id, customer_id, id);

CREATE TABLE payment_allocation (
    account_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    effective_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, payment_id, invoice_id),
    FOREIGN KEY (account_id, payment_id) REFERENCES payment (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX payment_allocation_invoice ON payment_allocation (account_id, invoice_id);

CREATE TABLE write_off (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    invoice_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    reference TEXT,
    effective_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoice (account_id, id)
);

CREATE INDEX write_off_invoice ON write_off (account_id, invoice_id);

-- next_record_id: every record before it has reached the end of the current phase.
CREATE TABLE bulk_job (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    job_type TEXT NOT NULL,
    status TEXT NOT NULL,
    total BIGINT NOT NULL,
    successful BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    processed BIGINT NOT NULL,
    failed_processed BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    validated_at TIMESTAMPTZ,
    processing_at TIMESTAMPTZ,
    processed_at TIMESTAMPTZ,
    file_name TEXT NOT NULL,
    reference TEXT NOT NULL,
    related_id BIGINT,
    is_internal BOOLEAN NOT NULL,
    next_record_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- One unfinished job an account (bulk-jobs.md §5).
CREATE UNIQUE INDEX bulk_job_open ON bulk_job (account_id)
    WHERE status IN ('NotStarted', 'Validating', 'Validated', 'ValidatedWithErrors', 'Processing');

CREATE TABLE bulk_record (
    account_id BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    status TEXT NOT NULL,
    data TEXT NOT NULL,
    details TEXT,
    created_id BIGINT,
    PRIMARY KEY (account_id, job_id, id),
    FOREIGN KEY (account_id, job_id) REFERENCES bulk_job (account_id, id)
);
