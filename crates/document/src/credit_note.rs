//! The template of credit notes.

use billing::{
    charge_tax::{self, ChargeTax},
    credit_note::{CreditNote, Reversal},
    invoice::{Charge, Invoice},
    tax::TaxLine,
};
use money::{Amount, NumberError};

use crate::{
    clean::clean,
    figures,
    invoice::{Sender, tax_label},
    model::{Align, Block, Cell, Column, Document, Fact, Row, Table, Total},
    parties,
};

/// A credit note as its customer gets it, with the invoice of which it takes back; refuses only sums that no stored credit
/// note has.
pub fn document(sender: Sender<'_>, note: &CreditNote, invoice: &Invoice) -> Result<Document, NumberError> {
    Ok(Document {
        title: format!("Credit note {}", note.number),
        kind: "Credit note",
        mark: None,
        letterhead: parties::letterhead(sender.account, sender.profile),
        facts: facts(sender, note, invoice),
        parties: parties::customer(&invoice.contact, invoice.addresses.as_ref()),
        headline: Some(Fact::new("Credited", figures::money(note.amount, invoice.currency))),
        // The account's signature is left to invoices: it tells how these are to be paid.
        blocks: vec![Block::Table(table(note, invoice)?), Block::Totals(totals(note, invoice)?)],
        paper: parties::paper(sender.profile),
    })
}

fn facts(sender: Sender<'_>, note: &CreditNote, invoice: &Invoice) -> Vec<Fact> {
    let zone = &sender.account.zone;
    let mut facts = vec![
        Fact::new("Credit note number", note.number.clone()),
        Fact::new("Date", figures::day(note.created_at, zone)),
        Fact::new("Invoice number", invoice.number.to_string()),
        Fact::new("Invoice date", figures::day(invoice.posted_at, zone)),
    ];
    let texts = [
        ("Reference", &note.reference),
        ("PO number", &invoice.po_number),
        ("Customer reference", &invoice.contact.reference),
    ];
    for (label, text) in texts {
        if let Some(text) = text.as_deref().map(clean).filter(|text| !text.is_empty()) {
            facts.push(Fact::new(label, text));
        }
    }
    facts.push(Fact::new("Customer ID", invoice.customer.to_string()));
    facts
}

/// The reversals with their charges. Every one is of a charge on the invoice: foreign keys hold that.
fn lines<'n>(note: &'n CreditNote, invoice: &'n Invoice) -> impl Iterator<Item = (&'n Reversal, &'n Charge)> {
    let charge_of = |reversal: &Reversal| invoice.charges.iter().find(|charge| charge.id == reversal.charge);
    note.reversals.iter().filter_map(move |reversal| Some((reversal, charge_of(reversal)?)))
}

fn table(note: &CreditNote, invoice: &Invoice) -> Result<Table, NumberError> {
    let has_discounts = note.reversals.iter().any(|reversal| !reversal.discount.is_zero());
    let amount = |amount: Amount| Cell::new(figures::amount(amount, invoice.currency));
    let mut rows = Vec::new();
    for (reversal, charge) in lines(note, invoice) {
        let description = charge.description.as_deref().map(clean).filter(|text| !text.is_empty());
        let mut cells = vec![Cell { text: clean(&charge.name), notes: Vec::from_iter(description) }];
        cells.push(amount(reversal.amount));
        if has_discounts {
            let is_zero = reversal.discount.is_zero();
            cells.push(if is_zero { Cell::default() } else { amount(reversal.discount.negated()) });
            cells.push(amount(reversal.amount.checked_sub(reversal.discount)?));
        }
        rows.push(Row::Line(cells));
    }
    Ok(Table { columns: columns(has_discounts), rows, when_empty: "Nothing." })
}

fn columns(has_discounts: bool) -> Vec<Column> {
    let figure = |heading, share| Column { heading, share, align: Align::Right };
    let description = |share| Column { heading: "Description", share, align: Align::Left };
    if has_discounts {
        vec![description(520), figure("Amount", 170), figure("Discount", 140), figure("Net", 170)]
    } else {
        vec![description(750), figure("Amount", 250)]
    }
}

fn totals(note: &CreditNote, invoice: &Invoice) -> Result<Vec<Total>, NumberError> {
    let currency = invoice.currency;
    let line = |label: &str, amount: Amount, is_sum| Total {
        label: label.to_owned(),
        value: figures::amount(amount, currency),
        is_sum,
    };
    let sum = |part: fn(&Reversal) -> Amount| Amount::sum(note.reversals.iter().map(part));
    let mut totals = vec![line("Subtotal", sum(|reversal| reversal.amount)?, false)];
    let discount = sum(|reversal| reversal.discount)?;
    if !discount.is_zero() {
        totals.push(line("Discounts", discount.negated(), false));
    }
    for tax in charge_tax::by_rate(&taxes(note, invoice))? {
        totals.push(line(&tax_label(&tax), tax.amount, false));
    }
    totals.push(line(&format!("Total credited {}", currency.code()), note.amount, true));
    Ok(totals)
}

/// What went back of the taxes on the invoice.
fn taxes(note: &CreditNote, invoice: &Invoice) -> Vec<ChargeTax> {
    let parts = note.reversals.iter().flat_map(|reversal| &reversal.taxes);
    let taken = parts.filter_map(|part| {
        let tax = invoice.taxes.iter().find(|tax| tax.id == part.tax)?;
        Some(ChargeTax { line: TaxLine { amount: part.amount, ..tax.line.clone() }, ..tax.clone() })
    });
    taken.collect()
}
