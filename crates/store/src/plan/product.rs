//! Products within plans.

mod cycle;

use billing::{
    id::{AccountId, PlanId, PlanProductId, ProductId},
    listing::{Kind, Page, Slice},
    named::Named,
    plan::product::{PlanProduct, PlanProductFields, PlanProductStatus},
    product::ProductType,
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

pub use self::cycle::replace_cycles;
use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    row::{Columns, at, text_opt, units_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "status",
    "code",
    "name",
    "description",
    "quantity",
    "max_quantity",
    "is_fixed",
    "is_optional",
    "is_included_by_default",
    "is_tracking_items",
    "charge_at_subscription_activation",
    "generate_zero_dollar_charge",
    "modified_at",
    "created_at",
    "plan_id",
    "product_id",
];

/// Stores a new plan product with its cycles.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, product: &PlanProduct, now: Instant) -> Result<(), Error> {
    let mut row = field_values(account, product.id, &product.fields, now);
    row.extend([at(now), Value::from(product.plan.0), Value::from(product.product.0)]);
    tx.insert("plan_product", COLUMNS, [row])?;
    cycle::insert(tx, account, product.id, &product.cycles)
}

/// Replaces what callers write of a plan product, without its cycles.
pub fn update(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PlanProductId,
    fields: &PlanProductFields,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE plan_product SET status = $3, code = $4, name = $5, description = $6, quantity = $7, max_quantity = $8,
             is_fixed = $9, is_optional = $10, is_included_by_default = $11, is_tracking_items = $12,
             charge_at_subscription_activation = $13, generate_zero_dollar_charge = $14, modified_at = $15
         WHERE account_id = $1 AND id = $2",
        &field_values(account, id, fields, now),
    )?;
    Ok(())
}

/// The columns up to `modified_at`, in order.
fn field_values(account: AccountId, id: PlanProductId, fields: &PlanProductFields, now: Instant) -> Vec<Value<'_>> {
    values![
        account.0,
        id.0,
        fields.status.name(),
        text_opt(fields.code.as_ref()),
        text_opt(fields.name.as_ref()),
        text_opt(fields.description.as_ref()),
        fields.quantity.millionths(),
        units_opt(fields.max_quantity),
        fields.is_fixed,
        fields.is_optional,
        fields.is_included_by_default,
        fields.is_tracking_items,
        fields.charge_at_subscription_activation,
        fields.generate_zero_dollar_charge,
        at(now)
    ]
    .into()
}

/// Takes a product out of its plan.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: PlanProductId, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE plan_product SET status = 'Deleted', modified_at = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(())
}

const SELECT: &str = "o.id, o.plan_id, o.product_id, p.product_type, p.status, p.gl_code, o.status, o.code, o.name,
    o.description, o.quantity, o.max_quantity, o.is_fixed, o.is_optional, o.is_included_by_default,
    o.is_tracking_items, o.charge_at_subscription_activation, o.generate_zero_dollar_charge";
const FROM: &str = "plan_product o JOIN product p ON p.account_id = o.account_id AND p.id = o.product_id";

/// One plan product with its cycles, deleted ones included.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PlanProductId) -> Result<Option<PlanProduct>, Error> {
    let sql = format!("SELECT {SELECT} FROM {FROM} WHERE o.account_id = $1 AND o.id = $2");
    let mut found: Vec<_> = tx.query_opt(&sql, &values![account.0, id.0], plan_product)?.into_iter().collect();
    cycle::fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// Names that plan products can be filtered and sorted by (catalog.md §5.3).
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "o.id"),
    column("chargeAtSubscriptionActivation", Kind::Boolean, "o.charge_at_subscription_activation"),
    searched("code", Kind::Text, "o.code"),
    column("createdTimestamp", Kind::Instant, "o.created_at"),
    column("description", Kind::Text, "o.description"),
    column("generateZeroDollarCharge", Kind::Boolean, "o.generate_zero_dollar_charge"),
    column("isFixed", Kind::Boolean, "o.is_fixed"),
    column("isIncludedByDefault", Kind::Boolean, "o.is_included_by_default"),
    column("isOptional", Kind::Boolean, "o.is_optional"),
    column("isRecurring", Kind::Boolean, "(p.product_type = 'RecurringService')"),
    column("isTrackingItems", Kind::Boolean, "o.is_tracking_items"),
    column("maxQuantity", Kind::Decimal, "o.max_quantity"),
    column("modifiedTimestamp", Kind::Instant, "o.modified_at"),
    searched("name", Kind::Text, "o.name"),
    column("planId", Kind::Integer, "o.plan_id"),
    column("productId", Kind::Integer, "o.product_id"),
    column("productType", Kind::Enum(ProductType::NAMES), "p.product_type"),
    column("quantity", Kind::Decimal, "o.quantity"),
    column("status", Kind::Enum(PlanProductStatus::NAMES), "o.status"),
];

/// A page of a plan's products, in any status.
pub fn list_of_plan(tx: &mut Tx<'_>, account: AccountId, of: PlanId, page: &Page) -> Result<Slice<PlanProduct>, Error> {
    list(tx, account, "o.account_id = $1 AND o.plan_id = $2", of.0, page)
}

/// A page of the plan products made from a product.
pub fn list_of_product(
    tx: &mut Tx<'_>,
    account: AccountId,
    of: ProductId,
    page: &Page,
) -> Result<Slice<PlanProduct>, Error> {
    list(tx, account, "o.account_id = $1 AND o.product_id = $2", of.0, page)
}

fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    scope: &'static str,
    of: i64,
    page: &Page,
) -> Result<Slice<PlanProduct>, Error> {
    let source = Source { select: SELECT, from: FROM, scope, id: "o.id", columns: LIST_COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0, of], page, plan_product)?;
    cycle::fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

fn plan_product(row: &Row<'_>) -> Result<PlanProduct, Error> {
    let mut columns = Columns::of(row);
    Ok(PlanProduct {
        id: PlanProductId(columns.next()?),
        plan: PlanId(columns.next()?),
        product: ProductId(columns.next()?),
        product_type: columns.named()?,
        product_status: columns.named()?,
        gl_code: columns.next()?,
        fields: PlanProductFields {
            status: columns.named()?,
            code: columns.next()?,
            name: columns.next()?,
            description: columns.next()?,
            quantity: columns.quantity()?,
            max_quantity: columns.quantity_opt()?,
            is_fixed: columns.next()?,
            is_optional: columns.next()?,
            is_included_by_default: columns.next()?,
            is_tracking_items: columns.next()?,
            charge_at_subscription_activation: columns.next()?,
            generate_zero_dollar_charge: columns.next()?,
        },
        cycles: Vec::new(),
    })
}
