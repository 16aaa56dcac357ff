//! Changes of money that was given back, of goodwill, and of what was owed or had before.

use super::Tampering;

/// SQL, and the names of exactly the rules that it breaks.
pub(super) const TAKEN_BACK: &[Tampering] = &[
    ("UPDATE refund SET id = 1", &["allocation-left", "payment-activity", "posting-source", "refund-posting"]),
    (
        "UPDATE refund SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)",
        &["payment-activity", "refund-posting"],
    ),
    ("UPDATE refund SET payment_id = 1", &["allocation-left", "payment-amount", "payment-refundable"]),
    (
        "UPDATE refund SET amount = amount + 1000000",
        &["payment-activity", "payment-amount", "payment-refundable", "refund-posting"],
    ),
    ("UPDATE refund SET currency = 'EUR'", &["payment-activity"]),
    ("UPDATE refund SET effective_at = (SELECT created_at FROM account)", &["payment-activity", "refund-posting"]),
    ("DELETE FROM refund", &["allocation-left", "payment-amount", "payment-refundable", "posting-source"]),
    ("UPDATE refund_allocation SET refund_id = 1", &["allocation-left"]),
    ("UPDATE refund_allocation SET invoice_id = (SELECT MAX(id) FROM invoice)", &["allocation-left"]),
    ("UPDATE refund_allocation SET amount = amount + 1000000", &["allocation-left"]),
    ("DELETE FROM refund_allocation", &["allocation-left"]),
    ("UPDATE debit SET id = 1", &["allocation-left", "debit-posting", "posting-source"]),
    (
        "UPDATE debit SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)",
        &["credit-owner", "debit-posting"],
    ),
    ("UPDATE debit SET credit_id = 1", &["allocation-left", "credit-amount", "credit-reversable"]),
    ("UPDATE debit SET amount = amount + 1000000", &["credit-amount", "credit-reversable", "debit-posting"]),
    ("UPDATE debit SET currency = 'EUR'", &["credit-owner"]),
    ("UPDATE debit SET effective_at = (SELECT created_at FROM account)", &["debit-posting"]),
    ("DELETE FROM debit", &["allocation-left", "credit-amount", "credit-reversable", "posting-source"]),
    ("UPDATE debit_allocation SET debit_id = 1", &["allocation-left"]),
    ("UPDATE debit_allocation SET invoice_id = (SELECT MAX(id) FROM invoice)", &["allocation-left"]),
    ("UPDATE debit_allocation SET amount = amount + 1000000", &["allocation-left"]),
    ("DELETE FROM debit_allocation", &["allocation-left"]),
    ("UPDATE refund SET activity_id = 1", &["payment-activity"]),
    ("UPDATE refund SET method = 'Cash'", &["payment-activity"]),
    ("UPDATE refund SET created_at = (SELECT created_at FROM account)", &["payment-activity"]),
    ("UPDATE payment_activity SET refund_id = 1 WHERE refund_id IS NOT NULL", &["payment-activity"]),
    ("DELETE FROM payment_activity WHERE refund_id IS NOT NULL", &["payment-activity"]),
    // An attempt that failed.
    ("UPDATE collection SET state = 'Unclear'", &["collection-end"]),
    ("UPDATE collection SET transaction_name = 'charge'", &["collection-end"]),
    ("DELETE FROM collection", &["collection-end"]),
    ("UPDATE payment_activity SET status = 'Unknown' WHERE status = 'Failed'", &["collection-end"]),
    (
        "UPDATE payment_activity SET status = 'Successful' WHERE status = 'Failed'",
        &["collection-end", "collection-money"],
    ),
    (
        "UPDATE payment_activity SET payment_id = (SELECT id FROM payment) WHERE id = (SELECT activity_id FROM collection)",
        &["collection-money"],
    ),
    ("UPDATE payment_allocation SET allocated = allocated + 1000000", &["allocation-left"]),
    (
        "UPDATE credit SET id = 1",
        &[
            "allocation-spent",
            "credit-amount",
            "credit-customer",
            "credit-posting",
            "credit-reversable",
            "posting-source",
        ],
    ),
    (
        "UPDATE credit SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)",
        &["credit-customer", "credit-owner", "credit-posting"],
    ),
    ("UPDATE credit SET amount = amount + 1000000", &["credit-amount", "credit-posting", "credit-reversable"]),
    ("UPDATE credit SET currency = 'EUR'", &["credit-owner"]),
    ("UPDATE credit SET effective_at = (SELECT created_at FROM account)", &["allocation-date", "credit-posting"]),
    ("UPDATE credit SET unallocated = unallocated + 1000000", &["credit-amount", "customer-receivables"]),
    ("UPDATE credit SET reversable = reversable - 1000000", &["credit-reversable"]),
    ("DELETE FROM credit", &["allocation-spent", "credit-customer", "posting-source"]),
    (
        "UPDATE credit_allocation SET credit_id = 1",
        &["allocation-left", "allocation-spent", "credit-amount", "credit-customer"],
    ),
    (
        "UPDATE credit_allocation SET invoice_id = 1
             WHERE invoice_id = (SELECT id FROM invoice WHERE invoice_number = 1)",
        &["allocation-left", "credit-customer", "invoice-credits", "invoice-owner"],
    ),
    ("UPDATE credit_allocation SET allocated = allocated + 1000000", &["allocation-left"]),
    (
        "UPDATE credit_allocation SET amount = amount + 1000000 WHERE amount > 0",
        &["allocation-left", "credit-amount", "invoice-credits"],
    ),
    ("UPDATE credit_allocation SET effective_at = (SELECT created_at FROM account)", &["allocation-date"]),
    ("DELETE FROM credit_allocation", &["allocation-left", "allocation-spent", "credit-amount", "invoice-credits"]),
    ("UPDATE freed_allocation SET amount = amount - 1000000", &["allocation-left"]),
    (
        "UPDATE freed_allocation SET invoice_id = (SELECT MIN(id) FROM invoice)",
        &["allocation-freed", "allocation-left"],
    ),
    ("UPDATE freed_allocation SET credit_id = 1", &["allocation-left"]),
    ("UPDATE freed_allocation SET payment_id = (SELECT id FROM payment), credit_id = NULL", &["allocation-left"]),
    ("UPDATE freed_allocation SET created_at = (SELECT created_at FROM account)", &["allocation-freed"]),
    (
        "UPDATE freed_allocation SET opening_balance_id = (SELECT id FROM opening_balance WHERE invoice_id IS NULL),
             credit_id = NULL",
        &["allocation-left"],
    ),
    ("DELETE FROM freed_allocation", &["allocation-left"]),
    (
        "UPDATE deposit_allocation SET opening_balance_id = 1",
        &["allocation-spent", "deposit-customer", "opening-balance"],
    ),
    (
        "UPDATE deposit_allocation SET invoice_id = 1",
        &["allocation-spent", "deposit-customer", "invoice-owner", "invoice-payments"],
    ),
    ("UPDATE deposit_allocation SET allocated = allocated + 1000000", &["allocation-left", "allocation-spent"]),
    (
        "UPDATE deposit_allocation SET amount = amount - 1000000",
        &["allocation-left", "invoice-payments", "opening-balance"],
    ),
    ("UPDATE deposit_allocation SET effective_at = (SELECT created_at FROM account)", &["allocation-date"]),
    ("DELETE FROM deposit_allocation", &["allocation-spent", "invoice-payments", "opening-balance"]),
    ("UPDATE spent_allocation SET invoice_id = 1", &["allocation-spent"]),
    ("UPDATE spent_allocation SET payment_id = 1 WHERE payment_id IS NOT NULL", &["allocation-spent"]),
    ("UPDATE spent_allocation SET credit_id = 1 WHERE credit_id IS NOT NULL", &["allocation-spent"]),
    ("UPDATE spent_allocation SET opening_balance_id = 1 WHERE credit_id IS NULL", &["allocation-spent"]),
    ("UPDATE spent_allocation SET amount = amount + 1000000", &["allocation-spent"]),
    ("UPDATE spent_allocation SET created_at = (SELECT created_at FROM account)", &["allocation-spent"]),
    ("DELETE FROM spent_allocation", &["allocation-spent"]),
    (
        "UPDATE opening_balance SET id = 1 WHERE invoice_id IS NULL",
        &["allocation-spent", "deposit-customer", "opening-balance", "opening-balance-posting", "posting-source"],
    ),
    (
        "UPDATE opening_balance SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)",
        &["deposit-customer", "opening-balance", "opening-balance-posting"],
    ),
    (
        "UPDATE opening_balance SET invoice_id = (SELECT MIN(id) FROM invoice) WHERE invoice_id IS NOT NULL",
        &["invoice-dates", "invoice-subtotal"],
    ),
    (
        "UPDATE opening_balance SET amount = amount + 1000000",
        &["invoice-subtotal", "opening-balance", "opening-balance-posting"],
    ),
    ("UPDATE opening_balance SET currency = 'EUR'", &["opening-balance"]),
    (
        "UPDATE opening_balance SET effective_at = (SELECT created_at FROM account)",
        &["allocation-date", "invoice-dates", "opening-balance-posting"],
    ),
    (
        "UPDATE opening_balance SET unallocated = unallocated - 1000000 WHERE invoice_id IS NULL",
        &["customer-receivables", "opening-balance"],
    ),
    ("DELETE FROM opening_balance", &["allocation-spent", "deposit-customer", "invoice-subtotal", "posting-source"]),
    (
        "UPDATE invoice SET credits = credits + 1000000 WHERE invoice_number = 1",
        &["invoice-credits", "invoice-outstanding"],
    ),
];
