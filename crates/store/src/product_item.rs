//! Tracked items of purchases, and who holds a reference.

mod list;

use billing::{
    id::{AccountId, CustomerId, ProductId, ProductItemId, PurchaseId},
    named::Named,
    purchase::{ItemOrder, ProductItem, ProductItemStatus, TrackedItem},
};
use db::{Error, Row, Tx, Value, values};

pub use self::list::{LIST_COLUMNS, list};
use crate::{
    many::{MANY, padded, placeholders},
    row::{Columns, at, text_opt},
};

const SELECT: &str = "i.id, i.reference, i.name, i.description, i.status, i.created_at, i.modified_at, i.purchase_id,
    i.customer_id, i.product_id";

/// One item, active or deleted.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: ProductItemId) -> Result<Option<TrackedItem>, Error> {
    let sql = format!("SELECT {SELECT} FROM product_item i WHERE i.account_id = $1 AND i.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], tracked_item)
}

/// The active items of these purchases, in order of their ids.
pub fn list_of_purchases(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchases: &[PurchaseId],
) -> Result<Vec<TrackedItem>, Error> {
    let sql = format!(
        "SELECT {SELECT} FROM product_item i
         WHERE i.account_id = $1 AND i.status = 'Active' AND i.purchase_id IN ({}) ORDER BY i.id",
        placeholders(2)
    );
    let mut asked = purchases.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let mut found = Vec::new();
    for part in asked.chunks(MANY) {
        let mut parameters = vec![Value::from(account.0)];
        parameters.extend(padded(part, |purchase| Value::from(purchase.0)));
        found.extend(tx.query(&sql, &parameters, tracked_item)?);
    }
    found.sort_by_key(|tracked: &TrackedItem| tracked.item.id);
    Ok(found)
}

/// Stores a new item, which holds its reference.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, tracked: &TrackedItem) -> Result<(), Error> {
    let TrackedItem { item, purchase, customer, product } = tracked;
    tx.execute(
        "INSERT INTO product_item (account_id, id, customer_id, product_id, purchase_id, reference, name, description,
             status, created_at, modified_at, holds_reference)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE)",
        &values![
            account.0,
            item.id.0,
            customer.0,
            product.0,
            purchase.0,
            item.order.reference.as_str(),
            text_opt(item.order.name.as_ref()),
            text_opt(item.order.description.as_ref()),
            item.status.name(),
            at(item.created_at),
            at(item.modified_at)
        ],
    )?;
    Ok(())
}

/// Stores an item's text. Another reference is held from now on; the one that it had is held as it was.
pub fn update(tx: &mut Tx<'_>, account: AccountId, item: &ProductItem) -> Result<(), Error> {
    tx.execute(
        "UPDATE product_item SET holds_reference = (holds_reference OR reference <> $3), reference = $3, name = $4,
             description = $5, modified_at = $6
         WHERE account_id = $1 AND id = $2 AND status = 'Active'",
        &values![
            account.0,
            item.id.0,
            item.order.reference.as_str(),
            text_opt(item.order.name.as_ref()),
            text_opt(item.order.description.as_ref()),
            at(item.modified_at)
        ],
    )?;
    Ok(())
}

/// Marks an item as deleted; its reference is free.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, item: &ProductItem) -> Result<(), Error> {
    tx.execute(
        "UPDATE product_item SET status = $3, holds_reference = FALSE, modified_at = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, item.id.0, ProductItemStatus::Deleted.name(), at(item.modified_at)],
    )?;
    Ok(())
}

/// Which of these references are held by items of the product.
pub fn references_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    product: ProductId,
    references: &[&str],
) -> Result<Vec<String>, Error> {
    let sql = format!(
        "SELECT reference FROM product_item
         WHERE account_id = $1 AND product_id = $2 AND holds_reference AND reference IN ({})",
        placeholders(3)
    );
    let mut found = Vec::new();
    for part in references.chunks(MANY) {
        found.extend(tx.query(&sql, &of_product(account, product, part), |row| row.get(0))?);
    }
    Ok(found)
}

/// Takes these references from items whose purchase is no longer a draft. The items stay active.
pub fn release_finalized(
    tx: &mut Tx<'_>,
    account: AccountId,
    product: ProductId,
    references: &[&str],
) -> Result<(), Error> {
    let sql = format!(
        "UPDATE product_item SET holds_reference = FALSE
         WHERE account_id = $1 AND product_id = $2 AND holds_reference AND reference IN ({})
             AND EXISTS (SELECT 1 FROM purchase p WHERE p.account_id = product_item.account_id
                         AND p.id = product_item.purchase_id AND p.status <> 'Draft')",
        placeholders(3)
    );
    for part in references.chunks(MANY) {
        tx.execute(&sql, &of_product(account, product, part))?;
    }
    Ok(())
}

fn of_product<'v>(account: AccountId, product: ProductId, references: &'v [&'v str]) -> Vec<Value<'v>> {
    let mut parameters = vec![Value::from(account.0), Value::from(product.0)];
    parameters.extend(padded(references, |reference| Value::from(*reference)));
    parameters
}

/// An item, from the columns of [`SELECT`].
fn tracked_item(row: &Row<'_>) -> Result<TrackedItem, Error> {
    let mut columns = Columns::of(row);
    Ok(TrackedItem {
        item: ProductItem {
            id: ProductItemId(columns.next()?),
            order: ItemOrder { reference: columns.next()?, name: columns.next()?, description: columns.next()? },
            status: columns.named()?,
            created_at: columns.instant()?,
            modified_at: columns.instant()?,
        },
        purchase: PurchaseId(columns.next()?),
        customer: CustomerId(columns.next()?),
        product: ProductId(columns.next()?),
    })
}
