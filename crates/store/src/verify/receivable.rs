//! Customers with what their invoices owe and what of their payments, credits and deposits is left.

use billing::id::{AccountId, CustomerId};
use db::{Error, Row, Tx, values};
use money::Amount;

use super::{each, unknown_part};

/// One of the rows of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceivableRow {
    /// The customer's balance.
    Balance(Amount),
    /// What an invoice still owes.
    Outstanding(Amount),
    /// What of a payment, a credit or a deposit no invoice has.
    Unallocated(Amount),
}

/// Visits the customers of an account in order of id, each among its invoices, payments, credits and deposits.
pub fn each_receivable_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(CustomerId, ReceivableRow),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT id, 0, balance FROM customer WHERE account_id = $1
         UNION ALL
         SELECT customer_id, 1, outstanding FROM invoice WHERE account_id = $1
         UNION ALL
         SELECT customer_id, 2, unallocated FROM payment WHERE account_id = $1
         UNION ALL
         SELECT customer_id, 2, unallocated FROM credit WHERE account_id = $1
         UNION ALL
         SELECT customer_id, 2, unallocated FROM opening_balance WHERE account_id = $1
         ORDER BY 1",
        &values![account.0],
        |row| {
            visit(CustomerId(row.get(0)?), receivable_row(row)?);
            Ok(())
        },
    )
}

fn receivable_row(row: &Row<'_>) -> Result<ReceivableRow, Error> {
    let amount = Amount::from_millionths(row.get(2)?);
    Ok(match row.get(1)? {
        0 => ReceivableRow::Balance(amount),
        1 => ReceivableRow::Outstanding(amount),
        2 => ReceivableRow::Unallocated(amount),
        part => return Err(unknown_part(part)),
    })
}
