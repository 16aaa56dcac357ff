//! Changes of checkpoints, and the one change that nothing but a checkpoint tells.

use super::Tampering;

pub(super) const CHECKPOINTS: &[Tampering] = &[
    ("UPDATE checkpoint SET checkpoint_number = 2", &["checkpoint-chain"]),
    ("UPDATE checkpoint SET head_count = head_count + 1", &["checkpoint-chain"]),
    ("UPDATE checkpoint SET hash = (SELECT MIN(hash) FROM ledger_transaction)", &["checkpoint-chain"]),
    ("UPDATE checkpoint SET created_at = (SELECT created_at FROM account)", &["checkpoint-chain"]),
    ("DELETE FROM checkpoint", &["checkpoint-chain"]),
    ("UPDATE checkpoint_head SET customer_id = 1", &["checkpoint-chain", "checkpoint-head"]),
    ("UPDATE checkpoint_head SET ledger_sequence = ledger_sequence - 1", &["checkpoint-chain", "checkpoint-head"]),
    ("UPDATE checkpoint_head SET checkpoint_number = 2", &["checkpoint-chain"]),
    (
        "UPDATE checkpoint_head SET ledger_hash = (SELECT MIN(hash) FROM ledger_transaction)",
        &["checkpoint-chain", "checkpoint-head"],
    ),
    ("DELETE FROM checkpoint_head", &["checkpoint-chain"]),
    // The last transaction is taken away, and everything else is made as if it had never been.
    (
        "DELETE FROM ledger_line WHERE transaction_id = (SELECT id FROM write_off);
         DELETE FROM ledger_transaction WHERE id = (SELECT id FROM write_off);
         UPDATE customer SET ledger_sequence = ledger_sequence - 1, balance = balance + (SELECT amount FROM write_off),
             ledger_hash = (SELECT t.hash FROM ledger_transaction t
                 WHERE t.customer_id = customer.id AND t.sequence = customer.ledger_sequence - 1)
         WHERE ledger_sequence > 0;
         UPDATE invoice SET outstanding = write_offs, write_offs = 0, paid_at = NULL WHERE write_offs > 0;
         UPDATE payment_schedule SET outstanding = (SELECT amount FROM write_off)
         WHERE invoice_id = (SELECT invoice_id FROM write_off);
         DELETE FROM write_off",
        &["checkpoint-head"],
    ),
];
