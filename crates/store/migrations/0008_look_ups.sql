-- Lists compare texts without regard to case, so an index by the text itself finds nothing: these are how callers look
-- up what they know by their own reference or code. They end with the id because lists are ordered by it, and SQLite would
-- rather read a whole account in order than sort the few rows it looks for.
DROP INDEX customer_reference;
CREATE INDEX customer_reference ON customer (account_id, LOWER(reference), id);
CREATE INDEX product_code ON product (account_id, LOWER(code), id);
CREATE INDEX product_item_reference_folded ON product_item (account_id, LOWER(reference), id);
