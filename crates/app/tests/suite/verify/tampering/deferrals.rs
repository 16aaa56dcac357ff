//! What was deferred before: one that is being earned, and one that was taken back.

use super::Tampering;

/// SQL, and the names of exactly the rules that it breaks.
pub(super) const DEFERRALS: &[Tampering] = &[
    (
        "UPDATE opening_deferral SET id = 1 WHERE reversal_id IS NULL",
        &["ledger-hash", "opening-deferral", "opening-deferral-posting", "posting-source"],
    ),
    (
        "UPDATE opening_deferral SET customer_id = (SELECT id FROM customer WHERE ledger_sequence = 0) WHERE reversal_id IS NULL",
        &["opening-deferral-posting", "posting-customer"],
    ),
    ("UPDATE opening_deferral SET product_id = NULL WHERE reversal_id IS NULL", &["ledger-hash"]),
    (
        "UPDATE opening_deferral SET amount = amount + 1000000 WHERE reversal_id IS NULL",
        &["opening-deferral", "opening-deferral-posting"],
    ),
    ("UPDATE opening_deferral SET starts_on = ends_on WHERE reversal_id IS NULL", &["ledger-hash", "opening-deferral"]),
    ("UPDATE opening_deferral SET ends_on = starts_on WHERE reversal_id IS NULL", &["ledger-hash", "opening-deferral"]),
    ("UPDATE opening_deferral SET earned = earned + 10000 WHERE reversal_id IS NULL", &["opening-deferral"]),
    ("UPDATE opening_deferral SET next_due_on = starts_on WHERE reversal_id IS NULL", &["opening-deferral"]),
    ("UPDATE opening_deferral SET next_due_on = NULL WHERE reversal_id IS NULL", &["opening-deferral"]),
    ("UPDATE opening_deferral SET reversed = 10000 WHERE reversal_id IS NULL", &["opening-deferral"]),
    (
        "UPDATE opening_deferral SET reversed = reversed - 10000 WHERE reversal_id IS NOT NULL",
        &["opening-deferral", "opening-deferral-posting"],
    ),
    (
        "UPDATE opening_deferral SET reversal_id = 1 WHERE reversal_id IS NOT NULL",
        &["opening-deferral-posting", "posting-source"],
    ),
    ("UPDATE opening_deferral SET reversal_id = NULL", &["opening-deferral", "posting-source"]),
    (
        "UPDATE opening_deferral SET reversed_at = (SELECT created_at FROM account) WHERE reversal_id IS NOT NULL",
        &["opening-deferral-posting"],
    ),
    ("UPDATE opening_deferral SET reversed_at = NULL", &["opening-deferral"]),
    ("UPDATE opening_deferral SET description = 'Gift'", &["ledger-hash"]),
    ("UPDATE opening_deferral SET effective_at = (SELECT created_at FROM account)", &["opening-deferral-posting"]),
    ("DELETE FROM opening_deferral WHERE reversal_id IS NULL", &["ledger-hash", "posting-source"]),
    (
        "UPDATE ledger_transaction SET deferral_id = NULL WHERE kind = 'Earning' AND deferral_id IS NOT NULL",
        &["opening-deferral", "posting-source"],
    ),
];
