-- That a product was ever used is a row of its own. Sales share the product's row, so that its prices stay as they are while
-- they are read; the first sale of a product must not have to change that row.

CREATE TABLE product_use (
    account_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, product_id),
    FOREIGN KEY (account_id, product_id) REFERENCES product (account_id, id)
);

INSERT INTO product_use (account_id, product_id) SELECT account_id, id FROM product WHERE NOT deletable;

ALTER TABLE product DROP COLUMN deletable;
