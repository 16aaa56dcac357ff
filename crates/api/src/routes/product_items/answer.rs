//! What callers are shown of tracked items.

use billing::{
    id::{CustomerId, ProductId, PurchaseId},
    purchase::{ProductItem, ProductItemStatus},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, wire::scalar::At};

/// A tracked item.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Item {
    /// Unique among the active items of the product.
    reference: String,
    /// A name.
    name: Option<String>,
    /// A description.
    description: Option<String>,
    /// The purchase it belongs to.
    purchase_id: i64,
    /// The buyer.
    customer_id: i64,
    /// The product sold.
    product_id: i64,
    /// Whether it still belongs to its purchase.
    status: Name<ProductItemStatus>,
    /// Creation.
    created_date: At,
    /// Last change.
    modified_date: At,
    /// Its id; 0 in a preview.
    id: i64,
    /// Where it is read; null in a preview.
    uri: Option<String>,
}

impl Item {
    pub(in crate::routes) fn of(
        links: &Links,
        item: &ProductItem,
        purchase: PurchaseId,
        customer: CustomerId,
        product: ProductId,
    ) -> Self {
        let ProductItem { id, order, status, created_at, modified_at } = item;
        Self {
            reference: order.reference.clone(),
            name: order.name.clone(),
            description: order.description.clone(),
            purchase_id: purchase.0,
            customer_id: customer.0,
            product_id: product.0,
            status: Name(*status),
            created_date: At(*created_at),
            modified_date: At(*modified_at),
            id: id.0,
            uri: links.made(id.0, Links::product_item),
        }
    }
}
