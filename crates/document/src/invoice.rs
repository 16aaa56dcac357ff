//! The template of invoices, posted and drafted.

mod lines;

use billing::{
    account::Account,
    charge_tax,
    customer::InvoiceDisplay,
    id::DraftInvoiceId,
    invoice::Invoice,
    profile::AccountProfile,
    tax::TaxLine,
    tracking::{Display, Placement, Tracking},
};
use money::{Amount, NumberError};

use crate::{
    clean::clean,
    figures,
    model::{Block, Document, Fact, Total},
    parties, tracked,
};

/// Whose document it is.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'s> {
    /// The account; its zone decides on which day an instant falls.
    pub account: &'s Account,
    /// How the account presents itself.
    pub profile: &'s AccountProfile,
}

/// Whether an invoice is a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is.
    Posted,
    /// It is what posting would make of a draft, which has no number yet.
    Draft {
        /// The draft.
        id: DraftInvoiceId,
        /// Nobody means to post it any more.
        is_cancelled: bool,
    },
}

/// What is shown of an invoice beside its figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct View<'v> {
    /// Its tracked items, when they are to be shown.
    pub tracking: Option<&'v Tracking>,
    /// Puts the charges of each purchase below its name.
    pub groups_charges: bool,
    /// What its customer's billing setting says.
    pub display: InvoiceDisplay,
}

/// An invoice as its customer gets it. Charges of nothing are left out, as in the other views of invoices, unless the customer
/// wants to see them; refuses only sums that no stored invoice has.
pub fn document(sender: Sender<'_>, invoice: &Invoice, stage: Stage, view: View<'_>) -> Result<Document, NumberError> {
    let (kind, title) = match stage {
        Stage::Posted => ("Invoice", format!("Invoice {}", invoice.number)),
        Stage::Draft { id, .. } => ("Draft invoice", format!("Draft invoice {}", id.0)),
    };
    let mark = match stage {
        Stage::Posted => invoice.is_void().then_some("Void"),
        Stage::Draft { is_cancelled, .. } => is_cancelled.then_some("Cancelled"),
    };
    let apart = view.tracking.filter(|tracking| tracking.display.placement == Placement::SeparatePage);
    let totals = totals(invoice, stage, view.display)?;
    let mut blocks = vec![Block::Table(lines::table(invoice, sender, view)?), Block::Totals(totals)];
    blocks.extend(lines::schedule(invoice, sender));
    blocks.extend(texts(sender, invoice));
    blocks
        .extend(apart.into_iter().flat_map(|tracking| tracked::pages(sender, &lines::named(invoice, view), tracking)));
    Ok(Document {
        title,
        kind,
        mark,
        letterhead: parties::letterhead(sender.account, sender.profile),
        facts: facts(sender, invoice, stage),
        parties: parties::customer(&invoice.contact, invoice.addresses.as_ref()),
        headline: Some(headline(sender, invoice, stage)?),
        blocks,
        paper: parties::paper(sender.profile),
    })
}

/// How tracked items of invoices are shown: on pages of their own, with everything that is known of them.
pub const TRACKED_ITEMS: Display =
    Display { placement: Placement::SeparatePage, name: true, reference: true, description: true, created_on: true };

fn facts(sender: Sender<'_>, invoice: &Invoice, stage: Stage) -> Vec<Fact> {
    let zone = &sender.account.zone;
    let mut facts = match stage {
        Stage::Posted => vec![
            Fact::new("Invoice number", invoice.number.to_string()),
            Fact::new("Invoice date", figures::day(invoice.posted_at, zone)),
        ],
        Stage::Draft { id, .. } => {
            vec![Fact::new("Draft", id.0.to_string()), Fact::new("Date", figures::day(invoice.posted_at, zone))]
        }
    };
    facts.push(Fact::new("Terms", invoice.term.words()));
    if let [only] = invoice.schedules.as_slice() {
        facts.push(Fact::new("Due date", figures::day(only.due_at, zone)));
    }
    let owed_before = invoice.owed_before.as_ref().and_then(|owed| owed.reference.as_deref());
    let texts = [
        ("PO number", invoice.po_number.as_deref()),
        ("Customer reference", invoice.contact.reference.as_deref()),
        ("Reference", owed_before),
    ];
    for (label, text) in texts {
        if let Some(text) = text.map(clean).filter(|text| !text.is_empty()) {
            facts.push(Fact::new(label, text));
        }
    }
    facts.push(Fact::new("Customer ID", invoice.customer.to_string()));
    facts
}

fn headline(sender: Sender<'_>, invoice: &Invoice, stage: Stage) -> Result<Fact, NumberError> {
    let owed = match stage {
        Stage::Posted => invoice.totals.outstanding()?,
        Stage::Draft { .. } => invoice.totals.amount()?,
    };
    let label = match (stage, next_due(invoice)) {
        (Stage::Draft { .. }, _) => "Total".to_owned(),
        (Stage::Posted, Some(due_at)) => format!("Balance due {}", figures::day(due_at, &sender.account.zone)),
        (Stage::Posted, None) => "Balance due".to_owned(),
    };
    Ok(Fact { label, value: figures::money(owed, invoice.currency) })
}

/// When the first instalment that owes anything falls due.
fn next_due(invoice: &Invoice) -> Option<calendar::Instant> {
    invoice.schedules.iter().filter(|part| part.outstanding.is_positive()).map(|part| part.due_at).min()
}

fn totals(invoice: &Invoice, stage: Stage, display: InvoiceDisplay) -> Result<Vec<Total>, NumberError> {
    let (totals, currency) = (&invoice.totals, invoice.currency);
    let line = |label: &str, amount: Amount, is_sum| Total {
        label: label.to_owned(),
        value: figures::amount(amount, currency),
        is_sum,
    };
    let mut lines = vec![line("Subtotal", totals.subtotal, false)];
    if !totals.discount.is_zero() {
        lines.push(line("Discounts", totals.discount.negated(), false));
    }
    if display.rolls_up_taxes {
        lines.extend((!totals.tax.is_zero()).then(|| line("Taxes", totals.tax, false)));
    } else {
        for tax in charge_tax::by_rate(&invoice.taxes)? {
            lines.push(line(&tax_label(&tax), tax.amount, false));
        }
    }
    lines.push(line(&format!("Total {}", currency.code()), totals.amount()?, true));
    if matches!(stage, Stage::Draft { .. }) {
        return Ok(lines);
    }
    let taken = [
        ("Payments", totals.payments),
        ("Credits", totals.credits),
        ("Credit notes", totals.credit_notes),
        ("Written off", totals.write_offs),
    ];
    for (label, amount) in taken.into_iter().filter(|(_, amount)| !amount.is_zero()) {
        lines.push(line(label, amount.negated(), false));
    }
    lines.push(line(&format!("Balance due {}", currency.code()), totals.outstanding()?, true));
    Ok(lines)
}

/// A rate as its line of the totals names it: `GST 5% (R100 998 877)`.
pub(crate) fn tax_label(tax: &TaxLine) -> String {
    let code = tax.registration_code.as_deref().map(clean).filter(|code| !code.is_empty());
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    format!("{} {}{code}", clean(&tax.name), figures::percent(tax.percentage))
}

/// What is printed below the figures: notes, then the account's signature.
fn texts(sender: Sender<'_>, invoice: &Invoice) -> Vec<Block> {
    let shipping = invoice.addresses.as_ref().and_then(|addresses| addresses.fields.shipping_instructions.as_deref());
    let mut blocks = Vec::new();
    for (heading, text) in [("Notes", invoice.notes.as_deref()), ("Shipping instructions", shipping)] {
        if let Some(text) = text.map(clean).filter(|text| !text.is_empty()) {
            blocks.extend([Block::Heading(heading.to_owned()), Block::Paragraph(text)]);
        }
    }
    blocks.extend(parties::signature(sender.profile));
    blocks
}
