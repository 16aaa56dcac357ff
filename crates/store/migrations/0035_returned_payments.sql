-- Gateways tell of payments that banks take back by their own names of them.
CREATE INDEX collection_transaction ON collection (account_id, transaction_name);
