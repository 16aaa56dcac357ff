//! Products in short (catalog.md §2.3).

use billing::product::{Product, ProductStatus, ProductType};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, wire::scalar::One};

/// The core fields of a product.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductSummary {
    /// Unique in the account.
    code: String,
    /// Printed on invoices.
    name: String,
    /// Printed on invoices.
    description: Option<String>,
    /// What kind of thing it is.
    product_type: Name<ProductType>,
    /// Whether it can be bought.
    status: Name<ProductStatus>,
    /// No tax on it.
    tax_exempt: bool,
    /// May be bought outside a plan.
    available_for_purchase: bool,
    /// Default quantity for purchases.
    quantity: Option<One>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl ProductSummary {
    pub(super) fn of(links: &Links, Product { id, fields, .. }: Product) -> Self {
        Self {
            code: fields.code,
            name: fields.name,
            description: fields.description,
            product_type: Name(fields.product_type),
            status: Name(fields.status),
            tax_exempt: fields.tax_exempt,
            available_for_purchase: fields.available_for_purchase,
            quantity: fields.quantity.map(One),
            id: id.0,
            uri: links.product(id.0),
        }
    }
}
