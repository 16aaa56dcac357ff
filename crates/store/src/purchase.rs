//! Purchases and what hangs on them.

mod columns;
mod details;
mod extras;
mod lists;
mod ranges;
mod update;

use billing::{
    draft_invoice::DraftCharge,
    id::{AccountId, CustomerId, PaymentActivityId, ProductId, PurchaseId},
    listing::{Page, Slice},
    named::Named,
    pricing::{Pricing, PricingModel},
    purchase::{AppliedCoupon, NewPurchase, Purchase, PurchaseOrder, PurchaseStatus},
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::Amount;

pub use self::columns::LIST_COLUMNS;
pub use self::extras::{
    delete_coupon, delete_discount, delete_discounts_of, find_coupon, find_coupons, find_discount, insert_coupon,
    insert_discount, share_coupon_uses, update_discount,
};
pub use self::lists::{PRODUCT_LIST_COLUMNS, SUMMARY_COLUMNS, list_of_product, summary};
pub use self::update::update;
use crate::{
    listing::{Source, list as list_page},
    row::{Columns, at, name_opt, text_opt, units_opt},
};

/// An order, what the rules made of it, and the id that it gets.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Its id.
    pub id: PurchaseId,
    /// What was asked for.
    pub order: &'a PurchaseOrder,
    /// What the rules made of it.
    pub terms: &'a NewPurchase,
    /// What its coupon codes stand for.
    pub coupons: &'a [AppliedCoupon],
}

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "customer_id",
    "product_id",
    "status",
    "name",
    "description",
    "quantity",
    "target_order_quantity",
    "is_tracking_items",
    "pricing_model",
    "price_ranges",
    "is_price_overridden",
    "has_details",
    "amount",
    "taxable_amount",
    "is_earning_overridden",
    "earning_interval",
    "earning_number_of_intervals",
    "earning_timing_interval",
    "earning_timing_type",
    "netsuite_location_id",
    "netsuite_class_id",
    "pricing_formula_type",
    "created_at",
    "modified_at",
    "purchased_at",
];

/// Stores purchases of one customer, with their discounts, coupons, custom fields and tracked items: drafts, unless
/// `purchased_at` says when they were charged.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    drafts: &[Draft<'_>],
    purchased_at: Option<Instant>,
    now: Instant,
) -> Result<(), Error> {
    let status = if purchased_at.is_some() { PurchaseStatus::Purchased } else { PurchaseStatus::Draft };
    let rows = drafts.iter().map(|Draft { id, order, terms, .. }| {
        let earning = terms.earning.unwrap_or_default();
        values![
            account.0,
            id.0,
            customer.0,
            terms.product.0,
            status.name(),
            terms.name.as_str(),
            text_opt(terms.description.as_ref()),
            terms.quantity.millionths(),
            units_opt(terms.target_order_quantity),
            terms.is_tracking_items,
            terms.pricing.model().name(),
            ranges::to_text(terms.pricing.ranges()),
            terms.is_price_overridden,
            order.has_details(),
            terms.amount.millionths(),
            terms.taxable_amount.millionths(),
            terms.earning.is_some(),
            name_opt(earning.interval),
            earning.number_of_intervals,
            name_opt(earning.timing_interval),
            name_opt(earning.timing_type),
            text_opt(order.netsuite_location_id.as_ref()),
            text_opt(order.netsuite_class_id.as_ref()),
            text_opt(order.pricing_formula_type.as_ref()),
            at(now),
            at(now),
            purchased_at.map(at)
        ]
    });
    tx.insert("purchase", COLUMNS, rows)?;
    details::insert(tx, account, customer, drafts, now)
}

const SELECT: &str = "p.id, p.customer_id, g.code, p.status, p.product_id, p.name, p.description, p.quantity,
    p.target_order_quantity, p.is_tracking_items, p.pricing_model, p.price_ranges, p.is_price_overridden,
    p.is_earning_overridden, p.earning_interval, p.earning_number_of_intervals, p.earning_timing_interval,
    p.earning_timing_type, p.amount, p.taxable_amount, p.netsuite_location_id, p.netsuite_class_id,
    p.pricing_formula_type, p.salesforce_id, p.created_at, p.modified_at, p.purchased_at, p.cancelled_at, p.reserved_by,
    p.has_details";
const FROM: &str = "purchase p JOIN product g ON g.account_id = p.account_id AND g.id = p.product_id";

/// One purchase with everything that hangs on it.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PurchaseId) -> Result<Option<Purchase>, Error> {
    let sql = format!("SELECT {SELECT} FROM {FROM} WHERE p.account_id = $1 AND p.id = $2");
    let found = tx.query_opt(&sql, &values![account.0, id.0], purchase)?;
    let mut found: Vec<_> = found.into_iter().collect();
    details::fill(tx, account, &mut found)?;
    Ok(found.into_iter().map(|(purchase, _)| purchase).next())
}

/// Like [`find`], when something may have been hung on the purchase that its own row does not tell of yet.
pub fn find_whole(tx: &mut Tx<'_>, account: AccountId, id: PurchaseId) -> Result<Option<Purchase>, Error> {
    let sql = format!("SELECT {SELECT} FROM {FROM} WHERE p.account_id = $1 AND p.id = $2");
    let Some((found, _)) = tx.query_opt(&sql, &values![account.0, id.0], purchase)? else { return Ok(None) };
    let mut found = [(found, true)];
    details::fill(tx, account, &mut found)?;
    let [(found, _)] = found;
    Ok(Some(found))
}

/// Reads what hangs on purchases of which nothing is known yet but that something does.
pub fn read_details(tx: &mut Tx<'_>, account: AccountId, purchases: &mut [(Purchase, bool)]) -> Result<(), Error> {
    details::fill(tx, account, purchases)
}

/// A page of a customer's purchases.
pub fn list(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId, page: &Page) -> Result<Slice<Purchase>, Error> {
    let source = Source {
        select: SELECT,
        from: FROM,
        scope: "p.account_id = $1 AND p.customer_id = $2",
        id: "p.id",
        columns: LIST_COLUMNS,
    };
    let mut slice = list_page(tx, &source, &values![account.0, customer.0], page, purchase)?;
    details::fill(tx, account, &mut slice.rows)?;
    Ok(slice.map(|(purchase, _)| purchase))
}

/// Ids of the draft purchases of a customer that may be charged, oldest first: tracked ones with fewer items than their
/// target wait, as `billing::purchase::Purchase::has_reached_target` says, and so do those that nobody knows any more how
/// to earn, as its `earning` says.
pub fn list_drafts(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<PurchaseId>, Error> {
    tx.query(
        "SELECT p.id FROM purchase p JOIN product g ON g.account_id = p.account_id AND g.id = p.product_id
         WHERE p.account_id = $1 AND p.customer_id = $2 AND p.status = 'Draft'
             AND (p.target_order_quantity IS NULL OR p.quantity >= p.target_order_quantity)
             AND (p.is_earning_overridden OR g.pricing_model IS NOT NULL OR g.product_type = 'PhysicalGood')
         ORDER BY p.id",
        &values![account.0, customer.0],
        |row| row.get(0).map(PurchaseId),
    )
}

/// Ids of all purchases of a customer, oldest first.
pub fn list_ids(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Vec<PurchaseId>, Error> {
    tx.query(
        "SELECT id FROM purchase WHERE account_id = $1 AND customer_id = $2 ORDER BY id",
        &values![account.0, customer.0],
        |row| row.get(0).map(PurchaseId),
    )
}

/// Marks a draft as purchased for so much less discounts, of which so much is open to tax: what was charged.
pub fn mark_purchased(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PurchaseId,
    amount: Amount,
    taxable_amount: Amount,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE purchase SET status = 'Purchased', amount = $3, taxable_amount = $4, purchased_at = $5, modified_at = $5
         WHERE account_id = $1 AND id = $2 AND status = 'Draft'",
        &values![account.0, id.0, amount.millionths(), taxable_amount.millionths(), at(now)],
    )?;
    Ok(())
}

/// Sells what the charge of a purchase has become while it waits on a draft invoice.
pub fn set_sold(tx: &mut Tx<'_>, account: AccountId, charge: &DraftCharge, now: Instant) -> Result<(), Error> {
    let too_large = |error: money::NumberError| Error::Value(error.to_string());
    tx.execute(
        "UPDATE purchase SET quantity = $3, amount = $4, taxable_amount = $5, modified_at = $6
         WHERE account_id = $1 AND id = $2 AND status = 'Purchased'",
        &values![
            account.0,
            charge.purchase.0,
            charge.quantity.millionths(),
            charge.net().map_err(too_large)?.millionths(),
            charge.taxable().map_err(too_large)?.millionths(),
            at(now)
        ],
    )?;
    Ok(())
}

/// Marks a purchase as cancelled.
pub fn mark_cancelled(tx: &mut Tx<'_>, account: AccountId, id: PurchaseId, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE purchase SET status = 'Cancelled', cancelled_at = $3, modified_at = $3
         WHERE account_id = $1 AND id = $2 AND status = 'Purchased'",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(())
}

/// Marks a purchase as reversed, unless it was cancelled; `false` when nothing changed.
pub fn mark_reversed(tx: &mut Tx<'_>, account: AccountId, id: PurchaseId, now: Instant) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE purchase SET status = 'Reversed', modified_at = $3
         WHERE account_id = $1 AND id = $2 AND status = 'Purchased'",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(changed > 0)
}

/// Deletes a draft and everything that hangs on it.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: PurchaseId) -> Result<(), Error> {
    details::delete(tx, account, id)?;
    tx.execute("DELETE FROM purchase WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// A purchase, and whether anything hangs on it.
fn purchase(row: &Row<'_>) -> Result<(Purchase, bool), Error> {
    let mut columns = Columns::of(row);
    let (id, customer) = (PurchaseId(columns.next()?), CustomerId(columns.next()?));
    let product_code = columns.next()?;
    let status = columns.named()?;
    let product = ProductId(columns.next()?);
    let (name, description) = (columns.next()?, columns.next()?);
    let (quantity, target_order_quantity) = (columns.quantity()?, columns.quantity_opt()?);
    let is_tracking_items = columns.next()?;
    let (model, ranges): (PricingModel, String) = (columns.named()?, columns.next()?);
    let pricing = Pricing::new(model, ranges::from_text(&ranges)?).map_err(|error| Error::Value(error.to_string()))?;
    let is_price_overridden = columns.next()?;
    let is_earning_overridden: bool = columns.next()?;
    let earning = columns.earning()?;
    let terms = NewPurchase {
        product,
        name,
        description,
        quantity,
        target_order_quantity,
        is_tracking_items,
        pricing,
        is_price_overridden,
        earning: is_earning_overridden.then_some(earning),
        amount: columns.amount()?,
        taxable_amount: columns.amount()?,
    };
    let purchase = Purchase {
        id,
        customer,
        product_code,
        terms,
        status,
        netsuite_location_id: columns.next()?,
        netsuite_class_id: columns.next()?,
        pricing_formula_type: columns.next()?,
        salesforce_id: columns.next()?,
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
        purchased_at: columns.instant_opt()?,
        cancelled_at: columns.instant_opt()?,
        reserved_by: columns.next::<Option<i64>>()?.map(PaymentActivityId),
        discounts: Vec::new(),
        items: Vec::new(),
        coupon_codes: Vec::new(),
        custom_fields: Vec::new(),
    };
    Ok((purchase, columns.next()?))
}
