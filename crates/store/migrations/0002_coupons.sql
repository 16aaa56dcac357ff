-- Discounts, coupons, definitions of custom fields and general-ledger labels of the catalogue.

CREATE TABLE discount (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    code TEXT NOT NULL,
    discount_type TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    remaining_usages_until_start BIGINT NOT NULL,
    remaining_usage BIGINT,
    status TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, code)
);

-- What holds instead for subscriptions of one frequency.
CREATE TABLE discount_frequency_override (
    account_id BIGINT NOT NULL,
    discount_id BIGINT NOT NULL,
    override_number BIGINT NOT NULL,
    frequency_interval TEXT NOT NULL,
    number_of_intervals BIGINT NOT NULL,
    discount_type TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    remaining_usages_until_start BIGINT NOT NULL,
    remaining_usage BIGINT,
    PRIMARY KEY (account_id, discount_id, override_number),
    FOREIGN KEY (account_id, discount_id) REFERENCES discount (account_id, id)
);

CREATE TABLE coupon (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    is_retired BOOLEAN NOT NULL,
    applies_to_all_plans BOOLEAN NOT NULL,
    is_one_time_use BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- remaining_usages NULL is any number.
CREATE TABLE coupon_code (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    coupon_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    remaining_usages BIGINT CHECK (remaining_usages >= 0),
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, code),
    FOREIGN KEY (account_id, coupon_id) REFERENCES coupon (account_id, id)
);

CREATE INDEX coupon_code_coupon ON coupon_code (account_id, coupon_id, id);

CREATE TABLE coupon_discount (
    account_id BIGINT NOT NULL,
    coupon_id BIGINT NOT NULL,
    discount_number BIGINT NOT NULL,
    discount_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, coupon_id, discount_number),
    FOREIGN KEY (account_id, coupon_id) REFERENCES coupon (account_id, id),
    FOREIGN KEY (account_id, discount_id) REFERENCES discount (account_id, id)
);

CREATE INDEX coupon_discount_discount ON coupon_discount (account_id, discount_id);

-- Both ends belong to the window; NULL is an open end.
CREATE TABLE coupon_eligibility (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    coupon_id BIGINT NOT NULL,
    window_number BIGINT NOT NULL,
    starts_at TIMESTAMPTZ,
    ends_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, coupon_id) REFERENCES coupon (account_id, id)
);

CREATE INDEX coupon_eligibility_coupon ON coupon_eligibility (account_id, coupon_id, window_number);

CREATE TABLE coupon_eligibility_discount (
    account_id BIGINT NOT NULL,
    eligibility_id BIGINT NOT NULL,
    discount_number BIGINT NOT NULL,
    discount_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, eligibility_id, discount_number),
    FOREIGN KEY (account_id, eligibility_id) REFERENCES coupon_eligibility (account_id, id),
    FOREIGN KEY (account_id, discount_id) REFERENCES discount (account_id, id)
);

CREATE INDEX coupon_eligibility_discount_discount ON coupon_eligibility_discount (account_id, discount_id);

CREATE TABLE coupon_plan (
    account_id BIGINT NOT NULL,
    coupon_id BIGINT NOT NULL,
    plan_number BIGINT NOT NULL,
    plan_id BIGINT NOT NULL,
    applies_to_all_products BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, coupon_id, plan_number),
    FOREIGN KEY (account_id, coupon_id) REFERENCES coupon (account_id, id)
);

CREATE TABLE coupon_plan_product (
    account_id BIGINT NOT NULL,
    coupon_id BIGINT NOT NULL,
    plan_number BIGINT NOT NULL,
    product_number BIGINT NOT NULL,
    plan_product_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, coupon_id, plan_number, product_number),
    FOREIGN KEY (account_id, coupon_id, plan_number) REFERENCES coupon_plan (account_id, coupon_id, plan_number)
);

-- One row a finalized purchase and coupon; never taken back.
CREATE TABLE coupon_use (
    account_id BIGINT NOT NULL,
    coupon_id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    coupon_code TEXT NOT NULL,
    used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, coupon_id, purchase_id),
    FOREIGN KEY (account_id, coupon_id) REFERENCES coupon (account_id, id),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id)
);

CREATE INDEX coupon_use_customer ON coupon_use (account_id, coupon_id, customer_id);

CREATE TABLE custom_field_definition (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    field_key TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    data_type TEXT NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, field_key)
);

CREATE INDEX custom_field_key ON custom_field (account_id, field_key);

CREATE TABLE gl_code (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, code)
);

CREATE INDEX product_gl_code ON product (account_id, gl_code);

-- Which coupon brought a discount; NULL for those that were entered.
ALTER TABLE purchase_discount ADD COLUMN coupon_id BIGINT;

-- Codes that were kept before there were coupons stood for nothing. is_checked: the coupon was valid when it was applied,
-- and has to have a usage left when the purchase is charged.
DROP TABLE purchase_coupon;
CREATE TABLE purchase_coupon (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    purchase_id BIGINT NOT NULL,
    coupon_code TEXT NOT NULL,
    coupon_id BIGINT NOT NULL,
    is_checked BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, purchase_id, coupon_id),
    FOREIGN KEY (account_id, purchase_id) REFERENCES purchase (account_id, id),
    FOREIGN KEY (account_id, coupon_id) REFERENCES coupon (account_id, id)
);

CREATE INDEX purchase_coupon_coupon ON purchase_coupon (account_id, coupon_id);
