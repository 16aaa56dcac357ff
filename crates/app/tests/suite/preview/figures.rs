//! What an invoice comes to in texts that can be compared: as a preview shows it, and as it was posted.

use billing::{
    invoice::{Charge, Invoice},
    preview::{Preview, PreviewLine},
    purchase::Purchase,
};
use money::{Amount, Quantity};

/// Every figure of a preview, and what the lines of each of its charges come to.
pub(super) fn shown(preview: &Preview) -> String {
    let Preview { invoice, total, lines } = preview;
    assert_eq!(lines.len(), invoice.charges.len());
    let sums: Vec<Sums> = invoice.charges.iter().zip(lines).map(|(charge, lines)| sums(charge, lines)).collect();
    format!("{} {total} {sums:#?}", figures(invoice))
}

/// Every figure of a posted invoice, and of its charges what the lines of a preview have to come to.
pub(super) fn posted(invoice: &Invoice) -> String {
    let sums: Vec<Sums> = invoice.charges.iter().map(expected).collect();
    format!("{} {} {sums:#?}", figures(invoice), invoice.totals.amount().unwrap())
}

/// What all lines of a charge come to: quantity, price, what is open to tax, and what each of its discounts takes.
type Sums = (Quantity, Amount, Amount, Vec<Amount>);

fn sums(charge: &Charge, lines: &[PreviewLine]) -> Sums {
    let quantity = lines.iter().map(|line| line.quantity.millionths()).sum();
    let sum = |part: fn(&PreviewLine) -> Amount| Amount::sum(lines.iter().map(part)).unwrap();
    let taken = |id| {
        let parts = lines.iter().flat_map(|line| &line.discounts).filter(|part| part.id == id);
        Amount::sum(parts.map(|part| part.amount)).unwrap()
    };
    let discounts = charge.discounts.iter().map(|discount| taken(discount.id)).collect();
    (Quantity::from_millionths(quantity), sum(|line| line.amount), sum(|line| line.taxable_amount), discounts)
}

fn expected(charge: &Charge) -> Sums {
    let discounts = charge.discounts.iter().map(|discount| discount.amount).collect();
    (charge.quantity, charge.amount, charge.taxable_amount, discounts)
}

/// Every figure of an invoice, without its ids and lines.
fn figures(invoice: &Invoice) -> String {
    let charges: Vec<_> = invoice.charges.iter().map(charge).collect();
    let taxes: Vec<_> = invoice.taxes.iter().map(|tax| &tax.line).collect();
    let due: Vec<_> = invoice.schedules.iter().map(|part| (part.due_at, part.amount, part.outstanding)).collect();
    let Invoice { number, customer, term, posted_at, paid_at, totals, opening_balance, closing_balance, .. } = invoice;
    let head = (number, customer, term, posted_at, paid_at, totals, opening_balance, closing_balance);
    format!("{head:?} {charges:#?} {taxes:#?} {due:?}")
}

fn charge(charge: &Charge) -> String {
    let Charge { product, name, quantity, unit_price, amount, earning, taxable_amount, range_quantity, tiers, .. } =
        charge;
    let discounts: Vec<_> = charge.discounts.iter().map(|taken| (taken.configured, taken.amount)).collect();
    let head = (product, name, quantity, unit_price, amount, earning, taxable_amount, range_quantity);
    format!("{head:?} {tiers:?} {discounts:?}")
}

/// What was sold, without ids and without when.
pub(super) fn purchases(purchases: &[Purchase]) -> String {
    let of = |purchase: &Purchase| {
        let Purchase { terms, status, coupon_codes, discounts, items, custom_fields, .. } = purchase;
        let discounts: Vec<_> = discounts.iter().map(|discount| discount.discount).collect();
        let items: Vec<_> = items.iter().map(|item| &item.order).collect();
        format!("{terms:?} {status:?} {coupon_codes:?} {discounts:?} {items:?} {custom_fields:?}")
    };
    purchases.iter().map(of).collect::<Vec<_>>().join("\n")
}
