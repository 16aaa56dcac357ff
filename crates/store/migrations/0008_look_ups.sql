-- Lists compare texts without regard to case, so an index by the text itself finds nothing: these are how callers look
-- up what they know by their own reference or code.
DROP INDEX customer_reference;
CREATE INDEX customer_reference ON customer (account_id, LOWER(reference));
CREATE INDEX product_code ON product (account_id, LOWER(code));
CREATE INDEX product_item_reference_folded ON product_item (account_id, LOWER(reference));
