//! Purchases with the charges that they led to and the items that they track.

use billing::id::{AccountId, CustomerId, ProductId, PurchaseId};
use db::{Error, Row, Tx, values};
use money::{Amount, Quantity};

use super::{each, unknown_part};

/// What was sold to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSale {
    /// To whom; of a charge the customer of its invoice or draft, `None` when there is none.
    pub customer: Option<CustomerId>,
    /// What.
    pub product: ProductId,
    /// How much.
    pub quantity: Quantity,
    /// What it costs before tax: a purchase less its discounts, a charge before them.
    pub amount: Amount,
    /// The part of that which is open to tax.
    pub taxable_amount: Amount,
}

/// What a purchase says of itself, with names as they lie in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPurchase<'r> {
    /// Its status.
    pub status: &'r str,
    /// How it is priced.
    pub pricing_model: &'r str,
    /// What it sells.
    pub sale: StoredSale,
    /// Whether it tracks items.
    pub tracks_items: bool,
}

/// One of the rows of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseRow<'r> {
    /// The purchase.
    Purchase(StoredPurchase<'r>),
    /// A charge, posted or waiting on a draft invoice.
    Charge(StoredSale),
    /// An active item.
    Item,
    /// What a discount takes off a charge.
    Discount(Amount),
}

/// Visits the purchases of an account in order of id, each among its charges, their discounts and active items.
pub fn each_purchase_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(PurchaseId, PurchaseRow<'_>),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT id, 0, status, customer_id, product_id, quantity, is_tracking_items, amount, taxable_amount,
             pricing_model
         FROM purchase WHERE account_id = $1
         UNION ALL
         SELECT c.purchase_id, 1, '', i.customer_id, c.product_id, c.quantity, FALSE,
             c.amount, c.taxable_amount, ''
         FROM charge c LEFT JOIN invoice i ON i.account_id = c.account_id AND i.id = c.invoice_id
         WHERE c.account_id = $1
         UNION ALL
         SELECT c.purchase_id, 1, '', i.customer_id, c.product_id, c.quantity, FALSE, c.amount,
             CASE WHEN c.is_tax_exempt THEN 0 ELSE c.amount - CAST((SELECT COALESCE(SUM(d.amount), 0) FROM draft_discount d
                 WHERE d.account_id = c.account_id AND d.charge_id = c.id) AS BIGINT) END, ''
         FROM draft_charge c LEFT JOIN draft_invoice i ON i.account_id = c.account_id AND i.id = c.draft_invoice_id
         WHERE c.account_id = $1
         UNION ALL
         SELECT c.purchase_id, 3, '', 0, 0, 0, FALSE, d.amount, 0, ''
         FROM draft_discount d JOIN draft_charge c ON c.account_id = d.account_id AND c.id = d.charge_id
         WHERE d.account_id = $1
         UNION ALL
         SELECT purchase_id, 2, '', 0, 0, 0, FALSE, 0, 0, '' FROM product_item
         WHERE account_id = $1 AND status = 'Active'
         UNION ALL
         SELECT c.purchase_id, 3, '', 0, 0, 0, FALSE, d.amount, 0, ''
         FROM charge_discount d JOIN charge c ON c.account_id = d.account_id AND c.id = d.charge_id
         WHERE d.account_id = $1
         ORDER BY 1",
        &values![account.0],
        |row| {
            visit(PurchaseId(row.get(0)?), purchase_row(row)?);
            Ok(())
        },
    )
}

fn purchase_row<'r>(row: &'r Row<'_>) -> Result<PurchaseRow<'r>, Error> {
    Ok(match row.get(1)? {
        0 => {
            let (status, pricing_model, sale) = (row.text(2)?, row.text(9)?, sale(row)?);
            PurchaseRow::Purchase(StoredPurchase { status, pricing_model, sale, tracks_items: row.get(6)? })
        }
        1 => PurchaseRow::Charge(sale(row)?),
        2 => PurchaseRow::Item,
        3 => PurchaseRow::Discount(Amount::from_millionths(row.get(7)?)),
        part => return Err(unknown_part(part)),
    })
}

fn sale(row: &Row<'_>) -> Result<StoredSale, Error> {
    Ok(StoredSale {
        customer: row.get::<Option<i64>>(3)?.map(CustomerId),
        product: ProductId(row.get(4)?),
        quantity: Quantity::from_millionths(row.get(5)?),
        amount: Amount::from_millionths(row.get(7)?),
        taxable_amount: Amount::from_millionths(row.get(8)?),
    })
}
