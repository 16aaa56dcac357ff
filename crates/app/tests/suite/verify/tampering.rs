//! One change of one column at a time, and the rules that then no longer hold.
//!
//! The story's first charge earns at once, its second never does, its third is free, its fourth earns over a year, its
//! fifth is tiered and its sixth is taken back. The
//! last ledger transaction is that of the write-off; the payment's comes before it.

mod checkpoints;
mod deferrals;
mod exceptions;
mod taken_back;
mod terms;

pub(super) use self::exceptions::{EXCEPTIONS, LEDGER_COLUMNS};

/// SQL, and the names of exactly the rules that it breaks.
pub(super) type Tampering = (&'static str, &'static [&'static str]);

/// Every change.
pub(super) fn tamperings() -> impl Iterator<Item = Tampering> {
    let others = [terms::TERMS, taken_back::TAKEN_BACK, checkpoints::CHECKPOINTS, deferrals::DEFERRALS];
    AMOUNTS.iter().chain(others.into_iter().flatten()).copied()
}

/// What is counted and summed, and what belongs where.
const AMOUNTS: &[Tampering] = &[
    // Lines of the ledger.
    (
        "UPDATE ledger_line SET amount = amount + 1000000 WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-hash", "customer-balance", "charge-posting", "charge-revenue", "earning-place"],
    ),
    (
        "UPDATE ledger_line SET amount = -amount WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-line", "customer-balance", "charge-posting", "charge-revenue", "earning-place"],
    ),
    (
        "UPDATE ledger_line SET debit = 'Cash' WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-hash", "customer-balance", "posting-sides"],
    ),
    (
        "UPDATE ledger_line SET debit = credit WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-line", "customer-balance", "posting-sides", "charge-revenue", "earning-place"],
    ),
    (
        "UPDATE ledger_line SET debit = 'Nowhere' WHERE transaction_id = (SELECT MIN(id) FROM charge)",
        &["ledger-name", "trial-balance", "customer-balance", "posting-sides"],
    ),
    (
        "UPDATE ledger_line SET credit = 'OpeningBalance' WHERE transaction_id = (SELECT MIN(id) FROM ledger_transaction WHERE kind = 'Earning')",
        &["ledger-hash", "posting-sides", "charge-revenue"],
    ),
    (
        "UPDATE ledger_line SET amount = amount - 1 WHERE transaction_id = (SELECT MIN(id) FROM ledger_transaction WHERE kind = 'Earning')",
        &["ledger-hash", "earning-place"],
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
        &["ledger-hash", "payment-posting", "posting-sides"],
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
        &["ledger-hash", "payment-posting"],
    ),
    (
        "UPDATE ledger_transaction SET hash = (SELECT ledger_hash FROM customer WHERE ledger_sequence > 0)
         WHERE id = (SELECT id FROM payment)",
        &["ledger-hash"],
    ),
    ("UPDATE ledger_transaction SET hash = 'none' WHERE id = (SELECT id FROM payment)", &["ledger-name"]),
    (
        "UPDATE ledger_transaction SET sequence = sequence + 1 WHERE id = (SELECT id FROM write_off)",
        &["ledger-sequence", "ledger-hash", "ledger-end", "checkpoint-head"],
    ),
    (
        "UPDATE ledger_transaction SET id = 1 WHERE id = (SELECT id FROM payment);
         UPDATE ledger_line SET transaction_id = 1 WHERE transaction_id = (SELECT id FROM payment)",
        &["ledger-hash", "payment-posting", "posting-source"],
    ),
    (
        "UPDATE ledger_transaction SET customer_id = 1 WHERE id = (SELECT id FROM write_off)",
        &[
            "ledger-owner",
            "ledger-sequence",
            "ledger-hash",
            "ledger-end",
            "checkpoint-head",
            "customer-balance",
            "write-off-posting",
        ],
    ),
    (
        "DELETE FROM ledger_line WHERE transaction_id = (SELECT id FROM write_off);
         DELETE FROM ledger_transaction WHERE id = (SELECT id FROM write_off)",
        &["ledger-end", "checkpoint-head", "customer-balance", "write-off-posting"],
    ),
    (
        "DELETE FROM ledger_line WHERE transaction_id = (SELECT MIN(id) FROM ledger_transaction WHERE kind = 'Earning');
         DELETE FROM ledger_transaction WHERE id = (SELECT MIN(id) FROM ledger_transaction WHERE kind = 'Earning')",
        &["ledger-sequence", "ledger-hash", "earning-place"],
    ),
    (
        "UPDATE ledger_transaction SET charge_id = NULL WHERE kind = 'Discount'",
        &["posting-source", "discount-posting", "charge-revenue", "earning-place"],
    ),
    (
        "UPDATE ledger_transaction SET charge_id = NULL WHERE kind = 'DiscountEarning'",
        &["posting-source", "earning-place"],
    ),
    (
        "UPDATE ledger_transaction SET charge_id = (SELECT MIN(id) FROM charge) WHERE kind = 'DiscountEarning'",
        &["earning-place"],
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
    ("UPDATE customer SET currency = 'EUR' WHERE ledger_sequence > 0", &["credit-owner", "invoice-currency", "ledger-currency", "opening-balance"]),
    // Charges.
    (
        "UPDATE charge SET amount = amount + 1000000 WHERE id = (SELECT MIN(id) FROM charge)",
        &["charge-posting", "charge-revenue", "invoice-subtotal", "purchase-sale"],
    ),
    (
        "UPDATE charge SET amount = 1000000 WHERE amount = 0",
        &["charge-posting", "charge-revenue", "invoice-subtotal", "purchase-sale"],
    ),
    ("UPDATE charge SET invoice_id = (SELECT MAX(id) FROM invoice)", &["invoice-dates", "invoice-discount", "invoice-subtotal"]),
    (
        "UPDATE charge SET invoice_id = 1 WHERE id = (SELECT MIN(id) FROM charge)",
        &["invoice-subtotal", "invoice-owner"],
    ),
    ("UPDATE charge SET purchase_id = 1 WHERE id = (SELECT MIN(id) FROM charge)", &["purchase-charge"]),
    (
        "UPDATE charge SET purchase_id = (SELECT MIN(id) FROM purchase) WHERE id = (SELECT MIN(id) FROM charge)",
        &["purchase-charge", "purchase-sale"],
    ),
    (
        "UPDATE charge SET earning_timing_interval = 'EarnImmediately' WHERE earning_timing_interval = 'DoesNotEarn'",
        &["earning-schedule", "ledger-hash"],
    ),
    (
        "DELETE FROM charge WHERE id = (SELECT MIN(id) FROM charge)",
        &["posting-source", "invoice-subtotal", "purchase-charge", "ledger-hash"],
    ),
    ("UPDATE charge SET reversed = reversed + 1 WHERE reversed > 0", &["charge-reversed", "charge-revenue"]),
    ("UPDATE charge SET reversed_discount = 1 WHERE reversed > 0", &["charge-reversed", "charge-revenue"]),
    ("UPDATE charge SET reversed_tax = 1 WHERE reversed > 0", &["charge-reversed"]),
    (
        "UPDATE charge_discount SET amount = amount + 10000",
        &["discount-posting", "charge-revenue", "invoice-discount", "purchase-sale"],
    ),
    (
        "UPDATE charge_discount SET charge_id = (SELECT MIN(id) FROM charge)",
        &["posting-source", "discount-posting", "charge-revenue", "invoice-discount", "purchase-sale"],
    ),
    ("DELETE FROM charge_discount", &["posting-source", "charge-revenue", "invoice-discount", "ledger-hash", "purchase-sale"]),
    ("UPDATE charge_tax SET amount = amount + 10000", &["tax-posting", "invoice-tax"]),
    ("UPDATE charge_tax SET invoice_id = 1", &["invoice-tax", "invoice-owner"]),
    ("DELETE FROM charge_tax", &["posting-source", "invoice-tax", "ledger-hash", "reversal-tax"]),
    // Reversals and what is earned.
    ("UPDATE reversal SET amount = amount + 10000", &["reversal-posting", "charge-reversed", "credit-note-amount"]),
    ("UPDATE reversal SET discount = 10000", &["charge-reversed", "credit-note-amount"]),
    ("UPDATE reversal SET tax = 10000", &["charge-reversed", "credit-note-amount", "reversal-tax"]),
    ("UPDATE reversal SET credit_note_id = 1", &["earning-schedule", "credit-note-amount"]),
    ("DELETE FROM reversal", &["earning-schedule", "posting-source", "charge-reversed", "credit-note-amount", "reversal-tax"]),
    ("UPDATE reversal_tax SET amount = amount + 10000", &["reversal-tax"]),
    ("UPDATE reversal_tax SET reversal_id = 1", &["reversal-tax"]),
    ("UPDATE reversal_tax SET charge_tax_id = 1", &["reversal-tax"]),
    ("DELETE FROM reversal_tax", &["reversal-tax"]),
    ("UPDATE credit_note SET credit_note_number = credit_note_number || '0'", &["credit-note-number"]),
    ("UPDATE credit_note SET amount = amount + 10000", &["credit-note-amount", "invoice-credit-notes"]),
    ("UPDATE credit_note SET invoice_id = 1", &["allocation-freed", "invoice-credit-notes", "invoice-owner"]),
    ("DELETE FROM credit_note", &["earning-schedule", "allocation-freed", "credit-note-amount", "invoice-credit-notes"]),
    ("UPDATE earning_schedule SET amount = amount + 10000", &["earning-place"]),
    ("UPDATE earning_schedule SET discount = discount + 10000", &["earning-place"]),
    ("UPDATE earning_schedule SET earned = earned + 10000", &["earning-place", "earning-schedule"]),
    ("UPDATE earning_schedule SET earned_discount = earned_discount + 10000", &["earning-place", "earning-schedule"]),
    ("DELETE FROM earning_schedule", &["earning-place"]),
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
        &["payment-activity", "payment-customer", "payment-posting"],
    ),
    ("DELETE FROM payment", &["allocation-spent", "payment-customer", "posting-source"]),
    ("UPDATE payment_activity SET amount = amount + 1000000", &["payment-activity"]),
    ("UPDATE payment_activity SET payment_id = 1", &["payment-activity"]),
    ("UPDATE payment_allocation SET amount = amount + 1000000", &["allocation-left", "invoice-payments", "payment-amount"]),
    ("UPDATE payment_allocation SET payment_id = 1", &["allocation-left", "allocation-spent", "payment-amount", "payment-customer"]),
    (
        "UPDATE payment_allocation SET invoice_id = (SELECT id FROM invoice WHERE invoice_number = 2)
             WHERE invoice_id = (SELECT id FROM invoice WHERE invoice_number = 1)",
        &["allocation-left", "invoice-payments"],
    ),
    ("UPDATE payment_allocation SET invoice_id = 1 WHERE invoice_id = (SELECT id FROM invoice WHERE invoice_number = 1)", &["allocation-left", "invoice-owner", "invoice-payments", "payment-customer"]),
    ("DELETE FROM payment_allocation", &["allocation-left", "allocation-spent", "invoice-payments", "payment-amount"]),
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
        &["invoice-discount", "invoice-outstanding", "invoice-closing-balance", "schedule-amount"],
    ),
    (
        "UPDATE invoice SET tax = 1000000 WHERE invoice_number = 2",
        &["invoice-tax", "invoice-outstanding", "invoice-closing-balance", "schedule-amount"],
    ),
    (
        "UPDATE invoice SET payments = payments - 1000000 WHERE invoice_number = 1",
        &["invoice-payments", "invoice-outstanding"],
    ),
    ("UPDATE invoice SET credits = 1000000 WHERE invoice_number = 2", &["invoice-credits", "invoice-outstanding"]),
    (
        "UPDATE invoice SET credit_notes = 2000000 WHERE invoice_number = 2",
        &["invoice-credit-notes", "invoice-outstanding"],
    ),
    (
        "UPDATE invoice SET write_offs = write_offs + 1000000 WHERE invoice_number = 1",
        &["invoice-write-offs", "invoice-outstanding"],
    ),
    (
        "UPDATE invoice SET outstanding = outstanding + 1000000 WHERE invoice_number = 2",
        &["invoice-outstanding", "schedule-outstanding", "customer-receivables"],
    ),
    (
        "UPDATE invoice SET outstanding = -1000000, credits = 4500000 WHERE invoice_number = 2",
        &["customer-receivables", "invoice-credits", "invoice-outstanding", "schedule-outstanding"],
    ),
    ("UPDATE invoice SET opening_balance = opening_balance + 1 WHERE invoice_number = 2", &["invoice-closing-balance"]),
    ("UPDATE invoice SET closing_balance = closing_balance + 1 WHERE invoice_number = 2", &["invoice-closing-balance"]),
    ("UPDATE invoice SET paid_at = posted_at WHERE invoice_number = 2", &["invoice-paid"]),
    ("UPDATE invoice SET paid_at = NULL WHERE invoice_number = 3", &["invoice-paid"]),
    (
        "UPDATE invoice SET invoice_number = 50 WHERE invoice_number = 2",
        &["invoice-number", "credit-note-number"],
    ),
    (
        "UPDATE invoice SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0) WHERE invoice_number = 2",
        &["customer-receivables", "posting-customer", "purchase-sale", "earning-schedule"],
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
