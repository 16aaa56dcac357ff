//! Lists of purchases by product, and in summary (purchases.md §3.6, §3.7).

use billing::{
    customer::{AccountStatus, CustomerStatus},
    id::{AccountId, CustomerId, ProductId, PurchaseId},
    listing::{Kind, Page, Slice},
    named::Named,
    purchase::{Purchase, PurchaseSummary},
};
use db::{Error, Row, Tx, values};

use super::{LIST_COLUMNS, SELECT, details, purchase};
use crate::{
    customer::{CURRENCY_ID, NOTHING},
    listing::{Column, Source, column, list as list_page},
    row::Columns,
};

/// Names of the customer that a product's purchases can be filtered and sorted by.
const CUSTOMER_COLUMNS: &[Column] = &[
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
    column("Customer.ModifiedTimestamp", Kind::Instant, "c.modified_at"),
    column("Customer.MonthlyRecurringRevenue", Kind::Decimal, NOTHING),
    column("Customer.NetMRR", Kind::Decimal, NOTHING),
    column("Customer.NetSuiteId", Kind::Text, "c.netsuite_id"),
    column("Customer.ParentId", Kind::Integer, "c.parent_id"),
    column("Customer.QuickBooksId", Kind::Integer, "c.quickbooks_id"),
    column("Customer.Reference", Kind::Text, "c.reference"),
    column("Customer.SalesforceId", Kind::Text, "c.salesforce_id"),
    column("Customer.Status", Kind::Enum(CustomerStatus::NAMES), "c.status"),
];

/// Names that a product's purchases can be filtered and sorted by: those of a customer's, and the customer's own.
pub const PRODUCT_LIST_COLUMNS: &[Column] = &joined::<{ LIST_COLUMNS.len() + CUSTOMER_COLUMNS.len() }>();

const fn joined<const N: usize>() -> [Column; N] {
    let mut columns = [LIST_COLUMNS[0]; N];
    let mut index = 0;
    while index < N {
        columns[index] =
            if index < LIST_COLUMNS.len() { LIST_COLUMNS[index] } else { CUSTOMER_COLUMNS[index - LIST_COLUMNS.len()] };
        index += 1;
    }
    columns
}

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
    column("id", Kind::Id, "p.id"),
    column("cancellationDate", Kind::Instant, "p.cancelled_at"),
    column("createdDate", Kind::Instant, "p.created_at"),
    column("currency", Kind::Text, "c.currency"),
    column("customerID", Kind::Integer, "p.customer_id"),
    column("datePaid", Kind::Instant, "i.paid_at"),
    column("description", Kind::Text, "p.description"),
    column("firstName", Kind::Text, "c.first_name"),
    column("invoicedDate", Kind::Instant, "i.posted_at"),
    column("invoiceNumber", Kind::Integer, "i.invoice_number"),
    column("lastName", Kind::Text, "c.last_name"),
    column("name", Kind::Text, "p.name"),
    column("productCode", Kind::Text, "g.code"),
    column("purchaseId", Kind::Integer, "p.id"),
    column("purchaseOnPaidInvoices", Kind::Boolean, "(i.paid_at IS NOT NULL)"),
    column("purchaseStatus", Kind::Text, "p.status"),
    column("reference", Kind::Text, "c.reference"),
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
