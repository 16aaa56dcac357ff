//! Discounts of the catalogue.

use std::collections::HashMap;

use billing::{
    catalogue_discount::{CatalogueDiscount, DiscountFields, DiscountStatus, FrequencyOverride, Usages},
    discount::DiscountType,
    id::{AccountId, DiscountId},
    listing::{Kind, Page, Slice},
    named::Named,
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    many::each_of,
    presence,
    row::{Columns, at, text_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "name",
    "description",
    "code",
    "discount_type",
    "amount",
    "remaining_usages_until_start",
    "remaining_usage",
    "status",
    "modified_at",
    "created_at",
];

/// Stores a new discount.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: DiscountId,
    fields: &DiscountFields,
    now: Instant,
) -> Result<(), Error> {
    let mut row = field_values(account, id, fields, now);
    row.push(at(now));
    tx.insert("discount", COLUMNS, [row])?;
    insert_overrides(tx, account, id, fields)
}

/// Replaces what callers write of a discount.
pub fn update(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: DiscountId,
    fields: &DiscountFields,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE discount SET name = $3, description = $4, code = $5, discount_type = $6, amount = $7,
             remaining_usages_until_start = $8, remaining_usage = $9, status = $10, modified_at = $11
         WHERE account_id = $1 AND id = $2",
        &field_values(account, id, fields, now),
    )?;
    delete_overrides(tx, account, id)?;
    insert_overrides(tx, account, id, fields)
}

/// Deletes a discount that no coupon includes.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: DiscountId) -> Result<(), Error> {
    delete_overrides(tx, account, id)?;
    tx.execute("DELETE FROM discount WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// Whether a coupon includes the discount.
pub fn is_in_coupon(tx: &mut Tx<'_>, account: AccountId, id: DiscountId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM coupon_discount WHERE account_id = $1 AND discount_id = $2
         UNION ALL
         SELECT 1 FROM coupon_eligibility_discount WHERE account_id = $1 AND discount_id = $2
         LIMIT 1";
    presence::is_any(tx, sql, &values![account.0, id.0])
}

/// Locks a discount against changes by others until the transaction ends; `false` when there is none.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: DiscountId) -> Result<bool, Error> {
    presence::lock(tx, "SELECT id FROM discount WHERE account_id = $1 AND id = $2", account, id.0)
}

/// The columns up to `modified_at`, in order.
fn field_values(account: AccountId, id: DiscountId, fields: &DiscountFields, now: Instant) -> Vec<Value<'_>> {
    values![
        account.0,
        id.0,
        fields.name.as_str(),
        text_opt(fields.description.as_ref()),
        fields.code.as_str(),
        fields.discount.discount_type.name(),
        fields.discount.amount.millionths(),
        fields.usages.until_start,
        fields.usages.remaining,
        fields.status.name(),
        at(now)
    ]
    .into()
}

const OVERRIDE_COLUMNS: &[&str] = &[
    "account_id",
    "discount_id",
    "override_number",
    "frequency_interval",
    "number_of_intervals",
    "discount_type",
    "amount",
    "remaining_usages_until_start",
    "remaining_usage",
];

fn insert_overrides(tx: &mut Tx<'_>, account: AccountId, id: DiscountId, fields: &DiscountFields) -> Result<(), Error> {
    let rows = (0i64..).zip(&fields.frequency_overrides).map(|(number, one)| {
        values![
            account.0,
            id.0,
            number,
            one.interval.name(),
            one.number_of_intervals,
            one.discount.discount_type.name(),
            one.discount.amount.millionths(),
            one.usages.until_start,
            one.usages.remaining
        ]
    });
    tx.insert("discount_frequency_override", OVERRIDE_COLUMNS, rows)
}

fn delete_overrides(tx: &mut Tx<'_>, account: AccountId, id: DiscountId) -> Result<(), Error> {
    let sql = "DELETE FROM discount_frequency_override WHERE account_id = $1 AND discount_id = $2";
    tx.execute(sql, &values![account.0, id.0])?;
    Ok(())
}

const SELECT: &str = "d.id, d.name, d.description, d.code, d.discount_type, d.amount, d.remaining_usages_until_start,
    d.remaining_usage, d.status";

/// One discount.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: DiscountId) -> Result<Option<CatalogueDiscount>, Error> {
    let sql = format!("SELECT {SELECT} FROM discount d WHERE d.account_id = $1 AND d.id = $2");
    let mut found = Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], discount)?);
    fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// The discount that has this code.
pub fn find_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<DiscountId>, Error> {
    let sql = "SELECT id FROM discount WHERE account_id = $1 AND code = $2";
    tx.query_opt(sql, &values![account.0, code], |row| row.get(0).map(DiscountId))
}

/// Names that discounts can be filtered and sorted by (catalog.md §7).
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "d.id"),
    column("amount", Kind::Decimal, "d.amount"),
    searched("code", Kind::Text, "d.code"),
    column("description", Kind::Text, "d.description"),
    column("discountType", Kind::Enum(DiscountType::NAMES), "d.discount_type"),
    searched("name", Kind::Text, "d.name"),
    column("remainingUsage", Kind::Integer, "d.remaining_usage"),
    column("remainingUsagesUntilStart", Kind::Integer, "d.remaining_usages_until_start"),
    column("status", Kind::Enum(DiscountStatus::NAMES), "d.status"),
];

/// A page of discounts.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<CatalogueDiscount>, Error> {
    let source =
        Source { select: SELECT, from: "discount d", scope: "d.account_id = $1", id: "d.id", columns: LIST_COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0], page, discount)?;
    fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

fn discount(row: &Row<'_>) -> Result<CatalogueDiscount, Error> {
    let mut columns = Columns::of(row);
    let id = DiscountId(columns.next()?);
    let fields = DiscountFields {
        name: columns.next()?,
        description: columns.next()?,
        code: columns.next()?,
        discount: columns.discount()?,
        usages: Usages { until_start: columns.next()?, remaining: columns.next()? },
        status: columns.named()?,
        frequency_overrides: Vec::new(),
    };
    Ok(CatalogueDiscount { id, fields })
}

fn fill(tx: &mut Tx<'_>, account: AccountId, discounts: &mut [CatalogueDiscount]) -> Result<(), Error> {
    let ids: Vec<_> = discounts.iter().map(|discount| discount.id.0).collect();
    let mut by_id: HashMap<_, _> = discounts.iter_mut().map(|discount| (discount.id.0, discount)).collect();
    let sql = "SELECT discount_id, frequency_interval, number_of_intervals, discount_type, amount,
             remaining_usages_until_start, remaining_usage
         FROM discount_frequency_override
         WHERE account_id = $1 AND discount_id IN ({owners}) ORDER BY discount_id, override_number";
    each_of(tx, account, &ids, sql, |id, columns| {
        let one = FrequencyOverride {
            interval: columns.named()?,
            number_of_intervals: columns.next()?,
            discount: columns.discount()?,
            usages: Usages { until_start: columns.next()?, remaining: columns.next()? },
        };
        by_id.entry(id).and_modify(|discount| discount.fields.frequency_overrides.push(one));
        Ok(())
    })
}
