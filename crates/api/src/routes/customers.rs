//! `/v1/Customers`, `/v1/CustomerActivation`, and below them everything else about a customer itself.

mod answer;
mod billing_setting;
mod email_preferences;
mod overview;
mod request;
mod status;
mod summary;

use app::{
    Tx,
    customers::{
        activate::{self, Activated},
        create, find, list, update,
    },
    purchases::finalize,
};
use axum::response::Response;
use billing::{account::Session, collection::Collection, id::CustomerId};

use self::{
    answer::Customer,
    request::{ActivationRequest, CustomerRequest},
};
use super::{
    effects::{self, InvoicePreview, SideEffects},
    invoices::View,
};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Customers";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/Customers", "Create customer", create)
            .about("Creates a customer in status Draft; nothing is mandatory.")
            .takes::<CustomerRequest>("customer")
            .answers::<Customer>(),
        Operation::get("/v1/Customers", "List customers", list)
            .about("The customers of the account, in any status.")
            .lists::<Customer>(list::COLUMNS),
        Operation::get("/v1/Customers/{id}", "Read customer", read)
            .about("The customer as it stands.")
            .answers::<Customer>(),
        Operation::put("/v1/Customers", "Update customer", update)
            .about("Replaces the customer: `id` and the current `status` are required, members left out become null.")
            .takes::<CustomerRequest>("customer")
            .answers::<Customer>(),
        Operation::post("/v1/CustomerActivation", "Activate customer", activate)
            .about("Makes a draft customer active and, if asked for, charges all its draft purchases on one invoice.")
            .takes::<ActivationRequest>("customerActivation")
            .with("preview", "boolean", "Changes nothing, and shows the invoice that would be posted.")
            .with("view", "string", "`sideeffects` adds the posted invoice, or the draft, to the answer.")
            .with("showZeroDollarCharges", "boolean", "Whether that invoice shows charges of nothing.")
            .with("temporarilyDisableAutoPost", "boolean", "The same as in the body.")
            .answers::<Customer>(),
    ]
    .into_iter()
    .chain(summary::operations())
    .chain(overview::operations())
    .chain(status::operations())
    .chain(email_preferences::operations())
    .chain(billing_setting::operations())
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CustomerRequest::parse_new)?;
    call.command(
        move |tx, session| create::run(tx, session, &order),
        |links, _, customer| Customer::of(links, &customer),
    )
    .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CustomerId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, customer| Customer::of(links, &customer)).await
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, customer| Customer::of(links, &customer)).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CustomerRequest::parse_update)?;
    call.command(
        move |tx, session| update::run(tx, session, &order),
        |links, _, customer| Customer::of(links, &customer),
    )
    .await
}

async fn activate(call: Call) -> Result<Response, ApiError> {
    let is_preview = call.switch("preview")?;
    let shows_invoice = effects::are_asked_for(&call)?;
    let view = View { zero_charges: call.switch("showZeroDollarCharges")?, ..View::default() };
    let disables_auto_post = call.switch("temporarilyDisableAutoPost")?;
    let order = call.parse(|request: ActivationRequest| request.parse(is_preview, disables_auto_post))?;
    if is_preview {
        let run = move |tx: &mut Tx<'_>, session: &Session| activate::preview(tx, session, &order);
        return call
            .preview(run, move |links, _, (customer, preview)| {
                let preview = preview.map(|preview| InvoicePreview::of(&preview, view.zero_charges));
                Customer::of(links, &customer).with_preview(preview)
            })
            .await;
    }
    let show = move |tx: &mut Tx<'_>, session: &Session, activated: Activated| {
        let billed = activated.billed.filter(|_| shows_invoice);
        let effect = billed.map(|billed| finalize::effect(tx, session, billed)).transpose()?;
        Ok((activated.customer, effect))
    };
    let begin = move |tx: &mut Tx<'_>, session: &Session| {
        activate::begin(tx, session, &order)?.try_map(|activated| show(tx, session, activated))
    };
    let end = move |tx: &mut Tx<'_>, session: &Session, collection: &Collection| {
        let activated = activate::end(tx, session, collection)?;
        show(tx, session, activated)
    };
    call.collect(begin, end, move |links, session, (customer, effect)| {
        let customer = Customer::of(links, &customer);
        if !shows_invoice {
            return customer;
        }
        let effects = effect.map(|effect| SideEffects::of_effect(links, effect, view, session.now));
        customer.with_side_effects(effects.unwrap_or_else(SideEffects::none))
    })
    .await
}
