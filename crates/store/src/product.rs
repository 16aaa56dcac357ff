//! Products and their prices.

use std::collections::HashMap;

use billing::{
    custom_field::CustomField,
    id::{AccountId, ProductId},
    listing::{Kind, Page, Slice},
    named::Named,
    pricing::PricingModel,
    product::{OrderToCashCycle, Product, ProductFields, ProductStatus, ProductType, QuantityRange},
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

use crate::{
    custom_field::{self, VALUES_FROM, VALUES_SELECT},
    listing::{Column, Source, column, list as list_page, searched},
    many::each_of,
    presence,
    row::{Columns, at, name_opt, text_opt, units_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "code",
    "name",
    "description",
    "product_type",
    "status",
    "tax_exempt",
    "available_for_purchase",
    "is_tracking_items",
    "quantity",
    "pricing_model",
    "earning_interval",
    "earning_number_of_intervals",
    "earning_timing_interval",
    "earning_timing_type",
    "avalara_item_code",
    "avalara_tax_code",
    "gl_code",
    "gl_code_name",
    "salesforce_id",
    "netsuite_item_id",
    "digital_river_country_of_origin",
    "digital_river_tax_code",
    "digital_river_eccn",
    "pushed_to_digital_river",
    "quickbooks_item_id",
    "quickbooks_record_type",
    "modified_at",
    "created_at",
];

/// Stores a new product with its prices and custom fields.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: ProductId,
    fields: &ProductFields,
    now: Instant,
) -> Result<(), Error> {
    let mut row = field_values(account, id, fields, now);
    row.push(at(now));
    tx.insert("product", COLUMNS, [row])?;
    insert_children(tx, account, id, fields)
}

/// Replaces what callers write of a product, prices and custom fields included.
pub fn update(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: ProductId,
    fields: &ProductFields,
    now: Instant,
) -> Result<(), Error> {
    let writable = &COLUMNS[2..COLUMNS.len() - 1];
    let assignments = writable.iter().zip(3..).map(|(column, number)| format!("{column} = ${number}"));
    let sql =
        format!("UPDATE product SET {} WHERE account_id = $1 AND id = $2", assignments.collect::<Vec<_>>().join(", "));
    tx.execute(&sql, &field_values(account, id, fields, now))?;
    tx.execute("DELETE FROM product_price WHERE account_id = $1 AND product_id = $2", &values![account.0, id.0])?;
    tx.execute("DELETE FROM custom_field WHERE account_id = $1 AND owner_id = $2", &values![account.0, id.0])?;
    insert_children(tx, account, id, fields)
}

/// The columns up to `modified_at`, in order.
fn field_values(account: AccountId, id: ProductId, fields: &ProductFields, now: Instant) -> Vec<Value<'_>> {
    let cycle = fields.cycle.as_ref();
    let earning = cycle.map(|cycle| cycle.earning).unwrap_or_default();
    values![
        account.0,
        id.0,
        fields.code.as_str(),
        fields.name.as_str(),
        text_opt(fields.description.as_ref()),
        fields.product_type.name(),
        fields.status.name(),
        fields.tax_exempt,
        fields.available_for_purchase,
        fields.is_tracking_items,
        units_opt(fields.quantity),
        name_opt(cycle.map(|cycle| cycle.pricing_model)),
        name_opt(earning.interval),
        earning.number_of_intervals,
        name_opt(earning.timing_interval),
        name_opt(earning.timing_type),
        text_opt(fields.avalara_item_code.as_ref()),
        text_opt(fields.avalara_tax_code.as_ref()),
        text_opt(fields.gl_code.as_ref()),
        text_opt(fields.gl_code_name.as_ref()),
        text_opt(fields.salesforce_id.as_ref()),
        text_opt(fields.netsuite_item_id.as_ref()),
        fields.digital_river_country_of_origin,
        fields.digital_river_tax_code,
        fields.digital_river_eccn,
        fields.pushed_to_digital_river,
        fields.quickbooks_item_id,
        text_opt(fields.quickbooks_record_type.as_ref()),
        at(now)
    ]
    .into()
}

fn insert_children(tx: &mut Tx<'_>, account: AccountId, id: ProductId, fields: &ProductFields) -> Result<(), Error> {
    let ranges = fields.cycle.iter().flat_map(|cycle| (0i64..).zip(&cycle.ranges));
    let prices = ranges.flat_map(|(number, range)| {
        range.prices.iter().map(move |(currency, price)| {
            values![
                account.0,
                id.0,
                number,
                currency.code(),
                range.min.millionths(),
                units_opt(range.max),
                price.millionths()
            ]
        })
    });
    tx.insert("product_price", PRICE_COLUMNS, prices)?;
    let custom = (0i64..).zip(&fields.custom_fields);
    let custom = custom.map(|(number, field)| custom_field::value_row(account, id.0, number, field));
    custom_field::insert_values(tx, custom)
}

const PRICE_COLUMNS: &[&str] =
    &["account_id", "product_id", "range_number", "currency", "min_quantity", "max_quantity", "amount"];

const SELECT: &str = "p.id, p.code, p.name, p.description, p.product_type, p.status, p.tax_exempt,
    p.available_for_purchase, p.is_tracking_items, p.quantity, p.pricing_model, p.earning_interval,
    p.earning_number_of_intervals, p.earning_timing_interval, p.earning_timing_type, p.avalara_item_code,
    p.avalara_tax_code, p.gl_code, p.gl_code_name, p.salesforce_id, p.netsuite_item_id,
    p.digital_river_country_of_origin, p.digital_river_tax_code, p.digital_river_eccn, p.pushed_to_digital_river,
    p.quickbooks_item_id, p.quickbooks_record_type,
    (NOT EXISTS (SELECT 1 FROM product_use u WHERE u.account_id = p.account_id AND u.product_id = p.id))";

/// Whether nothing has ever used the product, which is the last of [`SELECT`] too.
const DELETABLE: &str =
    "(NOT EXISTS (SELECT 1 FROM product_use u WHERE u.account_id = p.account_id AND u.product_id = p.id))";

/// One product with its prices and custom fields.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: ProductId) -> Result<Option<Product>, Error> {
    let found = tx.query_opt(&one(), &values![account.0, id.0], product)?;
    filled(tx, account, found)
}

/// Like [`find`], and the product stays as it is until the transaction ends: a price that a sale has read is one that the
/// product has. Others may share it too. Whoever needs several asks in the order of their ids.
pub fn share(tx: &mut Tx<'_>, account: AccountId, id: ProductId) -> Result<Option<Product>, Error> {
    let found = tx.share(&one(), &values![account.0, id.0], product)?;
    filled(tx, account, found)
}

fn one() -> String {
    format!("SELECT {SELECT} FROM product p WHERE p.account_id = $1 AND p.id = $2")
}

fn filled(tx: &mut Tx<'_>, account: AccountId, found: Option<Product>) -> Result<Option<Product>, Error> {
    let mut found = Vec::from_iter(found);
    fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// The product that has this code.
pub fn find_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<ProductId>, Error> {
    tx.query_opt("SELECT id FROM product WHERE account_id = $1 AND code = $2", &values![account.0, code], |row| {
        row.get(0).map(ProductId)
    })
}

/// Locks a product against changes by others until the transaction ends; `false` when there is none.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: ProductId) -> Result<bool, Error> {
    presence::lock(tx, "SELECT id FROM product WHERE account_id = $1 AND id = $2", account, id.0)
}

/// Remembers that a product is in use, so that it can no longer be deleted. Whoever marks several does so in the order of
/// their ids, because of two who mark a product for the first time one waits for the other.
pub fn mark_used(tx: &mut Tx<'_>, account: AccountId, id: ProductId) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO product_use (account_id, product_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        &values![account.0, id.0],
    )?;
    Ok(())
}

/// Names that products can be filtered and sorted by (catalog.md §2.3).
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "p.id"),
    column("availableForPurchase", Kind::Boolean, "p.available_for_purchase"),
    column("avalaraItemCode", Kind::Text, "p.avalara_item_code"),
    column("avalaraTaxCode", Kind::Text, "p.avalara_tax_code"),
    searched("code", Kind::Text, "p.code"),
    column("createdTimestamp", Kind::Instant, "p.created_at"),
    column("deletable", Kind::Boolean, DELETABLE),
    column("description", Kind::Text, "p.description"),
    column("glCode.Code", Kind::Text, "p.gl_code"),
    column("glCode.Name", Kind::Text, "p.gl_code_name"),
    column("isTrackingItems", Kind::Boolean, "p.is_tracking_items"),
    column("modifiedTimestamp", Kind::Instant, "p.modified_at"),
    searched("name", Kind::Text, "p.name"),
    column("netsuiteItemId", Kind::Text, "p.netsuite_item_id"),
    column("productType", Kind::Enum(ProductType::NAMES), "p.product_type"),
    column("quantity", Kind::Decimal, "p.quantity"),
    column("salesforceId", Kind::Text, "p.salesforce_id"),
    column("status", Kind::Enum(ProductStatus::NAMES), "p.status"),
    column("taxExempt", Kind::Boolean, "p.tax_exempt"),
];

/// A page of products, with prices and custom fields.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<Product>, Error> {
    let source =
        Source { select: SELECT, from: "product p", scope: "p.account_id = $1", id: "p.id", columns: LIST_COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0], page, product)?;
    fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

/// Names that the summary of products can be filtered and sorted by (catalog.md §2.3).
pub const SUMMARY_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "p.id"),
    column("availableForPurchase", Kind::Boolean, "p.available_for_purchase"),
    searched("code", Kind::Text, "p.code"),
    column("createdTimestamp", Kind::Instant, "p.created_at"),
    column("description", Kind::Text, "p.description"),
    searched("name", Kind::Text, "p.name"),
    column("productType", Kind::Enum(ProductType::NAMES), "p.product_type"),
    column("quantity", Kind::Decimal, "p.quantity"),
    column("status", Kind::Enum(ProductStatus::NAMES), "p.status"),
    column("taxExempt", Kind::Boolean, "p.tax_exempt"),
];

/// A page of products without prices and custom fields.
pub fn summary(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<Product>, Error> {
    let source =
        Source { select: SELECT, from: "product p", scope: "p.account_id = $1", id: "p.id", columns: SUMMARY_COLUMNS };
    list_page(tx, &source, &values![account.0], page, product)
}

/// Deletes a product, its prices and the values of its custom fields.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: ProductId) -> Result<(), Error> {
    let of = values![account.0, id.0];
    tx.execute("DELETE FROM product_price WHERE account_id = $1 AND product_id = $2", &of)?;
    tx.execute("DELETE FROM custom_field WHERE account_id = $1 AND owner_id = $2", &of)?;
    tx.execute("DELETE FROM product WHERE account_id = $1 AND id = $2", &of)?;
    Ok(())
}

fn product(row: &Row<'_>) -> Result<Product, Error> {
    let mut columns = Columns::of(row);
    let id = ProductId(columns.next()?);
    let (code, name, description) = (columns.next()?, columns.next()?, columns.next()?);
    let (product_type, status) = (columns.named()?, columns.named()?);
    let (tax_exempt, available_for_purchase, is_tracking_items) = (columns.next()?, columns.next()?, columns.next()?);
    let quantity = columns.quantity_opt()?;
    let pricing_model: Option<PricingModel> = columns.named_opt()?;
    let earning = columns.earning()?;
    let fields = ProductFields {
        code,
        name,
        description,
        product_type,
        status,
        tax_exempt,
        cycle: pricing_model.map(|pricing_model| OrderToCashCycle { pricing_model, ranges: Vec::new(), earning }),
        available_for_purchase,
        is_tracking_items,
        quantity,
        avalara_item_code: columns.next()?,
        avalara_tax_code: columns.next()?,
        gl_code: columns.next()?,
        gl_code_name: columns.next()?,
        custom_fields: Vec::new(),
        salesforce_id: columns.next()?,
        netsuite_item_id: columns.next()?,
        digital_river_country_of_origin: columns.next()?,
        digital_river_tax_code: columns.next()?,
        digital_river_eccn: columns.next()?,
        pushed_to_digital_river: columns.next()?,
        quickbooks_item_id: columns.next()?,
        quickbooks_record_type: columns.next()?,
    };
    Ok(Product { id, fields, deletable: columns.next()?, custom_fields: Vec::new() })
}

/// Reads the prices and custom fields of products.
fn fill(tx: &mut Tx<'_>, account: AccountId, products: &mut [Product]) -> Result<(), Error> {
    let ids: Vec<_> = products.iter().map(|product| product.id.0).collect();
    let mut by_id: HashMap<_, _> = products.iter_mut().map(|product| (product.id.0, product)).collect();
    let prices = "SELECT product_id, range_number, min_quantity, max_quantity, currency, amount FROM product_price
         WHERE account_id = $1 AND product_id IN ({owners}) ORDER BY product_id, range_number, currency";
    each_of(tx, account, &ids, prices, |id, columns| {
        let cycle = by_id.get_mut(&id).and_then(|product| product.fields.cycle.as_mut());
        cycle.map_or(Ok(()), |cycle| put_price(&mut cycle.ranges, columns))
    })?;
    let fields = format!(
        "SELECT f.owner_id, {VALUES_SELECT} FROM {VALUES_FROM}
         WHERE f.account_id = $1 AND f.owner_id IN ({{owners}}) ORDER BY f.owner_id, f.field_number"
    );
    each_of(tx, account, &ids, &fields, |id, columns| {
        let field = custom_field::defined(columns)?;
        if let Some(product) = by_id.get_mut(&id) {
            product.fields.custom_fields.push(CustomField::from(field.clone()));
            product.custom_fields.push(field);
        }
        Ok(())
    })
}

/// A price, in the range that it belongs to: ranges come in order.
fn put_price(ranges: &mut Vec<QuantityRange>, columns: &mut Columns<'_, '_>) -> Result<(), Error> {
    let number: i64 = columns.next()?;
    let (min, max) = (columns.quantity()?, columns.quantity_opt()?);
    if usize::try_from(number).is_ok_and(|number| number == ranges.len()) {
        ranges.push(QuantityRange { min, max, prices: Vec::new() });
    }
    let price = (columns.currency()?, columns.price()?);
    if let Some(range) = ranges.last_mut() {
        range.prices.push(price);
    }
    Ok(())
}
