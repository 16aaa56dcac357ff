//! Customers: the balance against invoices and payments.

use billing::id::AccountId;
use db::{Error, Tx};
use money::Amount;
use store::verify::ReceivableRow;

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// A customer under way.
#[derive(Default)]
struct Open {
    /// What it is said to owe; a customer that does not exist owes nothing.
    balance: Amount,
    owed: Sum,
}

/// Compares the balance of every customer with what its invoices owe and its payments have left (receivables.md §15.5).
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut finish = |id, open: Open| {
        let place = place("customer", id, "balance");
        findings.compare(Rule::CustomerReceivables, place, open.owed, open.balance.into());
    };
    let mut group = Group::<Open>::new();
    store::verify::each_receivable_row(tx, account, |id, row| {
        let open = group.of(id.0, &mut finish);
        match row {
            ReceivableRow::Balance(balance) => open.balance = balance,
            ReceivableRow::Outstanding(outstanding) => open.owed.add(outstanding),
            ReceivableRow::Unallocated(unallocated) => open.owed.subtract(unallocated),
        }
    })?;
    group.end(finish);
    Ok(())
}
