//! The catalogue of an account as a whole.

use billing::id::AccountId;
use db::{Error, Row, Tx, values};

/// In the order in which everybody locks (docs/decisions/0002).
const ROWS: &[&str] = &[
    "SELECT id FROM gl_code WHERE account_id = $1 ORDER BY id",
    "SELECT id FROM plan_family WHERE account_id = $1 ORDER BY id",
    "SELECT id FROM plan WHERE account_id = $1 ORDER BY id",
    "SELECT id FROM product WHERE account_id = $1 ORDER BY id",
    "SELECT id FROM custom_field_definition WHERE account_id = $1 ORDER BY id",
    "SELECT id FROM coupon WHERE account_id = $1 ORDER BY id",
    "SELECT id FROM discount WHERE account_id = $1 ORDER BY id",
];

/// Locks everything that is in the catalogue until the transaction ends, for who changes many parts of it in any order.
pub fn lock(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    for rows in ROWS {
        tx.lock_all(rows, &values![account.0], |_: &Row<'_>| Ok(()))?;
    }
    Ok(())
}
