//! Credit notes: the amount against the reversals.

use billing::id::AccountId;
use db::{Error, Tx};
use money::Amount;
use store::verify::CreditNoteRow;

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// A credit note under way.
#[derive(Default)]
struct Open {
    /// What it is said to be; nothing when there are only reversals of it.
    amount: Amount,
    reversed: Sum,
}

/// Compares the amount of every credit note with its reversals.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut finish = |id, open: Open| {
        let place = place("credit_note", id, "amount");
        findings.compare(Rule::CreditNoteAmount, place, open.reversed, open.amount.into());
    };
    let mut group = Group::<Open>::new();
    store::verify::each_credit_note_row(tx, account, |id, row| {
        let open = group.of(id, &mut finish);
        match row {
            CreditNoteRow::Amount(amount) => open.amount = amount,
            CreditNoteRow::Reversal(gross, discount, tax) => {
                open.reversed = open.reversed.plus(&[gross, tax]).minus(&[discount]);
            }
        }
    })?;
    group.end(finish);
    Ok(())
}
