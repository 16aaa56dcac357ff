//! One change of one column at a time, and the rules that then no longer hold.
//!
//! The story's first charge earns at once, its second never does and its third is free. The last ledger transaction is
//! that of the write-off; the payment's comes before it.

/// SQL, and the names of exactly the rules that it breaks.
pub(super) const TAMPERINGS: &[(&str, &[&str])] = &[
    // Lines of the ledger.
    (
        "UPDATE ledger_line SET amount = amount + 1000000 WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-hash", "customer-balance", "charge-posting"],
    ),
    (
        "UPDATE ledger_line SET amount = -amount WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-line", "customer-balance", "charge-posting"],
    ),
    (
        "UPDATE ledger_line SET debit = 'Cash' WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-hash", "customer-balance", "posting-sides"],
    ),
    (
        "UPDATE ledger_line SET debit = credit WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-line", "customer-balance", "posting-sides"],
    ),
    (
        "UPDATE ledger_line SET debit = 'Nowhere' WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-name", "trial-balance", "customer-balance", "posting-sides"],
    ),
    (
        "UPDATE ledger_line SET credit = 'OpeningBalance' WHERE transaction_id = (SELECT MIN(id) + 1 FROM charge)",
        &["ledger-hash", "posting-sides"],
    ),
    (
        "UPDATE ledger_line SET amount = amount - 1 WHERE transaction_id = (SELECT MIN(id) + 1 FROM charge)",
        &["ledger-hash", "charge-earning"],
    ),
    ("UPDATE ledger_line SET line_number = 2 WHERE transaction_id = (SELECT id FROM payment)", &["ledger-line-number"]),
    (
        "UPDATE ledger_line SET transaction_id = 1 WHERE transaction_id = (SELECT id FROM payment)",
        &["ledger-owner", "ledger-line-number", "customer-balance", "payment-posting"],
    ),
    (
        "DELETE FROM ledger_line WHERE transaction_id = (SELECT id FROM payment)",
        &["ledger-line-number", "customer-balance", "payment-posting"],
    ),
    // Transactions of the ledger.
    (
        "UPDATE ledger_transaction SET kind = 'Tax' WHERE id = (SELECT id FROM payment)",
        &["ledger-hash", "payment-posting"],
    ),
    (
        "UPDATE ledger_transaction SET kind = 'Gift' WHERE id = (SELECT id FROM payment)",
        &["ledger-name", "payment-posting"],
    ),
    (
        "UPDATE ledger_transaction SET currency = 'EUR' WHERE id = (SELECT id FROM payment)",
        &["ledger-hash", "ledger-currency"],
    ),
    (
        "UPDATE ledger_transaction SET currency = 'ZZZ' WHERE id = (SELECT id FROM payment)",
        &["ledger-name", "ledger-currency"],
    ),
    (
        "UPDATE ledger_transaction SET effective_at = (SELECT created_at FROM account) WHERE id = (SELECT id FROM payment)",
        &["ledger-hash"],
    ),
    (
        "UPDATE ledger_transaction SET hash = (SELECT ledger_hash FROM customer WHERE ledger_sequence > 0)
         WHERE id = (SELECT id FROM payment)",
        &["ledger-hash"],
    ),
    ("UPDATE ledger_transaction SET hash = 'none' WHERE id = (SELECT id FROM payment)", &["ledger-name"]),
    (
        "UPDATE ledger_transaction SET sequence = sequence + 1 WHERE id = (SELECT id FROM write_off)",
        &["ledger-sequence", "ledger-hash", "ledger-end"],
    ),
    (
        "UPDATE ledger_transaction SET id = 1 WHERE id = (SELECT id FROM payment);
         UPDATE ledger_line SET transaction_id = 1 WHERE transaction_id = (SELECT id FROM payment)",
        &["ledger-hash", "payment-posting", "posting-source"],
    ),
    (
        "UPDATE ledger_transaction SET customer_id = 1 WHERE id = (SELECT id FROM write_off)",
        &["ledger-owner", "ledger-sequence", "ledger-hash", "ledger-end", "customer-balance", "write-off-posting"],
    ),
    (
        "DELETE FROM ledger_line WHERE transaction_id = (SELECT id FROM write_off);
         DELETE FROM ledger_transaction WHERE id = (SELECT id FROM write_off)",
        &["ledger-end", "customer-balance", "write-off-posting"],
    ),
    (
        "DELETE FROM ledger_line WHERE transaction_id = (SELECT MIN(id) + 1 FROM charge);
         DELETE FROM ledger_transaction WHERE id = (SELECT MIN(id) + 1 FROM charge)",
        &["ledger-sequence", "ledger-hash", "charge-earning"],
    ),
    // Customers.
    (
        "UPDATE customer SET balance = balance + 1 WHERE ledger_sequence > 0",
        &["customer-balance", "customer-receivables"],
    ),
    (
        "UPDATE customer SET balance = balance + 1 WHERE ledger_sequence = 0",
        &["customer-balance", "customer-receivables"],
    ),
    ("UPDATE customer SET ledger_sequence = ledger_sequence + 1 WHERE ledger_sequence > 0", &["ledger-end"]),
    (
        "UPDATE customer SET ledger_hash = (SELECT MIN(hash) FROM ledger_transaction) WHERE ledger_sequence = 0",
        &["ledger-end"],
    ),
    ("UPDATE customer SET currency = 'EUR' WHERE ledger_sequence > 0", &["ledger-currency"]),
    // Charges.
    (
        "UPDATE charge SET amount = amount + 1000000 WHERE id = (SELECT MIN(id) FROM charge)",
        &["charge-posting", "charge-earning", "invoice-subtotal"],
    ),
    (
        "UPDATE charge SET amount = 1000000 WHERE id = (SELECT MAX(id) FROM charge)",
        &["charge-posting", "charge-earning", "invoice-subtotal"],
    ),
    ("UPDATE charge SET invoice_id = (SELECT MAX(id) FROM invoice)", &["invoice-subtotal"]),
    (
        "UPDATE charge SET invoice_id = 1 WHERE id = (SELECT MIN(id) FROM charge)",
        &["invoice-subtotal", "invoice-owner"],
    ),
    ("UPDATE charge SET purchase_id = 1 WHERE id = (SELECT MIN(id) FROM charge)", &["purchase-charge"]),
    (
        "UPDATE charge SET purchase_id = (SELECT MIN(id) FROM purchase) WHERE id = (SELECT MIN(id) FROM charge)",
        &["purchase-charge"],
    ),
    (
        "UPDATE charge SET earning_timing_interval = 'DoesNotEarn' WHERE id = (SELECT MIN(id) FROM charge)",
        &["posting-source"],
    ),
    (
        "UPDATE charge SET earning_timing_interval = 'EarnImmediately' WHERE earning_timing_interval = 'DoesNotEarn'",
        &["charge-earning"],
    ),
    (
        "DELETE FROM charge WHERE id = (SELECT MIN(id) FROM charge)",
        &["posting-source", "invoice-subtotal", "purchase-charge"],
    ),
    // Payments.
    (
        "UPDATE payment SET amount = amount + 1000000",
        &["payment-posting", "payment-amount", "payment-activity", "payment-refundable"],
    ),
    ("UPDATE payment SET unallocated = unallocated - 1000000", &["payment-amount", "customer-receivables"]),
    ("UPDATE payment SET refundable = refundable - 1000000", &["payment-refundable"]),
    ("UPDATE payment SET activity_id = 1", &["payment-activity"]),
    (
        "UPDATE payment SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)",
        &["payment-posting", "payment-customer", "customer-receivables"],
    ),
    ("DELETE FROM payment", &["posting-source", "payment-customer", "customer-receivables"]),
    ("UPDATE payment_activity SET amount = amount + 1000000", &["payment-activity"]),
    ("UPDATE payment_activity SET payment_id = 1", &["payment-activity"]),
    ("UPDATE payment_allocation SET amount = amount + 1000000", &["payment-amount", "invoice-payments"]),
    ("UPDATE payment_allocation SET payment_id = 1", &["payment-amount", "payment-customer"]),
    ("UPDATE payment_allocation SET invoice_id = (SELECT MAX(id) FROM invoice)", &["invoice-payments"]),
    ("UPDATE payment_allocation SET invoice_id = 1", &["invoice-payments", "invoice-owner", "payment-customer"]),
    ("DELETE FROM payment_allocation", &["payment-amount", "invoice-payments"]),
    // Write-offs.
    ("UPDATE write_off SET amount = amount + 1000000", &["write-off-posting", "invoice-write-offs"]),
    ("UPDATE write_off SET customer_id = 1", &["write-off-posting"]),
    ("UPDATE write_off SET invoice_id = (SELECT MAX(id) FROM invoice)", &["invoice-write-offs"]),
    ("UPDATE write_off SET id = 1", &["write-off-posting", "posting-source"]),
    ("DELETE FROM write_off", &["posting-source", "invoice-write-offs"]),
    // Invoices; the second one owes all of its amount.
    (
        "UPDATE invoice SET subtotal = subtotal + 1000000 WHERE invoice_number = 2",
        &["invoice-subtotal", "invoice-outstanding", "invoice-closing-balance", "schedule-amount"],
    ),
    (
        "UPDATE invoice SET discount = 1000000 WHERE invoice_number = 2",
        &["invoice-outstanding", "invoice-closing-balance", "schedule-amount"],
    ),
    (
        "UPDATE invoice SET tax = 1000000 WHERE invoice_number = 2",
        &["invoice-outstanding", "invoice-closing-balance", "schedule-amount"],
    ),
    (
        "UPDATE invoice SET payments = payments - 1000000 WHERE invoice_number = 1",
        &["invoice-payments", "invoice-outstanding"],
    ),
    ("UPDATE invoice SET credits = 1000000 WHERE invoice_number = 2", &["invoice-outstanding"]),
    ("UPDATE invoice SET credit_notes = 1000000 WHERE invoice_number = 2", &["invoice-outstanding"]),
    (
        "UPDATE invoice SET write_offs = write_offs + 1000000 WHERE invoice_number = 1",
        &["invoice-write-offs", "invoice-outstanding"],
    ),
    (
        "UPDATE invoice SET outstanding = outstanding + 1000000 WHERE invoice_number = 2",
        &["invoice-outstanding", "schedule-outstanding", "customer-receivables"],
    ),
    (
        "UPDATE invoice SET outstanding = -1000000, credits = 5000000 WHERE invoice_number = 2",
        &["invoice-outstanding", "schedule-outstanding", "customer-receivables"],
    ),
    ("UPDATE invoice SET opening_balance = opening_balance + 1 WHERE invoice_number = 2", &["invoice-closing-balance"]),
    ("UPDATE invoice SET closing_balance = closing_balance + 1 WHERE invoice_number = 2", &["invoice-closing-balance"]),
    ("UPDATE invoice SET paid_at = posted_at WHERE invoice_number = 2", &["invoice-paid"]),
    ("UPDATE invoice SET paid_at = NULL WHERE invoice_number = 1", &["invoice-paid"]),
    ("UPDATE invoice SET invoice_number = 5 WHERE invoice_number = 2", &["invoice-number"]),
    (
        "UPDATE invoice SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0) WHERE invoice_number = 2",
        &["customer-receivables"],
    ),
    ("DELETE FROM invoice WHERE invoice_number = 3", &["invoice-number", "invoice-owner"]),
    ("UPDATE number_series SET next = next + 1", &["invoice-number"]),
    ("DELETE FROM number_series", &["invoice-number"]),
    ("UPDATE payment_schedule SET amount = amount + 1000000", &["schedule-amount"]),
    ("UPDATE payment_schedule SET outstanding = outstanding + 1000000", &["schedule-outstanding"]),
    (
        "UPDATE payment_schedule SET invoice_id = 1 WHERE outstanding > 0",
        &["schedule-amount", "schedule-outstanding", "invoice-owner"],
    ),
    ("DELETE FROM payment_schedule WHERE outstanding > 0", &["schedule-amount", "schedule-outstanding"]),
    // Purchases.
    ("UPDATE purchase SET status = 'Purchased' WHERE status = 'Draft'", &["purchase-charge"]),
    ("UPDATE purchase SET status = 'Draft' WHERE status = 'Purchased'", &["purchase-charge"]),
    ("UPDATE purchase SET status = 'Sold' WHERE status = 'Purchased'", &["purchase-charge"]),
    ("DELETE FROM purchase WHERE status = 'Purchased'", &["purchase-charge"]),
    // Bulk jobs.
    ("UPDATE bulk_job SET total = total + 1", &["bulk-counters"]),
    ("UPDATE bulk_job SET successful = successful + 1", &["bulk-counters"]),
    ("UPDATE bulk_job SET failed = failed + 1", &["bulk-counters"]),
    ("UPDATE bulk_job SET processed = processed + 1", &["bulk-counters"]),
    ("UPDATE bulk_job SET failed_processed = failed_processed + 1", &["bulk-counters"]),
    ("UPDATE bulk_record SET status = 'NotStarted' WHERE status = 'PassedValidation'", &["bulk-counters"]),
    ("DELETE FROM bulk_record WHERE status = 'Processed'", &["bulk-counters"]),
];
