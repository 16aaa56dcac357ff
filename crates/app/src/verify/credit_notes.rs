//! Credit notes: the amounts against the reversals, their numbers, and the taxes of reversals against their parts.

use billing::{
    credit_note,
    id::{AccountId, ChargeId, InvoiceId},
};
use db::{Error, Tx};
use money::Amount;
use store::verify::{CreditNoteRow, ReversalRow};

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

/// Compares the amount of every credit note with its reversals, its number with its place, and the tax of every reversal
/// with its parts.
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
    check_numbers(tx, account, findings)?;
    check_taxes(tx, account, findings)
}

fn check_numbers(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut last: Option<(InvoiceId, i64)> = None;
    store::verify::each_credit_note_number(tx, account, |note| {
        let count = last.filter(|(invoice, _)| *invoice == note.invoice).map_or(1, |(_, count)| count + 1);
        last = Some((note.invoice, count));
        // A credit note without an invoice is named by another rule.
        let Some(invoice_number) = note.invoice_number else { return };
        let expected = credit_note::number(invoice_number, count);
        let place = place("credit_note", note.id, "credit_note_number");
        findings.compare(Rule::CreditNoteNumber, place, expected.as_str(), note.number);
    })
}

/// A reversal under way; without the reversal itself when there are only parts of its tax.
#[derive(Default)]
struct Taxed {
    whole: Option<(Amount, ChargeId)>,
    parts: Sum,
    /// Whether each part is of a tax on the charge.
    is_of_charge: bool,
}

fn check_taxes(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut finish = |id, taxed: Taxed| {
        let Taxed { whole, parts, is_of_charge } = taxed;
        let Some((tax, _)) = whole else {
            return findings.disagrees(Rule::ReversalTax, place("reversal_tax", id, "reversal_id"), "a reversal", id);
        };
        findings.compare(Rule::ReversalTax, place("reversal", id, "tax"), parts, tax.into());
        let of_charge = place("reversal_tax", id, "charge_tax_id");
        findings.compare(Rule::ReversalTax, of_charge, told(true), told(is_of_charge));
    };
    let mut group = Group::<Taxed>::new();
    store::verify::each_reversal_row(tx, account, |id, row| {
        let open = group.of(id, &mut finish);
        match row {
            ReversalRow::Whole(tax, charge) => (open.whole, open.is_of_charge) = (Some((tax, charge)), true),
            ReversalRow::Part(amount, charge) => {
                open.parts.add(amount);
                open.is_of_charge &= charge.is_some() && charge == open.whole.map(|(_, charge)| charge);
            }
        }
    })?;
    group.end(finish);
    Ok(())
}

fn told(is_of_charge: bool) -> &'static str {
    if is_of_charge { "a tax on the charge" } else { "another" }
}
