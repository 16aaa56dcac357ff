//! Changes of what rows say beside amounts: what was sold, how it earns, how it was paid, and when.

use super::Tampering;

/// SQL, and the names of exactly the rules that it breaks.
pub(super) const TERMS: &[Tampering] = &[
    // Charges.
    (
        "UPDATE charge SET id = 1 WHERE id = (SELECT MIN(id) FROM charge)",
        &["charge-posting", "charge-revenue", "ledger-hash", "posting-source"],
    ),
    ("UPDATE charge SET product_id = 1 WHERE id = (SELECT MIN(id) FROM charge)", &["ledger-hash", "purchase-sale"]),
    ("UPDATE charge SET name = 'Gift' WHERE id = (SELECT MIN(id) FROM charge)", &["ledger-hash"]),
    ("UPDATE charge SET description = 'Gift' WHERE id = (SELECT MIN(id) FROM charge)", &["ledger-hash"]),
    ("UPDATE charge SET unit_price = unit_price + 1 WHERE id = (SELECT MIN(id) FROM charge)", &["ledger-hash"]),
    ("UPDATE charge SET gl_code = '4000' WHERE id = (SELECT MIN(id) FROM charge)", &["ledger-hash"]),
    (
        "UPDATE charge SET taxable_amount = taxable_amount + 1 WHERE id = (SELECT MIN(id) FROM charge)",
        &["ledger-hash", "purchase-sale"],
    ),
    (
        "UPDATE charge SET quantity = quantity + 1000000 WHERE id = (SELECT MIN(id) FROM charge)",
        &["ledger-hash", "purchase-sale"],
    ),
    (
        "UPDATE charge SET quantity = quantity + 1000000 WHERE range_quantity IS NOT NULL",
        &["charge-tiers", "ledger-hash", "purchase-sale"],
    ),
    ("UPDATE charge SET range_quantity = NULL WHERE range_quantity IS NOT NULL", &["ledger-hash"]),
    (
        "UPDATE charge SET effective_at = (SELECT created_at FROM account) WHERE id = (SELECT MIN(id) FROM charge)",
        &["charge-posting", "invoice-dates"],
    ),
    ("UPDATE charge SET effective_at = (SELECT created_at FROM account) WHERE amount = 0", &["invoice-dates"]),
    (
        "UPDATE charge SET earning_interval = 'Monthly' WHERE earning_timing_interval = 'Monthly'",
        &["earning-schedule", "ledger-hash"],
    ),
    (
        "UPDATE charge SET earning_number_of_intervals = 2 WHERE earning_timing_interval = 'Monthly'",
        &["earning-schedule", "ledger-hash"],
    ),
    (
        "UPDATE charge SET earning_timing_interval = 'Daily' WHERE earning_timing_interval = 'Monthly'",
        &["earning-schedule", "ledger-hash"],
    ),
    (
        "UPDATE charge SET earning_timing_type = 'StartOfInterval' WHERE earning_timing_interval = 'Monthly'",
        &["earning-schedule", "ledger-hash"],
    ),
    (
        "UPDATE charge SET earning_timing_type = 'Sometimes' WHERE earning_timing_interval = 'Monthly'",
        &["earning-schedule", "ledger-hash"],
    ),
    // Tiers, discounts, taxes.
    ("UPDATE charge_tier SET charge_id = (SELECT MIN(id) FROM charge)", &["charge-tiers"]),
    ("UPDATE charge_tier SET tier_number = tier_number + 2", &["charge-tiers"]),
    ("UPDATE charge_tier SET quantity = quantity + 1000000", &["charge-tiers"]),
    ("UPDATE charge_tier SET unit_price = unit_price + 1000000", &["charge-tiers"]),
    ("UPDATE charge_tier SET amount = amount + 1000000", &["charge-tiers"]),
    ("DELETE FROM charge_tier", &["charge-tiers"]),
    ("UPDATE charge_discount SET id = 1", &["discount-posting", "ledger-hash", "posting-source"]),
    ("UPDATE charge_discount SET discount_type = 'Amount'", &["ledger-hash"]),
    ("UPDATE charge_discount SET configured_amount = configured_amount + 1", &["ledger-hash"]),
    ("UPDATE charge_tax SET id = 1", &["ledger-hash", "posting-source", "tax-posting", "reversal-tax"]),
    (
        "UPDATE charge_tax SET charge_id = (SELECT MIN(id) FROM charge)",
        &["posting-source", "tax-posting", "reversal-tax"],
    ),
    ("UPDATE charge_tax SET tax_rate_id = 1", &["ledger-hash"]),
    ("UPDATE charge_tax SET name = 'Duty'", &["ledger-hash"]),
    ("UPDATE charge_tax SET registration_code = '1'", &["ledger-hash"]),
    ("UPDATE charge_tax SET percentage = percentage + 1", &["ledger-hash"]),
    // Reversals and schedules.
    (
        "UPDATE reversal SET id = 1 WHERE id = (SELECT MIN(id) FROM reversal)",
        &["posting-source", "reversal-posting", "reversal-tax"],
    ),
    (
        "UPDATE reversal SET charge_id = (SELECT MIN(id) FROM charge)",
        &["earning-schedule", "charge-reversed", "posting-source", "reversal-posting", "reversal-tax"],
    ),
    (
        "UPDATE credit_note SET id = 1 WHERE id = (SELECT MIN(id) FROM credit_note)",
        &["earning-schedule", "credit-note-amount"],
    ),
    ("UPDATE credit_note SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)", &["reversal-posting"]),
    (
        "UPDATE credit_note SET created_at = (SELECT created_at FROM account)",
        &["earning-schedule", "allocation-freed", "reversal-posting"],
    ),
    (
        "UPDATE earning_schedule SET charge_id = (SELECT MIN(id) FROM charge) WHERE next_due_on IS NOT NULL",
        &["earning-place", "earning-schedule"],
    ),
    (
        "UPDATE earning_schedule SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0)",
        &["earning-schedule"],
    ),
    ("UPDATE earning_schedule SET starts_on = next_due_on WHERE next_due_on IS NOT NULL", &["earning-schedule"]),
    ("UPDATE earning_schedule SET next_due_on = starts_on", &["earning-schedule"]),
    ("UPDATE earning_schedule SET next_due_on = NULL", &["earning-schedule"]),
    ("UPDATE earning_schedule SET recalculated_on = starts_on", &["earning-schedule"]),
    ("UPDATE earning_schedule SET earned_before = 10000", &["earning-schedule"]),
    ("UPDATE earning_schedule SET earned_discount_before = 10000", &["earning-schedule"]),
    // Payments, attempts, allocations, write-offs.
    (
        "UPDATE payment SET id = 1",
        &[
            "allocation-spent",
            "payment-activity",
            "payment-amount",
            "payment-customer",
            "payment-posting",
            "payment-refundable",
            "posting-source",
        ],
    ),
    ("UPDATE payment SET source = 'Automatic'", &["payment-activity"]),
    ("UPDATE payment SET method = 'Check'", &["payment-activity"]),
    ("UPDATE payment SET currency = 'EUR'", &["payment-activity"]),
    (
        "UPDATE payment SET effective_at = (SELECT created_at FROM account)",
        &["allocation-date", "payment-activity", "payment-posting"],
    ),
    ("UPDATE payment SET created_at = (SELECT created_at FROM account)", &["payment-activity"]),
    ("UPDATE payment_activity SET id = 1 WHERE payment_id IS NOT NULL", &["payment-activity"]),
    ("UPDATE payment_activity SET customer_id = 1", &["payment-activity"]),
    ("UPDATE payment_activity SET activity_type = 'Validate'", &["payment-activity"]),
    ("UPDATE payment_activity SET status = 'Failed'", &["payment-activity"]),
    ("UPDATE payment_activity SET source = 'Automatic'", &["payment-activity"]),
    ("UPDATE payment_activity SET method = 'Check'", &["payment-activity"]),
    ("UPDATE payment_activity SET currency = 'EUR'", &["payment-activity"]),
    ("UPDATE payment_activity SET effective_at = (SELECT created_at FROM account)", &["payment-activity"]),
    ("UPDATE payment_activity SET created_at = (SELECT created_at FROM account)", &["payment-activity"]),
    ("UPDATE payment_activity SET ended_at = (SELECT created_at FROM account)", &["payment-activity"]),
    ("UPDATE payment_allocation SET effective_at = (SELECT created_at FROM account)", &["allocation-date"]),
    ("UPDATE write_off SET effective_at = (SELECT created_at FROM account)", &["write-off-posting"]),
    // Invoices.
    (
        "UPDATE invoice SET id = 1 WHERE invoice_number = 2",
        &[
            "invoice-credit-notes",
            "invoice-owner",
            "invoice-subtotal",
            "invoice-tax",
            "schedule-amount",
            "schedule-outstanding",
        ],
    ),
    ("UPDATE invoice SET currency = 'EUR' WHERE invoice_number = 2", &["invoice-currency"]),
    ("UPDATE invoice SET term = 'Net30' WHERE invoice_number = 2", &["invoice-dates"]),
    ("UPDATE invoice SET term = 'Never' WHERE invoice_number = 2", &["invoice-dates"]),
    ("UPDATE invoice SET posted_at = (SELECT created_at FROM account) WHERE invoice_number = 2", &["invoice-dates"]),
    ("UPDATE payment_schedule SET due_at = (SELECT created_at FROM account)", &["invoice-dates"]),
    ("UPDATE payment_schedule SET days_due_after_term = 30", &["invoice-dates"]),
    ("UPDATE number_series SET series = 'note'", &["invoice-number"]),
    // Purchases and tracked items.
    (
        "UPDATE purchase SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0) WHERE is_tracking_items",
        &["purchase-sale"],
    ),
    ("UPDATE purchase SET product_id = 1 WHERE is_tracking_items", &["purchase-sale"]),
    ("UPDATE purchase SET quantity = quantity + 1000000 WHERE is_tracking_items", &["purchase-items", "purchase-sale"]),
    ("UPDATE purchase SET amount = amount + 10000 WHERE status = 'Purchased'", &["purchase-sale"]),
    ("UPDATE purchase SET taxable_amount = taxable_amount + 10000 WHERE status = 'Purchased'", &["purchase-sale"]),
    ("UPDATE purchase SET pricing_model = 'Volume' WHERE is_tracking_items", &["charge-tiers"]),
    ("UPDATE purchase SET is_tracking_items = FALSE WHERE is_tracking_items", &["purchase-items"]),
    (
        "UPDATE earning_schedule SET recalculated_on = starts_on WHERE recalculated_on IS NOT NULL",
        &["earning-schedule"],
    ),
    ("UPDATE customer SET currency = 'ZZZ' WHERE ledger_sequence = 0", &["ledger-name"]),
    ("UPDATE purchase SET pricing_model = 'Standart' WHERE status = 'Draft'", &["purchase-pricing"]),
    (
        "UPDATE purchase SET pricing_model = 'Tiered' WHERE id = (SELECT purchase_id FROM charge WHERE amount = 0)",
        &["charge-tiers"],
    ),
    ("UPDATE purchase SET is_tracking_items = TRUE WHERE NOT is_tracking_items", &["purchase-items"]),
    ("UPDATE product_item SET status = 'Deleted' WHERE reference = 'A'", &["purchase-items"]),
    ("UPDATE product_item SET purchase_id = 1 WHERE reference = 'A'", &["purchase-charge", "purchase-items"]),
    ("DELETE FROM product_item WHERE reference = 'A'", &["purchase-items"]),
];
