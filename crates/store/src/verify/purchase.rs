//! Purchases with the charges that they led to.

use billing::id::{AccountId, PurchaseId};
use db::{Error, Row, Tx, values};

use super::unknown_part;

/// One of the rows of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseRow<'r> {
    /// The name of its status.
    Status(&'r str),
    /// A charge.
    Charge,
}

/// Visits the purchases of an account in order of id, each among its charges.
pub fn each_purchase_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(PurchaseId, PurchaseRow<'_>),
) -> Result<(), Error> {
    tx.each(
        "SELECT id, 0, status FROM purchase WHERE account_id = $1
         UNION ALL
         SELECT purchase_id, 1, '' FROM charge WHERE account_id = $1
         ORDER BY 1",
        &values![account.0],
        |row| {
            visit(PurchaseId(row.get(0)?), purchase_row(row)?);
            Ok::<_, Error>(())
        },
    )
}

fn purchase_row<'r>(row: &'r Row<'_>) -> Result<PurchaseRow<'r>, Error> {
    Ok(match row.get(1)? {
        0 => PurchaseRow::Status(row.text(2)?),
        1 => PurchaseRow::Charge,
        part => return Err(unknown_part(part)),
    })
}
