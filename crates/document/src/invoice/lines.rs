//! The tables of an invoice: its charges, and its instalments when there are several.

use std::collections::HashMap;

use billing::{
    discount::DiscountType,
    id::PurchaseId,
    invoice::{Charge, ChargeDiscount, Invoice},
    opening_balance::OpeningBalance,
    tracking::Placement,
};
use money::{Amount, NumberError, Quantity};

use super::{Sender, View};
use crate::{
    clean::clean,
    figures,
    model::{Align, Block, Cell, Column, Row, Table},
    tracked,
};

/// A line for each charge, and at the end the sums that the totals begin with.
pub(super) fn table(invoice: &Invoice, sender: Sender<'_>, view: View<'_>) -> Result<Table, NumberError> {
    let has_discounts = !invoice.totals.discount.is_zero() && !view.display.rolls_up_discounts;
    let tracking = view.tracking.filter(|tracking| tracking.display.placement == Placement::Inline);
    let items = tracking.map(tracked::by_purchase).unwrap_or_default();
    let mut rows = Vec::new();
    for group in groups(invoice, view) {
        let name = name(&group, view);
        rows.extend(name.iter().map(|name| Row::Group(name.clone())));
        for charge in group {
            let mut cells = cells(charge, invoice, name.as_deref(), has_discounts)?;
            if let (Some(tracking), Some(items)) = (tracking, items.get(&charge.purchase)) {
                cells[0].notes.extend(tracked::inline(tracking.display, items, &sender.account.zone));
            }
            rows.push(Row::Line(cells));
        }
    }
    rows.extend(invoice.owed_before.iter().map(|owed| Row::Line(owed_before(owed))));
    if has_discounts {
        let totals = &invoice.totals;
        let net = totals.subtotal.checked_sub(totals.discount)?;
        let sums = [totals.subtotal, totals.discount.negated(), net];
        let sums = sums.map(|sum| Cell::new(figures::amount(sum, invoice.currency)));
        rows.push(Row::Sum([Cell::new("Sum"), Cell::default(), Cell::default()].into_iter().chain(sums).collect()));
    }
    Ok(Table { columns: columns(has_discounts), rows, when_empty: "No charges." })
}

/// What is told above a group: nothing where its only line would say no more.
fn name(group: &[&Charge], view: View<'_>) -> Option<String> {
    let first = group.first().filter(|_| view.groups_charges)?;
    let is_told_by_its_line = group.len() == 1 && described(first.description.as_deref()).is_none();
    (!is_told_by_its_line).then(|| clean(&first.name))
}

/// The shown charges by purchase, in the order in which these first appear; as one group when they are not grouped.
fn groups<'i>(invoice: &'i Invoice, view: View<'_>) -> Vec<Vec<&'i Charge>> {
    if !view.groups_charges {
        return vec![shown(invoice, view).collect()];
    }
    let mut places: HashMap<PurchaseId, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Charge>> = Vec::new();
    for charge in shown(invoice, view) {
        let place = *places.entry(charge.purchase).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(charge),
            None => groups.push(vec![charge]),
        }
    }
    groups
}

/// What was owed before the customer was billed here is the only line of its invoice.
fn owed_before(owed: &OpeningBalance) -> Vec<Cell> {
    let name = named_cell(owed.name.as_deref().unwrap_or_default(), owed.description.as_deref(), None);
    let amount = || Cell::new(figures::amount(owed.amount, owed.currency));
    vec![name, Cell::new(figures::quantity(Quantity::ONE)), amount(), amount()]
}

/// The purchases of the shown charges with the names they are printed under, each once.
pub(super) fn named(invoice: &Invoice, view: View<'_>) -> Vec<(PurchaseId, String)> {
    let mut named: Vec<_> = shown(invoice, view).map(|charge| (charge.purchase, clean(&charge.name))).collect();
    let mut seen = std::collections::HashSet::new();
    named.retain(|(purchase, _)| seen.insert(*purchase));
    named
}

fn shown<'i>(invoice: &'i Invoice, view: View<'_>) -> impl Iterator<Item = &'i Charge> {
    let shows_all = view.display.shows_zero_charges;
    invoice.charges.iter().filter(move |charge| shows_all || !charge.amount.is_zero())
}

fn columns(has_discounts: bool) -> Vec<Column> {
    let column = |heading, share| Column { heading, share, align: Align::Right };
    let description = |share| Column { heading: "Description", share, align: Align::Left };
    if has_discounts {
        vec![
            description(370),
            column("Quantity", 110),
            column("Unit price", 130),
            column("Amount", 135),
            column("Discount", 120),
            column("Net", 135),
        ]
    } else {
        vec![description(520), column("Quantity", 130), column("Unit price", 170), column("Amount", 180)]
    }
}

fn cells(
    charge: &Charge,
    invoice: &Invoice,
    group: Option<&str>,
    has_discounts: bool,
) -> Result<Vec<Cell>, NumberError> {
    let currency = invoice.currency;
    let mut description = named_cell(&charge.name, charge.description.as_deref(), group);
    let tiers = charge.tiers.iter().map(|tier| {
        let (quantity, price) = (figures::quantity(tier.quantity), figures::price(tier.unit_price, currency));
        format!("{quantity} at {price}: {}", figures::amount(tier.amount, currency))
    });
    description.notes.extend(tiers);
    if has_discounts {
        description.notes.extend(charge.discounts.iter().filter_map(|discount| worded(discount, invoice)));
    }
    let mut cells = vec![
        description,
        Cell::new(figures::quantity(charge.quantity)),
        Cell::new(figures::price(charge.unit_price, currency)),
        Cell::new(figures::amount(charge.amount, currency)),
    ];
    if has_discounts {
        let discount = charge.discount()?;
        let taken = if discount.is_zero() { String::new() } else { figures::amount(discount.negated(), currency) };
        let net = charge.amount.checked_sub(discount)?;
        cells.extend([Cell::new(taken), Cell::new(figures::amount(net, currency))]);
    }
    Ok(cells)
}

/// What a charge is for, without the name where its group has told the same before.
fn named_cell(name: &str, description: Option<&str>, group: Option<&str>) -> Cell {
    let (name, description) = (clean(name), described(description));
    if group == Some(name.as_str()) {
        return Cell::new(description.unwrap_or_default());
    }
    Cell { text: name, notes: Vec::from_iter(description) }
}

fn described(description: Option<&str>) -> Option<String> {
    description.map(clean).filter(|text| !text.is_empty())
}

/// Where a discount comes from; one that took nothing is not worth a line.
fn worded(discount: &ChargeDiscount, invoice: &Invoice) -> Option<String> {
    if discount.amount == Amount::ZERO {
        return None;
    }
    let (configured, currency) = (discount.configured, invoice.currency);
    Some(match configured.discount_type {
        DiscountType::Percentage => format!("Discount {}%", configured.amount),
        DiscountType::Amount => format!("Discount {}", figures::price(configured.amount, currency)),
        DiscountType::AmountPerUnit => format!("Discount {} each", figures::price(configured.amount, currency)),
    })
}

/// The instalments, when there is more than one.
pub(super) fn schedule(invoice: &Invoice, sender: Sender<'_>) -> Vec<Block> {
    if invoice.schedules.len() < 2 {
        return Vec::new();
    }
    let mut parts: Vec<_> = invoice.schedules.iter().collect();
    parts.sort_by_key(|part| (part.due_at, part.id));
    let amount = |amount| Cell::new(figures::amount(amount, invoice.currency));
    let rows = parts.into_iter().map(|part| {
        let due = Cell::new(figures::day(part.due_at, &sender.account.zone));
        Row::Line(vec![due, amount(part.amount), amount(part.outstanding)])
    });
    let columns = vec![
        Column { heading: "Due date", share: 400, align: Align::Left },
        Column { heading: "Amount", share: 300, align: Align::Right },
        Column { heading: "Still owed", share: 300, align: Align::Right },
    ];
    let table = Table { columns, rows: rows.collect(), when_empty: "" };
    vec![Block::Heading("Payment schedule".to_owned()), Block::Table(table)]
}
