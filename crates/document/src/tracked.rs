//! Tracked items on documents: below the line that sold them, or on pages of their own.

use std::collections::HashMap;

use billing::{
    id::PurchaseId,
    purchase::TrackedItem,
    tracking::{Display, Tracking},
};
use calendar::Zone;

use crate::{
    clean::clean,
    figures,
    invoice::Sender,
    model::{Align, Block, Cell, Column, Row, Table},
};

/// Tracked items by the purchase that they belong to.
pub(crate) fn by_purchase(tracking: &Tracking) -> HashMap<PurchaseId, Vec<&TrackedItem>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for item in &tracking.items {
        found.entry(item.purchase).or_default().push(item);
    }
    found
}

/// Each item on one line; those of which nothing is shown are left out.
pub(crate) fn inline(display: Display, items: &[&TrackedItem], zone: &Zone) -> Vec<String> {
    let line = |item: &&TrackedItem| {
        let shown: Vec<_> = cells(display, item, zone).into_iter().filter(|text| !text.is_empty()).collect();
        (!shown.is_empty()).then(|| format!("• {}", shown.join(" · ")))
    };
    items.iter().filter_map(line).collect()
}

/// The items of these purchases under their names, on a page of its own; nothing when there are none.
pub(crate) fn pages(sender: Sender<'_>, purchases: &[(PurchaseId, String)], tracking: &Tracking) -> Vec<Block> {
    let items = by_purchase(tracking);
    let mut rows = Vec::new();
    for (purchase, name) in purchases {
        let Some(items) = items.get(purchase) else { continue };
        rows.push(Row::Group(name.clone()));
        let lines = items.iter().map(|item| cells(tracking.display, item, &sender.account.zone));
        rows.extend(lines.map(|texts| Row::Line(texts.into_iter().map(Cell::new).collect())));
    }
    let columns = columns(tracking.display);
    if rows.is_empty() || columns.is_empty() {
        return Vec::new();
    }
    let table = Table { columns, rows, when_empty: "" };
    vec![Block::PageBreak, Block::Heading("Tracked items".to_owned()), Block::Table(table)]
}

/// What is shown of an item, in the order of [`columns`].
fn cells(display: Display, item: &TrackedItem, zone: &Zone) -> Vec<String> {
    let order = &item.item.order;
    let optional = |text: &Option<String>| text.as_deref().map(clean).unwrap_or_default();
    let mut cells = Vec::new();
    if display.reference {
        cells.push(clean(&order.reference));
    }
    if display.name {
        cells.push(optional(&order.name));
    }
    if display.description {
        cells.push(optional(&order.description));
    }
    if display.created_on {
        cells.push(figures::day(item.item.created_at, zone));
    }
    cells
}

/// A column for everything that is shown, as wide as its part of those.
fn columns(display: Display) -> Vec<Column> {
    let all = [
        (display.reference, "Reference", 28),
        (display.name, "Name", 24),
        (display.description, "Description", 34),
        (display.created_on, "Added", 14),
    ];
    let shown = all.into_iter().filter(|(is_shown, ..)| *is_shown);
    let column = |(_, heading, share)| Column { heading, share, align: Align::Left };
    let mut columns: Vec<_> = shown.map(column).collect();
    let whole: i64 = columns.iter().map(|column| column.share).sum();
    for column in &mut columns {
        column.share = column.share * 1_000 / whole;
    }
    columns
}
