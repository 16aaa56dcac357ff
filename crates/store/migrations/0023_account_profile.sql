-- How an account presents itself on documents; there is a row as soon as there is anything to keep. country_id NULL: no
-- address. logo is the file in base64.
CREATE TABLE account_profile (
    account_id BIGINT NOT NULL REFERENCES account (id),
    name TEXT,
    email TEXT,
    phone TEXT,
    website TEXT,
    signature TEXT,
    company_name TEXT,
    line1 TEXT,
    line2 TEXT,
    country_id BIGINT,
    state_id BIGINT,
    city TEXT,
    postal_zip TEXT,
    logo_type TEXT,
    logo TEXT,
    modified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id),
    CHECK ((logo_type IS NULL) = (logo IS NULL))
);
