//! Lists of purchases by product, and in summary (purchases.md §3.6, §3.7).

use billing::{
    id::{AccountId, CustomerId, ProductId, PurchaseId},
    listing::{Kind, Page, Slice},
    purchase::{Purchase, PurchaseSummary},
};
use db::{Error, Row, Tx, values};

use super::{LIST_COLUMNS, SELECT, details, purchase};
use crate::{
    customer::OF_CUSTOMER,
    listing::{Column, Source, column, joined, list as list_page, searched},
    row::Columns,
};

/// Names that a product's purchases can be filtered and sorted by: those of a customer's, and the customer's own.
pub const PRODUCT_LIST_COLUMNS: &[Column] =
    &joined::<{ LIST_COLUMNS.len() + OF_CUSTOMER.len() }>(&[LIST_COLUMNS, OF_CUSTOMER]);

/// A page of a product's purchases.
pub fn list_of_product(
    tx: &mut Tx<'_>,
    account: AccountId,
    product: ProductId,
    page: &Page,
) -> Result<Slice<Purchase>, Error> {
    let source = Source {
        select: SELECT,
        from: "purchase p JOIN product g ON g.account_id = p.account_id AND g.id = p.product_id
            JOIN customer c ON c.account_id = p.account_id AND c.id = p.customer_id",
        scope: "p.account_id = $1 AND p.product_id = $2",
        id: "p.id",
        columns: PRODUCT_LIST_COLUMNS,
    };
    let mut slice = list_page(tx, &source, &values![account.0, product.0], page, purchase)?;
    details::fill(tx, account, &mut slice.rows)?;
    Ok(slice.map(|(purchase, _)| purchase))
}

/// Names that the summary of purchases can be filtered and sorted by.
pub const SUMMARY_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "p.id"),
    column("cancellationDate", Kind::Instant, "p.cancelled_at"),
    column("createdDate", Kind::Instant, "p.created_at"),
    column("currency", Kind::Text, "c.currency"),
    column("customerID", Kind::Integer, "p.customer_id"),
    column("datePaid", Kind::Instant, "i.paid_at"),
    column("description", Kind::Text, "p.description"),
    searched("firstName", Kind::Text, "c.first_name"),
    column("invoicedDate", Kind::Instant, "i.posted_at"),
    searched("invoiceNumber", Kind::Integer, "i.invoice_number"),
    searched("lastName", Kind::Text, "c.last_name"),
    searched("name", Kind::Text, "p.name"),
    searched("productCode", Kind::Text, "g.code"),
    column("purchaseId", Kind::Integer, "p.id"),
    column("purchaseOnPaidInvoices", Kind::Boolean, "(i.paid_at IS NOT NULL)"),
    column("purchaseStatus", Kind::Text, "p.status"),
    searched("reference", Kind::Text, "c.reference"),
];

/// A page of the account's purchases in summary. A purchase is charged at most once, so it is on one row.
pub fn summary(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<PurchaseSummary>, Error> {
    let source = Source {
        select: "p.id, p.customer_id, i.invoice_number, c.first_name, c.last_name, c.company_name, c.reference, g.code,
            p.name, p.description, p.quantity, p.amount, p.created_at, p.cancelled_at, i.posted_at, i.paid_at, p.status,
            c.currency",
        from: "purchase p
            JOIN product g ON g.account_id = p.account_id AND g.id = p.product_id
            JOIN customer c ON c.account_id = p.account_id AND c.id = p.customer_id
            LEFT JOIN charge h ON h.account_id = p.account_id AND h.purchase_id = p.id
            LEFT JOIN invoice i ON i.account_id = p.account_id AND i.id = h.invoice_id",
        scope: "p.account_id = $1",
        id: "p.id",
        columns: SUMMARY_COLUMNS,
    };
    list_page(tx, &source, &values![account.0], page, purchase_summary)
}

fn purchase_summary(row: &Row<'_>) -> Result<PurchaseSummary, Error> {
    let mut columns = Columns::of(row);
    Ok(PurchaseSummary {
        id: PurchaseId(columns.next()?),
        customer: CustomerId(columns.next()?),
        invoice_number: columns.next()?,
        first_name: columns.next()?,
        last_name: columns.next()?,
        company_name: columns.next()?,
        reference: columns.next()?,
        product_code: columns.next()?,
        name: columns.next()?,
        description: columns.next()?,
        quantity: columns.quantity()?,
        amount: columns.amount()?,
        created_at: columns.instant()?,
        cancelled_at: columns.instant_opt()?,
        invoiced_at: columns.instant_opt()?,
        paid_at: columns.instant_opt()?,
        status: columns.named()?,
        currency: columns.currency()?,
    })
}
