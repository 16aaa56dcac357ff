-- References of tracked items may be used again in accounts that allow it. An active item then keeps its name but no
-- longer holds the reference, so that the index still lets one item hold it at a time.

ALTER TABLE account ADD COLUMN may_reuse_references BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE product_item ADD COLUMN holds_reference BOOLEAN NOT NULL DEFAULT TRUE;

UPDATE product_item SET holds_reference = FALSE WHERE status <> 'Active';

DROP INDEX product_item_reference;
CREATE UNIQUE INDEX product_item_reference ON product_item (account_id, product_id, reference) WHERE holds_reference;
CREATE INDEX product_item_customer ON product_item (account_id, customer_id, id);
