//! What hangs on purchases: discounts, coupons, custom fields, tracked items.

use std::collections::HashMap;

use billing::{
    id::{AccountId, CouponId, CustomerId, ProductItemId, PurchaseDiscountId, PurchaseId},
    named::Named,
    purchase::{ItemOrder, ProductItem, ProductItemStatus, Purchase, PurchaseDiscount},
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

use super::{
    Draft,
    extras::{COUPON_COLUMNS, DISCOUNT_COLUMNS, coupon_row, discount_row},
};
use crate::{
    custom_field::{self, VALUES_FROM, VALUES_SELECT},
    many::{MANY, padded, placeholders},
    row::{Columns, at, text_opt},
};

/// Stores everything that hangs on new drafts.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    drafts: &[Draft<'_>],
    now: Instant,
) -> Result<(), Error> {
    let with_details = || drafts.iter().filter(|draft| draft.order.has_details());
    if with_details().next().is_none() {
        return Ok(());
    }
    let count = with_details().map(|draft| {
        let brought: usize = draft.coupons.iter().map(|coupon| coupon.discounts.len()).sum();
        draft.order.discounts.len() + brought + draft.coupons.len() + draft.order.items.len()
    });
    let mut ids = tx.next_ids(i64::try_from(count.sum::<usize>()).unwrap_or(i64::MAX))?;
    let (mut discounts, mut coupons, mut fields, mut items) = (vec![], vec![], vec![], vec![]);
    for Draft { id, order, terms, coupons: applied } in with_details() {
        let entered = order.discounts.iter().map(|discount| (discount, None));
        let brought = applied.iter().flat_map(|one| one.discounts.iter().map(|discount| (discount, Some(one.coupon))));
        for (discount, coupon) in entered.chain(brought) {
            discounts.push(discount_row(account, ids.next(), *id, discount, coupon));
        }
        for coupon in *applied {
            coupons.push(coupon_row(account, ids.next(), *id, coupon));
        }
        for (number, field) in (0i64..).zip(&order.custom_fields) {
            fields.push(custom_field::value_row(account, id.0, number, field));
        }
        for item in &order.items {
            items.push(values![
                account.0,
                ids.next(),
                customer.0,
                terms.product.0,
                id.0,
                item.reference.as_str(),
                text_opt(item.name.as_ref()),
                text_opt(item.description.as_ref()),
                ProductItemStatus::Active.name(),
                at(now),
                at(now)
            ]);
        }
    }
    tx.insert("purchase_discount", DISCOUNT_COLUMNS, discounts)?;
    tx.insert("purchase_coupon", COUPON_COLUMNS, coupons)?;
    custom_field::insert_values(tx, fields)?;
    tx.insert("product_item", ITEM_COLUMNS, items)
}

const ITEM_COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "customer_id",
    "product_id",
    "purchase_id",
    "reference",
    "name",
    "description",
    "status",
    "created_at",
    "modified_at",
];

/// Reads what hangs on the purchases that say that something does.
pub(super) fn fill(tx: &mut Tx<'_>, account: AccountId, purchases: &mut [(Purchase, bool)]) -> Result<(), Error> {
    let mut by_id: HashMap<PurchaseId, &mut Purchase> = purchases
        .iter_mut()
        .filter(|(_, has_details)| *has_details)
        .map(|(purchase, _)| (purchase.id, purchase))
        .collect();
    let ids: Vec<_> = by_id.keys().copied().collect();
    for part in ids.chunks(MANY) {
        let mut parameters = vec![Value::from(account.0)];
        parameters.extend(padded(part, |id| Value::from(id.0)));
        let ids = placeholders(2);
        let mut each = |sql: String, put: fn(&mut Purchase, &mut Columns<'_, '_>) -> Result<(), Error>| {
            tx.each(&sql, &parameters, |row: &Row<'_>| {
                let mut columns = Columns::of(row);
                let owner = PurchaseId(columns.next()?);
                by_id.get_mut(&owner).map_or(Ok(()), |purchase| put(purchase, &mut columns))
            })
        };
        each(
            format!(
                "SELECT purchase_id, id, discount_type, amount, coupon_id FROM purchase_discount
                 WHERE account_id = $1 AND purchase_id IN ({ids}) ORDER BY id"
            ),
            put_discount,
        )?;
        each(
            format!(
                "SELECT purchase_id, coupon_code FROM purchase_coupon
                 WHERE account_id = $1 AND purchase_id IN ({ids}) ORDER BY id"
            ),
            put_coupon,
        )?;
        each(
            format!(
                "SELECT f.owner_id, {VALUES_SELECT} FROM {VALUES_FROM}
                 WHERE f.account_id = $1 AND f.owner_id IN ({ids}) ORDER BY f.owner_id, f.field_number"
            ),
            put_custom_field,
        )?;
        each(
            format!(
                "SELECT purchase_id, id, reference, name, description, status, created_at, modified_at FROM product_item
                 WHERE account_id = $1 AND purchase_id IN ({ids}) AND status = 'Active' ORDER BY id"
            ),
            put_item,
        )?;
    }
    Ok(())
}

fn put_discount(purchase: &mut Purchase, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    let id = PurchaseDiscountId(columns.next()?);
    let discount = columns.discount()?;
    let coupon = columns.next::<Option<i64>>()?.map(CouponId);
    purchase.discounts.push(PurchaseDiscount { id, discount, coupon });
    Ok(())
}

fn put_coupon(purchase: &mut Purchase, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    purchase.coupon_codes.push(columns.next()?);
    Ok(())
}

fn put_custom_field(purchase: &mut Purchase, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    purchase.custom_fields.push(custom_field::defined(columns)?);
    Ok(())
}

fn put_item(purchase: &mut Purchase, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    purchase.items.push(ProductItem {
        id: ProductItemId(columns.next()?),
        order: ItemOrder { reference: columns.next()?, name: columns.next()?, description: columns.next()? },
        status: columns.named()?,
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
    });
    Ok(())
}

/// Deletes everything that hangs on one purchase.
pub(super) fn delete(tx: &mut Tx<'_>, account: AccountId, id: PurchaseId) -> Result<(), Error> {
    let id = values![account.0, id.0];
    tx.execute("DELETE FROM purchase_discount WHERE account_id = $1 AND purchase_id = $2", &id)?;
    tx.execute("DELETE FROM purchase_coupon WHERE account_id = $1 AND purchase_id = $2", &id)?;
    tx.execute("DELETE FROM custom_field WHERE account_id = $1 AND owner_id = $2", &id)?;
    tx.execute("DELETE FROM product_item WHERE account_id = $1 AND purchase_id = $2", &id)?;
    Ok(())
}
