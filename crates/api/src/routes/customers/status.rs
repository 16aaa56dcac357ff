//! Calls that move a customer between service statuses, or delete it while it is a draft (customers.md §2.6 and §2.9–2.12).

use app::{
    Tx,
    customers::{cancel, delete, hold, uncancel, unhold},
};
use axum::response::Response;
use billing::{
    account::Session,
    customer::{self, ServiceStartOption},
    id::CustomerId,
    problem::{Problem, Problems},
    reversal::CancellationOption,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Customer;
use crate::{call::Call, error::ApiError, links::Links, name::Name, operation::Operation, routes::parse::required};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/CustomerHold/{customerId}", "Hold customer", hold)
            .about(
                "Pauses an active customer: nothing is sold to it, activated or posted until it is taken off hold. What it \
                 owes stays due.",
            )
            .answers::<Customer>(),
        Operation::post("/v1/Customers/UnHold", "Un-hold customer", unhold)
            .about(
                "Makes a customer on hold active again. The option says what subscriptions are charged for; there are none \
                 yet, so nothing is charged.",
            )
            .takes::<UnholdRequest>("customerUnHold")
            .with("preview", "boolean", "The same as in the body.")
            .answers::<Customer>(),
        Operation::post("/v1/CustomerCancellation", "Cancel customer", cancel)
            .about(
                "Cancels a customer in any other status. The option is for the current charges of subscriptions; there are \
                 none yet. Purchases stay as they are: what is charged goes on to be earned, drafts cannot be charged.",
            )
            .takes::<CancellationRequest>("customerCancellation")
            .answers::<Customer>(),
        Operation::post("/v1/Customers/Uncancel/{customerId}", "Uncancel customer", uncancel)
            .about("Makes a cancelled customer active, whatever it was before.")
            .answers::<Customer>(),
        Operation::delete("/v1/Customers/{id}", "Delete draft customer", delete)
            .about("Deletes a customer in status Draft with its draft purchases, unless money of it was moved or it had a payment method.")
            .extension(),
    ]
}

/// A customer to take off hold.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct UnholdRequest {
    /// A customer in status Hold. Required.
    customer_id: Option<i64>,
    /// What is charged for the time on hold. Required, unless the customer's billing setting has one.
    service_start_option: Option<Name<ServiceStartOption>>,
    /// Changes nothing, and shows the customer with the invoice that would be made: none while there are no subscriptions.
    preview: Option<bool>,
    /// Whether that invoice shows charges of nothing; there is none.
    show_zero_dollar_charges: Option<bool>,
    /// Whether the invoice waits as a draft; there is none.
    temporarily_disable_auto_post: Option<bool>,
    /// Whether the present period is charged in part; there is none.
    prorate: Option<bool>,
}

impl UnholdRequest {
    /// Whether it is a preview, and the order; or everything that is wrong with it.
    fn parse(self) -> Result<(bool, unhold::Order), Vec<Problem>> {
        let mut problems = Problems::new();
        let start = self.service_start_option.map(|Name(option)| option);
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        if customer.is_none() {
            // Whose setting could stand in for it is not known.
            required(&mut problems, "ServiceStartOption", start);
        }
        problems.into_result()?;
        let order = unhold::Order { customer: CustomerId(customer.unwrap_or_default()), start };
        Ok((self.preview.unwrap_or_default(), order))
    }
}

/// A customer to cancel.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CancellationRequest {
    /// A customer that is not cancelled. Required.
    customer_id: Option<i64>,
    /// What becomes of the current charges of its subscriptions; there are none yet. Required.
    cancellation_option: Option<Name<CancellationOption>>,
}

impl CancellationRequest {
    /// Whom to cancel, or everything that is wrong with the request.
    fn parse(self) -> Result<CustomerId, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        required(&mut problems, "CancellationOption", self.cancellation_option);
        problems.into_result()?;
        Ok(CustomerId(customer.unwrap_or_default()))
    }
}

async fn hold(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.command(move |tx, session| hold::run(tx, session, customer), render).await
}

async fn unhold(call: Call) -> Result<Response, ApiError> {
    let is_preview = call.switch("preview")?;
    let (asks_for_preview, order) = call.parse(UnholdRequest::parse)?;
    if is_preview || asks_for_preview {
        let run = move |tx: &mut Tx<'_>, session: &Session| unhold::preview(tx, session, &order);
        return call.preview(run, |links, _, customer| Customer::of(links, &customer).with_preview(None)).await;
    }
    call.command(move |tx, session| unhold::run(tx, session, &order), render).await
}

async fn cancel(call: Call) -> Result<Response, ApiError> {
    let customer = call.parse(CancellationRequest::parse)?;
    call.command(move |tx, session| cancel::run(tx, session, customer), render).await
}

async fn uncancel(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("customerId")?);
    call.command(move |tx, session| uncancel::run(tx, session, customer), render).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, customer)).await
}

#[expect(clippy::needless_pass_by_value, reason = "every renderer is given its result")]
fn render(links: &Links, _session: &Session, customer: customer::Customer) -> Customer {
    Customer::of(links, &customer)
}
