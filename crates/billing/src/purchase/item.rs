//! Tracked items: the single pieces that a purchase of a tracked product is made of.

use calendar::Instant;

use crate::{
    id::{CustomerId, ProductId, ProductItemId, PurchaseId},
    named::named,
    refusal::Refusal,
};

named! {
    /// Whether a tracked item still belongs to its purchase.
    pub enum ProductItemStatus {
        /// It does.
        Active => "Active",
        /// It was removed.
        Deleted => "Deleted",
    }
}

/// A tracked item as the caller names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOrder {
    /// At most 255 characters; unique among the active items of the product in the account.
    pub reference: String,
    /// At most 100 characters.
    pub name: Option<String>,
    /// At most 255 characters.
    pub description: Option<String>,
}

/// A tracked item as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductItem {
    /// Its id.
    pub id: ProductItemId,
    /// What the caller named.
    pub order: ItemOrder,
    /// Whether it still belongs to its purchase.
    pub status: ProductItemStatus,
    /// Creation.
    pub created_at: Instant,
    /// Last change.
    pub modified_at: Instant,
}

/// A tracked item, and what it is a part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedItem {
    /// The item.
    pub item: ProductItem,
    /// The purchase.
    pub purchase: PurchaseId,
    /// The buyer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
}

impl ProductItem {
    /// Items that were removed are history.
    pub fn may_be_modified(&self) -> Result<(), Refusal> {
        match self.status {
            ProductItemStatus::Active => Ok(()),
            ProductItemStatus::Deleted => Err(Refusal::ItemDeleted),
        }
    }
}
