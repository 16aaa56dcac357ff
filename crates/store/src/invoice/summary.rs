//! Lists of invoices without their lines, which can be asked for by status.

use billing::{
    id::{AccountId, CustomerId},
    invoice::{Invoice, InvoiceStatus},
    listing::{Kind, Page, Slice},
    named::Named,
};
use calendar::Instant;
use db::{Error, Tx, values};

use super::{FROM, SELECT, details, invoice};
use crate::{
    customer::OF_CUSTOMER,
    listing::{Column, NO_NUMBER, NO_TEXT, Source, column, joined, list as list_page, searched},
    row::{Columns, at},
};

/// Names that the account's summaries can be filtered and sorted by (conventions.md §8).
pub const LIST_COLUMNS: &[Column] = &joined::<{ OWN.len() + OF_CUSTOMER.len() }>(&[OWN, OF_CUSTOMER]);

/// Names that the summaries of a customer can be filtered and sorted by.
pub const CUSTOMER_COLUMNS: &[Column] =
    &joined::<{ OWN.len() + TAXED_ELSEWHERE.len() + OF_CUSTOMER.len() }>(&[OWN, TAXED_ELSEWHERE, OF_CUSTOMER]);

const OWN: &[Column] = &[
    searched("id", Kind::Id, "i.id"),
    searched("companyName", Kind::Text, "i.company_name"),
    column("currency", Kind::Text, "i.currency"),
    column("customerId", Kind::Integer, "i.customer_id"),
    column("dueDate", Kind::Instant, DUE_AT),
    column("effectiveTimestamp", Kind::Instant, "i.posted_at"),
    searched("firstName", Kind::Text, "i.first_name"),
    column("invoiceAmount", Kind::Decimal, "(i.subtotal - i.discount + i.tax)"),
    searched("invoiceNumber", Kind::Integer, "i.invoice_number"),
    column("invoiceStatus", Kind::Enum(InvoiceStatus::NAMES), STATUS),
    searched("lastName", Kind::Text, "i.last_name"),
    column("middleName", Kind::Text, "i.middle_name"),
    column("modifiedTimestamp", Kind::Instant, "i.modified_at"),
    column("outstandingBalance", Kind::Decimal, "i.outstanding"),
    column("postedTimestamp", Kind::Instant, "i.posted_at"),
    column("quickBooksId", Kind::Text, NO_TEXT),
    searched("reference", Kind::Text, "i.reference"),
    column("sumOfCharges", Kind::Decimal, "i.subtotal"),
    column("totalCreditNotes", Kind::Decimal, "i.credit_notes"),
    column("totalPayments", Kind::Decimal, "i.payments"),
    // Every payment is settled when it is recorded.
    column("unsettled", Kind::Boolean, "CAST(FALSE AS BOOLEAN)"),
    column("writeoffs", Kind::Decimal, "i.write_offs"),
];

/// No invoice is taxed by another service.
const TAXED_ELSEWHERE: &[Column] = &[column("avalaraId", Kind::Integer, NO_NUMBER)];

/// What [`Invoice::due_at`] says.
const DUE_AT: &str = "(SELECT COALESCE(MIN(CASE WHEN s.outstanding > 0 THEN s.due_at END), MAX(s.due_at))
    FROM payment_schedule s WHERE s.account_id = i.account_id AND s.invoice_id = i.id)";

/// What [`Invoice::status`] says, at `$2`.
const STATUS: &str = "CASE
    WHEN i.outstanding > 0 THEN CASE WHEN EXISTS (
            SELECT 1 FROM payment_schedule s WHERE s.account_id = i.account_id AND s.invoice_id = i.id
                AND s.outstanding > 0 AND s.due_at <= $2)
        THEN 'Overdue' ELSE 'Due' END
    WHEN i.credit_notes > 0 AND i.credit_notes = i.subtotal - i.discount + i.tax THEN 'Void'
    WHEN i.write_offs > 0 THEN 'WrittenOff'
    ELSE 'Paid' END";

/// A page of the account's invoices by what they are at `now`, with their instalments.
pub fn list(tx: &mut Tx<'_>, account: AccountId, now: Instant, page: &Page) -> Result<Slice<Invoice>, Error> {
    let source = Source {
        select: SELECT,
        from: FROM,
        // The time is named here because a statement must name every parameter, also when nobody asks for the status.
        scope: "i.account_id = $1 AND CAST($2 AS TIMESTAMPTZ) IS NOT NULL",
        id: "i.id",
        columns: LIST_COLUMNS,
    };
    let mut slice = list_page(tx, &source, &values![account.0, at(now)], page, |row| invoice(&mut Columns::of(row)))?;
    details::fill_schedules(tx, account, &mut slice.rows)?;
    Ok(slice)
}

/// A page of a customer's invoices by what they are at `now`, with their instalments.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    now: Instant,
    page: &Page,
) -> Result<Slice<Invoice>, Error> {
    let source = Source {
        select: SELECT,
        from: FROM,
        scope: "i.account_id = $1 AND CAST($2 AS TIMESTAMPTZ) IS NOT NULL AND i.customer_id = $3",
        id: "i.id",
        columns: CUSTOMER_COLUMNS,
    };
    let mut slice =
        list_page(tx, &source, &values![account.0, at(now), customer.0], page, |row| invoice(&mut Columns::of(row)))?;
    details::fill_schedules(tx, account, &mut slice.rows)?;
    Ok(slice)
}
