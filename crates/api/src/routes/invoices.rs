//! `/v1/Invoices`: posted invoices.

mod amend;
mod answer;
mod post;

use app::{
    Error,
    invoices::{find, list, papers, write_off},
};
use axum::response::Response;
use billing::{
    id::{CustomerId, InvoiceId},
    payment::REFERENCE_LENGTH_MAX,
    problem::{Problem, Problems},
    write_off::Extent,
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) use self::answer::{Invoice, InvoiceCustomer, Reference, Schedule, Tax, View, taxes};
use super::parse::{money, required, text};
use crate::{call::Call, error::ApiError, operation::Operation, wire::scalar::Decimal};

const TAG: &str = "Invoices";
/// Shows tracked items with the charges.
const TRACKED_ITEMS: &str = "showTrackedItems";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        with_switches(
            Operation::get("/v1/Invoices", "List invoices", list_all)
                .about("The account's posted invoices, without their charges.")
                .lists::<Invoice>(list::COLUMNS),
        ),
        with_switches(
            Operation::get("/v1/Invoices/{id}", "Read invoice", read)
                .about("A posted invoice with its charges and instalments.")
                .answers::<Invoice>(),
        ),
        with_switches(
            Operation::get("/v1/Customers/{customerId}/Invoices", "List invoices by customer", list_of_customer)
                .about("A customer's posted invoices, with their charges.")
                .lists::<Invoice>(list::COLUMNS),
        ),
        Operation::post("/v1/Invoices/WriteOff", "Write off invoice", write_off)
            .about("Gives up the outstanding balance, or a part of it with `isPartial`; irreversible. 404 unless enabled for the account.")
            .takes::<WriteOffRequest>("writeOff")
            .answers::<Invoice>(),
        amend::operation(),
        with_switches(post::operation()),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

fn with_switches(operation: Operation) -> Operation {
    operation
        .with("showZeroDollarCharges", "boolean", "Shows charges of nothing, too.")
        .with("groupCharges", "boolean", "Shows the charges in groups, one a purchase.")
        .with(
            TRACKED_ITEMS,
            "boolean",
            "Shows the active tracked items of each charge's purchase; the account's list shows no charges.",
        )
}

/// An invoice to give up.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct WriteOffRequest {
    /// The invoice. Required.
    invoice_id: Option<i64>,
    /// Must equal the outstanding balance, unless the write-off is partial; never more. Required.
    amount: Option<Decimal>,
    /// Give up only so much of the balance. An extension: the original writes off whole balances over its API.
    is_partial: Option<bool>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
}

impl WriteOffRequest {
    fn parse(self) -> Result<write_off::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let invoice = required(&mut problems, "InvoiceId", self.invoice_id);
        let amount = money(&mut problems, "Amount", self.amount);
        let reference = text(&mut problems, "Reference", self.reference, REFERENCE_LENGTH_MAX);
        problems.into_result()?;
        let amount = amount.unwrap_or_default();
        let extent = if self.is_partial == Some(true) { Extent::Part(amount) } else { Extent::Exactly(amount) };
        Ok(write_off::Order { invoice: InvoiceId(invoice.unwrap_or_default()), extent, reference })
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let (id, view, with_items) = (InvoiceId(call.id("id")?), view(&call)?, call.switch(TRACKED_ITEMS)?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| papers::shown(tx, session, id, with_items);
    call.question(ask, |links, session, shown| Invoice::shown(links, shown, view, session.now)).await
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    view(&call)?;
    call.switch(TRACKED_ITEMS)?;
    let render = |links: &_, session: &billing::account::Session, shown| {
        Invoice::shown(links, shown, View::without_charges(), session.now)
    };
    let ask = |tx: &mut app::Tx<'_>, session: &_, page: &_| {
        let invoices = list::run(tx, session, page)?;
        papers::beside(tx, session, invoices, false)
    };
    call.list(ask, render).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let (customer, view) = (CustomerId(call.id("customerId")?), view(&call)?);
    let with_items = call.switch(TRACKED_ITEMS)?;
    call.list(
        move |tx, session, page| {
            let invoices = list::of_customer(tx, session, customer, page)?;
            papers::beside(tx, session, invoices, with_items)
        },
        |links, session, shown| Invoice::shown(links, shown, view, session.now),
    )
    .await
}

/// The call does not exist for accounts that may not write off, so that is said before anything else.
async fn write_off(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(WriteOffRequest::parse);
    let order = match order {
        Err(ApiError::Body(problems)) => Err(problems),
        other => Ok(other?),
    };
    call.command(
        move |tx, session| {
            if !session.account.may_write_off {
                return Err(Error::NotEnabled("Write off over the API is not enabled for this account."));
            }
            let order = order.as_ref().map_err(|problems| Error::Invalid(problems.clone()))?;
            write_off::run(tx, session, order)?;
            find::run(tx, session, order.invoice)
        },
        |links, session, invoice| Invoice::of(links, &invoice, View::default(), session.now),
    )
    .await
}

fn view(call: &Call) -> Result<View, ApiError> {
    let (zero_charges, groups) = (call.switch("showZeroDollarCharges")?, call.switch("groupCharges")?);
    Ok(View { zero_charges, groups, charges: true })
}
