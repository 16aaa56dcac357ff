//! Lists of tracked items (purchases.md §3.14).

use billing::{
    id::AccountId,
    listing::{Kind, Page, Slice},
    named::Named,
    purchase::{ProductItemStatus, PurchaseStatus, TrackedItem},
};
use db::{Error, Tx, values};

use super::{SELECT, tracked_item};
use crate::{
    customer::OF_CUSTOMER,
    listing::{Column, Source, column, joined, list as list_page, searched},
};

/// Names that tracked items can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &joined::<{ OWN.len() + OF_CUSTOMER.len() }>(&[OWN, OF_CUSTOMER]);

const OWN: &[Column] = &[
    searched("id", Kind::Id, "i.id"),
    column("CustomerId", Kind::Integer, "i.customer_id"),
    column("ProductId", Kind::Integer, "i.product_id"),
    column("PurchaseId", Kind::Integer, "i.purchase_id"),
    searched("Reference", Kind::Text, "i.reference"),
    searched("Name", Kind::Text, "i.name"),
    column("Description", Kind::Text, "i.description"),
    column("Status", Kind::Enum(ProductItemStatus::NAMES), "i.status"),
    column("CreatedTimestamp", Kind::Instant, "i.created_at"),
    column("ModifiedTimestamp", Kind::Instant, "i.modified_at"),
    searched("Product.Code", Kind::Text, "g.code"),
    column("Product.Name", Kind::Text, "g.name"),
    column("Product.Description", Kind::Text, "g.description"),
    column("Purchase.Name", Kind::Text, "p.name"),
    column("Purchase.Description", Kind::Text, "p.description"),
    column("Purchase.PurchaseTimestamp", Kind::Instant, "p.purchased_at"),
    column("Purchase.Status", Kind::Enum(PurchaseStatus::NAMES), "p.status"),
];

/// A page of the account's tracked items, active and deleted.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<TrackedItem>, Error> {
    let source = Source {
        select: SELECT,
        from: "product_item i
            JOIN product g ON g.account_id = i.account_id AND g.id = i.product_id
            JOIN purchase p ON p.account_id = i.account_id AND p.id = i.purchase_id
            JOIN customer c ON c.account_id = i.account_id AND c.id = i.customer_id",
        scope: "i.account_id = $1",
        id: "i.id",
        columns: LIST_COLUMNS,
    };
    list_page(tx, &source, &values![account.0], page, tracked_item)
}
