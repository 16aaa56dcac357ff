-- Plans, their frequencies and products, and plan families.

CREATE TABLE plan (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    reference TEXT,
    description TEXT,
    long_description TEXT,
    status TEXT NOT NULL,
    auto_apply_changes BOOLEAN NOT NULL,
    salesforce_compatible BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, code)
);

-- A frequency is never deleted, because subscriptions may run on it.
CREATE TABLE plan_frequency (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    plan_id BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    charge_interval TEXT NOT NULL,
    number_of_intervals BIGINT NOT NULL,
    status TEXT NOT NULL,
    is_prorated BOOLEAN NOT NULL,
    proration_granularity TEXT,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, plan_id, charge_interval, number_of_intervals),
    FOREIGN KEY (account_id, plan_id) REFERENCES plan (account_id, id)
);

CREATE TABLE plan_frequency_price (
    account_id BIGINT NOT NULL,
    plan_frequency_id BIGINT NOT NULL,
    is_setup_fee BOOLEAN NOT NULL,
    price_number BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, plan_frequency_id, is_setup_fee, currency),
    FOREIGN KEY (account_id, plan_frequency_id) REFERENCES plan_frequency (account_id, id)
);

CREATE TABLE plan_product (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    plan_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    max_quantity BIGINT,
    is_fixed BOOLEAN NOT NULL,
    is_optional BOOLEAN NOT NULL,
    is_included_by_default BOOLEAN NOT NULL,
    is_tracking_items BOOLEAN NOT NULL,
    charge_at_subscription_activation BOOLEAN NOT NULL,
    generate_zero_dollar_charge BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, plan_id) REFERENCES plan (account_id, id),
    FOREIGN KEY (account_id, product_id) REFERENCES product (account_id, id)
);

CREATE INDEX plan_product_plan ON plan_product (account_id, plan_id, id);
CREATE INDEX plan_product_product ON plan_product (account_id, product_id, id);

-- How a plan product is priced and earned at one frequency of its plan.
CREATE TABLE plan_product_cycle (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    plan_product_id BIGINT NOT NULL,
    plan_frequency_id BIGINT NOT NULL,
    pricing_model TEXT NOT NULL,
    earning_interval TEXT,
    earning_number_of_intervals BIGINT,
    earning_timing_interval TEXT,
    earning_timing_type TEXT,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, plan_product_id, plan_frequency_id),
    FOREIGN KEY (account_id, plan_product_id) REFERENCES plan_product (account_id, id),
    FOREIGN KEY (account_id, plan_frequency_id) REFERENCES plan_frequency (account_id, id)
);

-- One row a range and currency; max_quantity NULL is infinity.
CREATE TABLE plan_product_price (
    account_id BIGINT NOT NULL,
    cycle_id BIGINT NOT NULL,
    range_number BIGINT NOT NULL,
    currency TEXT NOT NULL,
    min_quantity BIGINT NOT NULL,
    max_quantity BIGINT,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, cycle_id, range_number, currency),
    FOREIGN KEY (account_id, cycle_id) REFERENCES plan_product_cycle (account_id, id)
);

CREATE TABLE charge_model (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    cycle_id BIGINT NOT NULL,
    model_type TEXT NOT NULL,
    timing_type TEXT NOT NULL,
    proration_granularity TEXT,
    prorate_on_positive_quantity BOOLEAN NOT NULL,
    prorate_on_negative_quantity BOOLEAN NOT NULL,
    reverse_charge_on_negative_quantity BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, cycle_id, model_type),
    FOREIGN KEY (account_id, cycle_id) REFERENCES plan_product_cycle (account_id, id)
);

CREATE TABLE plan_family (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    earning_option TEXT NOT NULL,
    name_override_option TEXT NOT NULL,
    description_override_option TEXT NOT NULL,
    reference_option TEXT NOT NULL,
    expiry_option TEXT NOT NULL,
    custom_fields_option TEXT NOT NULL,
    contract_start_option TEXT NOT NULL,
    contract_end_option TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, code)
);

CREATE TABLE plan_family_plan (
    account_id BIGINT NOT NULL,
    plan_family_id BIGINT NOT NULL,
    plan_number BIGINT NOT NULL,
    plan_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, plan_family_id, plan_id),
    FOREIGN KEY (account_id, plan_family_id) REFERENCES plan_family (account_id, id),
    FOREIGN KEY (account_id, plan_id) REFERENCES plan (account_id, id)
);

CREATE INDEX plan_family_plan_plan ON plan_family_plan (account_id, plan_id, plan_family_id);

-- An allowed migration; an option that is NULL is as the family says.
CREATE TABLE plan_family_relationship (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    plan_family_id BIGINT NOT NULL,
    source_plan_id BIGINT NOT NULL,
    source_frequency_id BIGINT NOT NULL,
    destination_plan_id BIGINT NOT NULL,
    destination_frequency_id BIGINT NOT NULL,
    earning_option TEXT,
    name_override_option TEXT,
    description_override_option TEXT,
    reference_option TEXT,
    expiry_option TEXT,
    custom_fields_option TEXT,
    contract_start_option TEXT,
    contract_end_option TEXT,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, plan_family_id, source_frequency_id, destination_frequency_id),
    FOREIGN KEY (account_id, plan_family_id) REFERENCES plan_family (account_id, id),
    FOREIGN KEY (account_id, source_frequency_id) REFERENCES plan_frequency (account_id, id),
    FOREIGN KEY (account_id, destination_frequency_id) REFERENCES plan_frequency (account_id, id)
);
