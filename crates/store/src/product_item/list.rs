//! Lists of tracked items (purchases.md §3.14).

use billing::{
    customer::{AccountStatus, CustomerStatus},
    id::AccountId,
    listing::{Kind, Page, Slice},
    named::Named,
    purchase::{ProductItemStatus, PurchaseStatus, TrackedItem},
};
use db::{Error, Tx, values};

use super::{SELECT, tracked_item};
use crate::{
    customer::{CURRENCY_ID, NOTHING},
    listing::{Column, Source, column, list as list_page},
};

/// Names that tracked items can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    column("id", Kind::Id, "i.id"),
    column("CustomerId", Kind::Integer, "i.customer_id"),
    column("ProductId", Kind::Integer, "i.product_id"),
    column("PurchaseId", Kind::Integer, "i.purchase_id"),
    column("Reference", Kind::Text, "i.reference"),
    column("Name", Kind::Text, "i.name"),
    column("Description", Kind::Text, "i.description"),
    column("Status", Kind::Enum(ProductItemStatus::NAMES), "i.status"),
    column("CreatedTimestamp", Kind::Instant, "i.created_at"),
    column("ModifiedTimestamp", Kind::Instant, "i.modified_at"),
    column("Product.Code", Kind::Text, "g.code"),
    column("Product.Name", Kind::Text, "g.name"),
    column("Product.Description", Kind::Text, "g.description"),
    column("Purchase.Name", Kind::Text, "p.name"),
    column("Purchase.Description", Kind::Text, "p.description"),
    column("Purchase.PurchaseTimestamp", Kind::Instant, "p.purchased_at"),
    column("Purchase.Status", Kind::Enum(PurchaseStatus::NAMES), "p.status"),
    column("Customer.AccountStatus", Kind::Enum(AccountStatus::NAMES), "c.account_status"),
    column("Customer.Arbalance", Kind::Decimal, "c.balance"),
    column("Customer.CompanyName", Kind::Text, "c.company_name"),
    column("Customer.CreatedTimestamp", Kind::Instant, "c.created_at"),
    column("Customer.CurrencyId", Kind::Integer, CURRENCY_ID),
    column("Customer.CurrentMrr", Kind::Decimal, NOTHING),
    column("Customer.CurrentNetMrr", Kind::Decimal, NOTHING),
    column("Customer.CustomerReference.Reference1", Kind::Text, "c.reference1"),
    column("Customer.CustomerReference.Reference2", Kind::Text, "c.reference2"),
    column("Customer.CustomerReference.Reference3", Kind::Text, "c.reference3"),
    column("Customer.FirstName", Kind::Text, "c.first_name"),
    column("Customer.LastName", Kind::Text, "c.last_name"),
    column("Customer.MiddleName", Kind::Text, "c.middle_name"),
    column("Customer.NetSuiteId", Kind::Text, "c.netsuite_id"),
    column("Customer.ParentId", Kind::Integer, "c.parent_id"),
    column("Customer.QuickBooksId", Kind::Integer, "c.quickbooks_id"),
    column("Customer.Reference", Kind::Text, "c.reference"),
    column("Customer.SalesforceId", Kind::Text, "c.salesforce_id"),
    column("Customer.Status", Kind::Enum(CustomerStatus::NAMES), "c.status"),
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
