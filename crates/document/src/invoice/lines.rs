//! The tables of an invoice: its charges, and its instalments when there are several.

use billing::{
    discount::DiscountType,
    id::PurchaseId,
    invoice::{Charge, ChargeDiscount, Invoice},
    tracking::Tracking,
};
use money::{Amount, NumberError};

use super::Sender;
use crate::{
    clean::clean,
    figures,
    model::{Align, Block, Cell, Column, Row, Table},
    tracked,
};

/// A line for each charge, and at the end the sums that the totals begin with.
pub(super) fn table(invoice: &Invoice, sender: Sender<'_>, tracking: Option<&Tracking>) -> Result<Table, NumberError> {
    let has_discounts = !invoice.totals.discount.is_zero();
    let items = tracking.map(tracked::by_purchase).unwrap_or_default();
    let mut rows = Vec::new();
    for charge in shown(invoice) {
        let mut cells = cells(charge, invoice, has_discounts)?;
        if let (Some(tracking), Some(items)) = (tracking, items.get(&charge.purchase)) {
            let lines = items.iter().filter_map(|item| tracked::inline(tracking.display, item, &sender.account.zone));
            cells[0].notes.extend(lines);
        }
        rows.push(Row::Line(cells));
    }
    if has_discounts {
        let totals = &invoice.totals;
        let net = totals.subtotal.checked_sub(totals.discount)?;
        let sums = [totals.subtotal, totals.discount.negated(), net];
        let sums = sums.map(|sum| Cell::new(figures::amount(sum, invoice.currency)));
        rows.push(Row::Sum([Cell::new("Sum"), Cell::default(), Cell::default()].into_iter().chain(sums).collect()));
    }
    Ok(Table { columns: columns(has_discounts), rows, when_empty: "No charges." })
}

/// The purchases of the shown charges with the names they are printed under, each once.
pub(super) fn named(invoice: &Invoice) -> Vec<(PurchaseId, String)> {
    let mut named: Vec<_> = shown(invoice).map(|charge| (charge.purchase, clean(&charge.name))).collect();
    let mut seen = std::collections::HashSet::new();
    named.retain(|(purchase, _)| seen.insert(*purchase));
    named
}

fn shown(invoice: &Invoice) -> impl Iterator<Item = &Charge> {
    invoice.charges.iter().filter(|charge| !charge.amount.is_zero())
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

fn cells(charge: &Charge, invoice: &Invoice, has_discounts: bool) -> Result<Vec<Cell>, NumberError> {
    let currency = invoice.currency;
    let mut description = Cell::new(clean(&charge.name));
    description.notes.extend(charge.description.as_deref().map(clean).filter(|text| !text.is_empty()));
    let tiers = charge.tiers.iter().map(|tier| {
        let (quantity, price) = (figures::quantity(tier.quantity), figures::price(tier.unit_price, currency));
        format!("{quantity} at {price}: {}", figures::amount(tier.amount, currency))
    });
    description.notes.extend(tiers);
    description.notes.extend(charge.discounts.iter().filter_map(|discount| worded(discount, invoice)));
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
