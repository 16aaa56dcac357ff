//! Purchases: their status against the charges that they led to, and what was sold against what was charged and tracked.

use billing::{
    id::{AccountId, PurchaseId},
    named::Named as _,
    pricing::PricingModel,
    purchase::PurchaseStatus,
};
use db::{Error, Tx};
use money::{MILLIONTHS, Quantity};
use store::verify::{PurchaseRow, StoredPurchase, StoredSale};

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// A purchase under way.
#[derive(Default)]
struct Open {
    /// `None` when there are only charges and items of it.
    purchase: Option<Purchase>,
    charges: Vec<StoredSale>,
    items: i64,
    /// What the discounts take off the charges, below nothing.
    discounts: Sum,
}

struct Purchase {
    status: String,
    sale: StoredSale,
    tracks_items: bool,
}

/// Compares every purchase with its charges and its items.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_purchase_row(tx, account, |id, row| {
        let open = group.of(id.0, |id, open| open.finish(id, findings));
        match row {
            PurchaseRow::Purchase(StoredPurchase { status, pricing_model, sale, tracks_items }) => {
                compare_pricing(id, pricing_model, findings);
                open.purchase = Some(Purchase { status: status.to_owned(), sale, tracks_items });
            }
            PurchaseRow::Charge(sale) => open.charges.push(sale),
            PurchaseRow::Item => open.items += 1,
            PurchaseRow::Discount(amount) => open.discounts.subtract(amount),
        }
    })?;
    group.end(|id, open| open.finish(id, findings));
    Ok(())
}

impl Open {
    fn finish(self, id: i64, findings: &mut Findings) {
        let Some(Purchase { status, sale, tracks_items }) = self.purchase else {
            let table = if self.charges.is_empty() { "product_item" } else { "charge" };
            return findings.disagrees(Rule::PurchaseCharge, place(table, id, "purchase_id"), "a purchase", id);
        };
        compare_status(id, status, self.charges.len(), findings);
        let place = |column| place("purchase", id, column);
        for charged in self.charges {
            findings.compare(Rule::PurchaseSale, place("product_id"), charged.product.0, sale.product.0);
            findings.compare(Rule::PurchaseSale, place("quantity"), charged.quantity, sale.quantity);
            let mut net = self.discounts;
            net.add(charged.amount);
            findings.compare(Rule::PurchaseSale, place("amount"), net, Sum::from(sale.amount));
            findings.compare(Rule::PurchaseSale, place("taxable_amount"), charged.taxable_amount, sale.taxable_amount);
            // A charge without an invoice is named by another rule.
            if let Some((expected, found)) = charged.customer.zip(sale.customer) {
                findings.compare(Rule::PurchaseSale, place("customer_id"), expected.0, found.0);
            }
        }
        let items = Quantity::from_millionths(self.items.saturating_mul(MILLIONTHS));
        let expected = if tracks_items { items } else { sale.quantity };
        findings.compare(Rule::PurchaseItems, place("quantity"), expected, sale.quantity);
        let may_have_items = tracks_items || self.items == 0;
        findings.compare(Rule::PurchaseItems, place("is_tracking_items"), true, may_have_items);
    }
}

fn compare_pricing(id: PurchaseId, pricing_model: &str, findings: &mut Findings) {
    if PricingModel::from_name(pricing_model).is_some() {
        return findings.agrees(Rule::PurchasePricing);
    }
    let place = place("purchase", id.0, "pricing_model");
    findings.disagrees(Rule::PurchasePricing, place, "a known value", pricing_model);
}

fn compare_status(id: i64, status: String, charge_count: usize, findings: &mut Findings) {
    let is_right = match PurchaseStatus::from_name(&status) {
        Some(PurchaseStatus::Draft) => charge_count == 0,
        Some(PurchaseStatus::Purchased | PurchaseStatus::Reversed) => charge_count == 1,
        // A draft may be cancelled as well as what was charged.
        Some(PurchaseStatus::Cancelled) => charge_count <= 1,
        None => false,
    };
    if is_right {
        return findings.agrees(Rule::PurchaseCharge);
    }
    let expected = format!("a status of {charge_count} charges");
    findings.disagrees(Rule::PurchaseCharge, place("purchase", id, "status"), expected, status);
}
