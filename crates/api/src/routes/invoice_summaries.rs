//! `/v1/InvoiceSummaries`: posted invoices at a glance, with their status.

use app::invoices::summaries;
use axum::response::Response;
use billing::{
    id::CustomerId,
    invoice::{Invoice, InvoiceStatus},
};
use calendar::Instant;
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Four},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/InvoiceSummaries", "List invoice summaries", list_all)
            .about("The account's posted invoices at a glance; the list that can be asked for by `invoiceStatus`.")
            .lists::<InvoiceSummary>(summaries::COLUMNS),
        Operation::get(
            "/v1/Customers/{customerId}/InvoiceSummaries",
            "List invoice summaries by customer",
            list_of_customer,
        )
        .about("A customer's posted invoices at a glance.")
        .lists::<InvoiceSummary>(summaries::CUSTOMER_COLUMNS),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Invoices"))
    .collect()
}

/// A posted invoice at a glance.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct InvoiceSummary {
    /// The customer's company at posting.
    company_name: Option<String>,
    /// The currency.
    currency: &'static str,
    /// Who owes.
    customer_id: i64,
    /// When the first instalment that owes something falls due, or fell; the last one once nothing is owed.
    due_date: Option<At>,
    /// When it counts.
    effective_timestamp: At,
    /// When it was posted.
    posted_timestamp: At,
    /// Last change.
    modified_timestamp: At,
    /// The customer's first name at posting.
    first_name: Option<String>,
    /// The customer's middle name at posting.
    middle_name: Option<String>,
    /// The customer's last name at posting.
    last_name: Option<String>,
    /// The caller's own id of the customer at posting.
    reference: Option<String>,
    /// The number printed on it.
    invoice_number: i64,
    /// Where it stands.
    invoice_status: Name<InvoiceStatus>,
    /// What was invoiced.
    invoice_amount: Four,
    /// Still owed.
    outstanding_balance: Four,
    /// Sum of the charges before discounts.
    sum_of_charges: Four,
    /// Reversed so far.
    total_credit_notes: Four,
    /// Paid so far.
    total_payments: Four,
    /// Written off so far.
    writeoffs: Four,
    /// A payment on it is not settled.
    unsettled: bool,
    /// Always null: nothing is kept in step with other books.
    quick_books_id: Option<String>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl InvoiceSummary {
    /// What is shown of an invoice at `now`. Sums that passed when they were stored pass again.
    fn of(links: &Links, invoice: Invoice, now: Instant) -> Self {
        let totals = &invoice.totals;
        Self {
            currency: invoice.currency.code(),
            customer_id: invoice.customer.0,
            due_date: invoice.due_at().map(At),
            effective_timestamp: At(invoice.posted_at),
            posted_timestamp: At(invoice.posted_at),
            modified_timestamp: At(invoice.modified_at),
            invoice_number: invoice.number,
            invoice_status: Name(invoice.status(now)),
            invoice_amount: Four(totals.amount().unwrap_or(Amount::ZERO)),
            outstanding_balance: Four(totals.outstanding().unwrap_or(Amount::ZERO)),
            sum_of_charges: Four(totals.subtotal),
            total_credit_notes: Four(totals.credit_notes),
            total_payments: Four(totals.payments),
            writeoffs: Four(totals.write_offs),
            unsettled: false,
            quick_books_id: None,
            id: invoice.id.0,
            uri: links.invoice(invoice.id.0),
            company_name: invoice.contact.company_name,
            first_name: invoice.contact.first_name,
            middle_name: invoice.contact.middle_name,
            last_name: invoice.contact.last_name,
            reference: invoice.contact.reference,
        }
    }
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    call.list(summaries::run, |links, session, invoice| InvoiceSummary::of(links, invoice, session.now)).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.list(
        move |tx, session, page| summaries::of_customer(tx, session, customer, page),
        |links, session, invoice| InvoiceSummary::of(links, invoice, session.now),
    )
    .await
}
