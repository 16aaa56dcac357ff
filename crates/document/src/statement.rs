//! The template of statements, in the lines that a customer knows: invoices, payments, credit notes.

use std::collections::HashMap;

use billing::{
    address::AddressPreference,
    customer::Contact,
    id::PurchaseId,
    purchase::TrackedItem,
    statement::{Act, ActKind, Statement},
    tracking::{Placement, Tracking},
};
use calendar::Instant;
use money::{Amount, NumberError};

use crate::{
    clean::clean,
    figures,
    invoice::Sender,
    model::{Align, Block, Cell, Column, Document, Fact, Row, Table, Total},
    parties, tracked,
};

/// Whose statement it is, and what is printed around it.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'r> {
    /// Names and contacts.
    pub contact: &'r Contact,
    /// Where it is sent.
    pub addresses: Option<&'r AddressPreference>,
}

/// A statement as its customer gets it, issued at `now`; refuses only sums that no ledger has.
pub fn document(
    sender: Sender<'_>,
    recipient: Recipient<'_>,
    statement: &Statement,
    tracking: Option<&Tracking>,
    now: Instant,
) -> Result<Document, NumberError> {
    let apart = tracking.filter(|tracking| tracking.display.placement == Placement::SeparatePage);
    let aged = format!("Open invoices by days overdue on {}", figures::date(statement.aged_on));
    let mut blocks = vec![
        Block::Table(activities(sender, statement, tracking)?),
        Block::Heading(aged),
        Block::Table(ages(statement)?),
        Block::Totals(totals(statement)?),
    ];
    let charged = statement.charged().into_iter().map(|(purchase, name)| (purchase, clean(name)));
    let charged: Vec<(PurchaseId, String)> = charged.collect();
    let (label, balance) = closing(statement);
    blocks.extend(apart.into_iter().flat_map(|tracking| tracked::pages(sender, &charged, tracking)));
    Ok(Document {
        title: format!("Statement {} to {}", statement.customer, bounds(sender, statement).1),
        kind: "Statement",
        mark: None,
        letterhead: parties::letterhead(sender.account, sender.profile),
        facts: facts(sender, recipient, statement, now),
        // Nothing is shipped by a statement: the first party is the one that is billed.
        parties: parties::customer(recipient.contact, recipient.addresses).into_iter().take(1).collect(),
        headline: Some(Fact::new(label, figures::money(balance, statement.currency))),
        blocks,
        paper: parties::paper(sender.profile),
    })
}

/// What the reader looks for: a balance below zero is the customer's, and called so.
fn closing(statement: &Statement) -> (&'static str, Amount) {
    let closing = statement.closing();
    if closing.is_negative() { ("Credit balance", closing.negated()) } else { ("Closing balance", closing) }
}

fn facts(sender: Sender<'_>, recipient: Recipient<'_>, statement: &Statement, now: Instant) -> Vec<Fact> {
    let (from, until) = bounds(sender, statement);
    let mut facts = vec![
        Fact::new("From", from),
        Fact::new("To", until),
        Fact::new("Issued", figures::day(now, &sender.account.zone)),
        Fact::new("Currency", statement.currency.code()),
    ];
    let reference = recipient.contact.reference.as_deref().map(clean).filter(|text| !text.is_empty());
    facts.extend(reference.map(|reference| Fact::new("Customer reference", reference)));
    facts.push(Fact::new("Customer ID", statement.customer.to_string()));
    facts
}

/// The first and the last day of the period; where it is not of whole days of the account, its ends to the minute.
fn bounds(sender: Sender<'_>, statement: &Statement) -> (String, String) {
    let (zone, period) = (&sender.account.zone, statement.period);
    let begins_a_day = |instant: Instant| zone.start_of(zone.date_of(instant)) == instant;
    if begins_a_day(period.from()) && begins_a_day(period.until()) {
        (figures::day(period.from(), zone), figures::day(period.last(), zone))
    } else {
        (figures::moment(period.from()), figures::moment(period.until()))
    }
}

fn activities(sender: Sender<'_>, statement: &Statement, tracking: Option<&Tracking>) -> Result<Table, NumberError> {
    let inline = tracking.filter(|tracking| tracking.display.placement == Placement::Inline);
    let items = inline.map(tracked::by_purchase).unwrap_or_default();
    let amount = |amount: Amount| Cell::new(figures::amount(amount, statement.currency));
    let border = |words: &str, cells: [Cell; 3]| {
        Row::Sum([Cell::default(), Cell::new(words)].into_iter().chain(cells).collect())
    };
    let mut rows = vec![border("Opening balance", [Cell::default(), Cell::default(), amount(statement.opening)])];
    let mut sums = [Amount::ZERO; 2];
    for act in statement.acts()? {
        let mut told = Cell::new(worded(&act));
        told.notes.extend(act.reference.as_deref().map(clean).filter(|text| !text.is_empty()));
        if let Some(tracking) = inline {
            let sold = of_purchases(&items, &act.purchases);
            told.notes.extend(tracked::inline(tracking.display, &sold, &sender.account.zone));
        }
        let day = Cell::new(figures::day(act.at, &sender.account.zone));
        let change = act.change;
        let (charged, credited) =
            if change.is_negative() { (None, Some(change.negated())) } else { (Some(change), None) };
        for (sum, part) in sums.iter_mut().zip([charged, credited]) {
            *sum = sum.checked_add(part.unwrap_or_default())?;
        }
        let [charged, credited] = [charged, credited].map(|part| part.map(amount).unwrap_or_default());
        rows.push(Row::Line(vec![day, told, charged, credited, amount(act.balance)]));
    }
    let [charged, credited] = sums.map(amount);
    rows.push(border("Closing balance", [charged, credited, amount(statement.closing())]));
    Ok(Table { columns: columns(), rows, when_empty: "" })
}

fn of_purchases<'t>(
    items: &HashMap<PurchaseId, Vec<&'t TrackedItem>>,
    purchases: &[PurchaseId],
) -> Vec<&'t TrackedItem> {
    purchases.iter().filter_map(|purchase| items.get(purchase)).flatten().copied().collect()
}

fn columns() -> Vec<Column> {
    let column = |heading, share, align| Column { heading, share, align };
    vec![
        column("Date", 130, Align::Left),
        column("Description", 390, Align::Left),
        column("Debits", 155, Align::Right),
        column("Credits", 155, Align::Right),
        column("Balance", 170, Align::Right),
    ]
}

fn worded(act: &Act) -> String {
    let of_invoice = |words: &str| match act.invoice {
        Some(number) => format!("{words} invoice {number}"),
        None => words.to_owned(),
    };
    match act.kind {
        ActKind::Invoice => act.invoice.map_or_else(|| "Invoice".to_owned(), |number| format!("Invoice {number}")),
        ActKind::CreditNote => match &act.credit_note {
            Some(number) => format!("Credit note {number}"),
            None => of_invoice("Reversal of"),
        },
        ActKind::Payment => "Payment".to_owned(),
        ActKind::Refund => "Refund".to_owned(),
        ActKind::Credit => "Credit".to_owned(),
        ActKind::Debit => "Credit taken back".to_owned(),
        ActKind::WriteOff => of_invoice("Written off"),
        ActKind::OpeningBalance => match act.invoice {
            Some(number) => format!("Earlier balance, invoice {number}"),
            None => "Earlier deposit".to_owned(),
        },
    }
}

fn ages(statement: &Statement) -> Result<Table, NumberError> {
    let headings = ["Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days", "Total"];
    let shares = [165, 165, 165, 165, 170, 170];
    let column = |(heading, share)| Column { heading, share, align: Align::Right };
    let buckets = statement.aging.buckets().into_iter().chain([statement.aging.total()?]);
    let cells = buckets.map(|amount| Cell::new(figures::amount(amount, statement.currency))).collect();
    let columns = headings.into_iter().zip(shares).map(column).collect();
    Ok(Table { columns, rows: vec![Row::Line(cells)], when_empty: "" })
}

/// How open invoices and what is not applied to them come to the closing balance.
fn totals(statement: &Statement) -> Result<Vec<Total>, NumberError> {
    let line = |label: &str, amount: Amount, is_sum| Total {
        label: label.to_owned(),
        value: figures::amount(amount, statement.currency),
        is_sum,
    };
    let unapplied = statement.unapplied()?;
    let mut totals = vec![line("Open invoices", statement.aging.total()?, false)];
    if !unapplied.is_zero() {
        totals.push(line("Not applied to invoices", unapplied.negated(), false));
    }
    let (label, balance) = closing(statement);
    totals.push(line(&format!("{label} {}", statement.currency.code()), balance, true));
    Ok(totals)
}
