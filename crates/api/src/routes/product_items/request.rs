//! What callers send about tracked items, and what it means.

use app::product_items::{create, update};
use billing::{
    id::{ProductItemId, PurchaseId},
    problem::{Problem, Problems},
    purchase::ItemOrder,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    routes::parse::{required, required_text, text},
    wire::shape::Both,
};

/// A tracked item.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct ItemRequest {
    /// Unique among the active items of the product in the account. Required.
    #[schemars(length(max = 255))]
    reference: Option<String>,
    /// A name.
    #[schemars(length(max = 100))]
    name: Option<String>,
    /// A description.
    #[schemars(length(max = 255))]
    description: Option<String>,
}

/// The purchase that an item is added to.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct OwnerRequest {
    /// A draft purchase of a tracked product. Required.
    purchase_id: Option<i64>,
}

/// The item that is changed.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct KeyRequest {
    /// Its id. Required.
    id: Option<i64>,
}

/// A new item, and its purchase.
pub(super) type NewItemRequest = Both<OwnerRequest, ItemRequest>;

/// An item as it is to be.
pub(super) type ItemChangeRequest = Both<KeyRequest, ItemRequest>;

impl ItemRequest {
    /// The item, or nothing when anything is wrong with it.
    pub(in crate::routes) fn parse(self, problems: &mut Problems) -> Option<ItemOrder> {
        let reference = required_text(problems, "Reference", self.reference, 255);
        let name = text(problems, "Name", self.name, 100);
        let description = text(problems, "Description", self.description, 255);
        Some(ItemOrder { reference: reference?, name, description })
    }
}

impl NewItemRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<create::Order, Vec<Problem>> {
        let Self(owner, item) = self;
        let (id, item) = keyed(owner.purchase_id, "PurchaseId", item)?;
        Ok(create::Order { purchase: PurchaseId(id), item })
    }
}

impl ItemChangeRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<update::Order, Vec<Problem>> {
        let Self(key, item) = self;
        let (id, item) = keyed(key.id, "Id", item)?;
        Ok(update::Order { id: ProductItemId(id), item })
    }
}

fn keyed(id: Option<i64>, field: &str, item: ItemRequest) -> Result<(i64, ItemOrder), Vec<Problem>> {
    let mut problems = Problems::new();
    let id = required(&mut problems, field, id);
    let item = item.parse(&mut problems);
    let empty = || ItemOrder { reference: String::new(), name: None, description: None };
    problems.into_result().map(|()| (id.unwrap_or_default(), item.unwrap_or_else(empty)))
}
