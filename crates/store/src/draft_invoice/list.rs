//! Lists of draft invoices (receivables.md §3.1); those that were posted are in none.

use billing::{
    draft_invoice::{DraftInvoiceStatus, DraftInvoiceSummary},
    id::{AccountId, CustomerId, DraftInvoiceId},
    listing::{Kind, Page, Slice},
    named::Named,
};
use db::{Error, Row, Tx, values};

use crate::{
    customer::{CURRENCY_ID, OF_CUSTOMER},
    invoice::contact,
    listing::{Column, Source, column, joined, list as list_page, searched},
    row::Columns,
};

/// Charges less discounts. Sums are decimal numbers on one of the databases.
macro_rules! pending {
    () => {
        "CAST((SELECT COALESCE(SUM(k.amount), 0) FROM draft_charge k
            WHERE k.account_id = i.account_id AND k.draft_invoice_id = i.id)
        - (SELECT COALESCE(SUM(d.amount), 0) FROM draft_discount d
            JOIN draft_charge k ON k.account_id = d.account_id AND k.id = d.charge_id
            WHERE k.account_id = i.account_id AND k.draft_invoice_id = i.id) AS BIGINT)"
    };
}

/// Billing periods come from subscriptions, and there are none.
const NO_INSTANT: &str = "CAST(NULL AS TIMESTAMPTZ)";

/// Names that draft invoices can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &joined::<{ OWN.len() + OF_CUSTOMER.len() }>(&[OWN, OF_CUSTOMER]);

const OWN: &[Column] = &[
    searched("id", Kind::Id, "i.id"),
    column("BillingPeriodStartDate", Kind::Instant, NO_INSTANT),
    column("BillingPeriodEndDate", Kind::Instant, NO_INSTANT),
    column("createdDate", Kind::Instant, "i.created_at"),
    column("effectiveDate", Kind::Instant, "i.created_at"),
    column("modifiedTimestamp", Kind::Instant, "i.modified_at"),
    column("companyName", Kind::Text, "c.company_name"),
    column("firstName", Kind::Text, "c.first_name"),
    column("middleName", Kind::Text, "c.middle_name"),
    column("lastName", Kind::Text, "c.last_name"),
    column("reference", Kind::Text, "c.reference"),
    column("currencyId", Kind::Integer, CURRENCY_ID),
    column("customerId", Kind::Integer, "i.customer_id"),
    column("pendingCharges", Kind::Decimal, pending!()),
    column("status", Kind::Enum(DraftInvoiceStatus::NAMES), "i.status"),
];

const SELECT: &str = concat!(
    "i.id, i.status, i.created_at, i.modified_at, ",
    pending!(),
    ", i.customer_id, c.currency, c.parent_id,
    EXISTS (SELECT 1 FROM customer b WHERE b.account_id = c.account_id AND b.parent_id = c.id), c.account_status, c.status,
    c.first_name, c.middle_name, c.last_name, c.company_name, c.suffix, c.title, c.primary_email, c.primary_phone,
    c.secondary_email, c.secondary_phone, c.reference"
);

const FROM: &str = "draft_invoice i JOIN customer c ON c.account_id = i.account_id AND c.id = i.customer_id";

/// A page of the account's drafts.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<DraftInvoiceSummary>, Error> {
    let scope = "i.account_id = $1 AND i.status <> 'Posted'";
    let source = Source { select: SELECT, from: FROM, scope, id: "i.id", columns: LIST_COLUMNS };
    list_page(tx, &source, &values![account.0], page, summary)
}

/// A page of a customer's drafts.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<DraftInvoiceSummary>, Error> {
    let scope = "i.account_id = $1 AND i.customer_id = $2 AND i.status <> 'Posted'";
    let source = Source { select: SELECT, from: FROM, scope, id: "i.id", columns: LIST_COLUMNS };
    list_page(tx, &source, &values![account.0, customer.0], page, summary)
}

fn summary(row: &Row<'_>) -> Result<DraftInvoiceSummary, Error> {
    let mut columns = Columns::of(row);
    Ok(DraftInvoiceSummary {
        id: DraftInvoiceId(columns.next()?),
        status: columns.named()?,
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
        pending: columns.amount()?,
        customer: CustomerId(columns.next()?),
        currency: columns.currency()?,
        parent: columns.next::<Option<i64>>()?.map(CustomerId),
        is_parent: columns.next()?,
        account_status: columns.named()?,
        customer_status: columns.named()?,
        contact: contact(&mut columns)?,
    })
}
