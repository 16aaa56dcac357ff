//! What hangs on purchases: discounts, coupons, custom fields, tracked items.

use std::collections::HashMap;

use billing::{
    custom_field::CustomField,
    discount::Discount,
    id::{AccountId, CustomerId, ProductItemId, PurchaseDiscountId, PurchaseId},
    named::Named,
    purchase::{ItemOrder, ProductItem, ProductItemStatus, Purchase, PurchaseDiscount, PurchaseOrder},
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

use super::Draft;
use crate::{
    many::{MANY, padded, placeholders},
    row::{Columns, at, text_opt},
};

/// Whether an order brings anything that is stored beside its row.
pub(super) fn has_any(order: &PurchaseOrder) -> bool {
    !(order.discounts.is_empty()
        && order.coupon_codes.is_empty()
        && order.custom_fields.is_empty()
        && order.items.is_empty())
}

/// Stores everything that hangs on new drafts.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    drafts: &[Draft<'_>],
    now: Instant,
) -> Result<(), Error> {
    let with_details = || drafts.iter().filter(|draft| has_any(draft.order));
    if with_details().next().is_none() {
        return Ok(());
    }
    let count = with_details()
        .map(|draft| draft.order.discounts.len() + draft.order.coupon_codes.len() + draft.order.items.len());
    let mut ids = tx.next_ids(i64::try_from(count.sum::<usize>()).unwrap_or(i64::MAX))?;
    let (mut discounts, mut coupons, mut fields, mut items) = (vec![], vec![], vec![], vec![]);
    for Draft { id, order, terms } in with_details() {
        for discount in &order.discounts {
            let amount = discount.amount.millionths();
            discounts.push(values![account.0, ids.next(), id.0, discount.discount_type.name(), amount]);
        }
        for code in &order.coupon_codes {
            coupons.push(values![account.0, ids.next(), id.0, code.as_str()]);
        }
        for (number, field) in (0i64..).zip(&order.custom_fields) {
            fields.push(values![account.0, id.0, number, field.key.as_str(), text_opt(field.value.as_ref())]);
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
    tx.insert("purchase_discount", &["account_id", "id", "purchase_id", "discount_type", "amount"], discounts)?;
    tx.insert("purchase_coupon", &["account_id", "id", "purchase_id", "coupon_code"], coupons)?;
    tx.insert("custom_field", &["account_id", "owner_id", "field_number", "field_key", "field_value"], fields)?;
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
                "SELECT purchase_id, id, discount_type, amount FROM purchase_discount
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
                "SELECT owner_id, field_key, field_value FROM custom_field
                 WHERE account_id = $1 AND owner_id IN ({ids}) ORDER BY owner_id, field_number"
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
    let discount = Discount { discount_type: columns.named()?, amount: columns.price()? };
    purchase.discounts.push(PurchaseDiscount { id, discount });
    Ok(())
}

fn put_coupon(purchase: &mut Purchase, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    purchase.coupon_codes.push(columns.next()?);
    Ok(())
}

fn put_custom_field(purchase: &mut Purchase, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    purchase.custom_fields.push(CustomField { key: columns.next()?, value: columns.next()? });
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
