-- Payment gateways, and the cards and bank accounts that are stored there. No number of any is ever here.

-- currency NULL: every currency without a gateway of its own. secret and webhook_secret are sealed by the vault. What was
-- removed stays: money may have to be given back there.
CREATE TABLE payment_gateway (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT,
    base_url TEXT,
    secret TEXT,
    webhook_secret TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    removed_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, id)
);

CREATE UNIQUE INDEX payment_gateway_currency ON payment_gateway (account_id, COALESCE(currency, ''))
    WHERE removed_at IS NULL;

-- What a gateway's notice names.
CREATE UNIQUE INDEX payment_gateway_id ON payment_gateway (id);

-- A Pending one is being stored: nobody sees it yet, and face and token may be missing. Of a Deleted one the token stays until
-- the gateway has forgotten it. token is sealed by the vault. gateway_key names the act of storing at the gateway.
CREATE TABLE payment_method (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    gateway_id BIGINT NOT NULL,
    gateway_key TEXT NOT NULL,
    token TEXT,
    source TEXT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    external_customer_id TEXT,
    external_card_id TEXT,
    original_id BIGINT,
    failure_count BIGINT NOT NULL CHECK (failure_count >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    method TEXT,
    card_brand TEXT,
    last_four TEXT,
    expiration_year BIGINT,
    expiration_month BIGINT,
    is_debit BOOLEAN,
    account_type TEXT,
    transit_last_four TEXT,
    first_name TEXT,
    last_name TEXT,
    address1 TEXT,
    address2 TEXT,
    city TEXT,
    postal_zip TEXT,
    country_id BIGINT,
    state_id BIGINT,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, gateway_key),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, gateway_id) REFERENCES payment_gateway (account_id, id),
    CHECK (state <> 'Active' OR (token IS NOT NULL AND method IS NOT NULL AND last_four IS NOT NULL))
);

CREATE INDEX payment_method_customer ON payment_method (account_id, customer_id, id);
CREATE INDEX payment_method_gateway ON payment_method (account_id, gateway_id);

-- Where a descendant differs from what the method says of sharing.
CREATE TABLE payment_method_sharing (
    account_id BIGINT NOT NULL,
    payment_method_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, payment_method_id, customer_id),
    FOREIGN KEY (account_id, payment_method_id) REFERENCES payment_method (account_id, id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id)
);

-- What is collected from when nobody says otherwise: a method of the customer's own, or one that an ancestor shares.
CREATE TABLE default_payment_method (
    account_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    payment_method_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, customer_id),
    FOREIGN KEY (account_id, customer_id) REFERENCES customer (account_id, id),
    FOREIGN KEY (account_id, payment_method_id) REFERENCES payment_method (account_id, id)
);

CREATE INDEX default_payment_method_method ON default_payment_method (account_id, payment_method_id);
