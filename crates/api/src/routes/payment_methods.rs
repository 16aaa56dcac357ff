//! `/v1/PaymentMethods`: cards and bank accounts that the gateway stores (customers.md §4).

mod answer;
mod import;
mod request;

use app::{
    Answer, Error, Tx,
    payment_methods::{
        collect,
        create::{Order, Stored},
        delete, find,
        list::{self, Which},
        make_default,
    },
};
use axum::{http::StatusCode, response::Response};
use billing::{
    account::Session,
    id::{CustomerId, PaymentMethodId},
    payment::PaymentMethod as Kind,
    problem::Problem,
};
use serde::de::DeserializeOwned;

use self::{
    answer::PaymentMethod,
    request::{AnyRequest, BankAccountMethodRequest, CardMethodRequest},
};
use crate::{
    call::{Call, query_problem, respond, written},
    error::ApiError,
    operation::Operation,
    wire::error::ErrorBody,
};

const TAG: &str = "Payment methods";

const STORES: &str = "Lets the payment gateway of the customer's currency find out whether it is good, and keeps what the gateway \
                      stores: a token, and what may be shown. The first one becomes the customer's default. A refusal by the \
                      gateway is answered with 400 and its words. With `paymentCollectOptions` an amount is \
                      collected at once, and the method is kept only if that succeeds.";

const REPLACES: &str = "Stores a new card or bank account in the place of the one with this `id`, which is deleted. The answer has \
                        a new id; whose default the old one was has the new one.";

const DELETES: &str = "The gateway forgets it. While the customer has others, the default cannot be deleted.";

const LISTS_ALL: &str =
    "Everything that the customer may use: its own methods, then what its ancestors share, with `isParent`.";

pub(super) fn operations() -> Vec<Operation> {
    let stored = [
        Operation::post("/v1/PaymentMethods/CreditCard", "Create card", create_card)
            .takes::<CardMethodRequest>("creditCard"),
        Operation::post("/v1/PaymentMethods", "Create card (older path)", create_card)
            .takes::<CardMethodRequest>("creditCard"),
        Operation::post("/v1/PaymentMethods/AchCard", "Create bank account", create_bank_account)
            .takes::<BankAccountMethodRequest>("achCard"),
    ];
    let replaced = [
        Operation::put("/v1/PaymentMethods/CreditCard", "Replace card", replace_card)
            .takes::<CardMethodRequest>("creditCard"),
        Operation::put("/v1/PaymentMethods/AchCard", "Replace bank account", replace_bank_account)
            .takes::<BankAccountMethodRequest>("achCard"),
        Operation::put("/v1/PaymentMethods", "Replace payment method", replace_any)
            .takes::<AnyRequest>("paymentMethod"),
    ];
    let read = [
        Operation::get("/v1/PaymentMethods/{id}", "Read payment method", read_any),
        Operation::get("/v1/PaymentMethods/{id}/CreditCard", "Read card", read_card),
        Operation::get("/v1/PaymentMethods/{id}/AchCard", "Read bank account", read_bank_account),
    ];
    let deleted = [
        Operation::delete("/v1/PaymentMethods/{id}", "Delete payment method", delete_any),
        Operation::delete("/v1/PaymentMethods/{id}/CreditCard", "Delete card", delete_card),
        Operation::delete("/v1/PaymentMethods/{id}/AchCard", "Delete bank account", delete_bank_account),
    ];
    let all = [
        Operation::get("/v1/Customers/{id}/PaymentMethods/All", "List payment methods by customer", list_all),
        Operation::get("/v1/Customers/{id}/PaymentMethods", "List payment methods (older path)", list_all),
    ];
    let own = [
        Operation::get("/v1/Customers/{id}/PaymentMethods/CreditCard", "List cards by customer", list_cards),
        Operation::get("/v1/Customers/{id}/CreditCards", "List cards (older path)", list_cards),
        Operation::get(
            "/v1/Customers/{id}/PaymentMethods/AchCard",
            "List bank accounts by customer",
            list_bank_accounts,
        ),
    ];
    let stored = stored.into_iter().map(|operation| operation.about(STORES).answers::<PaymentMethod>());
    let replaced = replaced.into_iter().map(|operation| operation.about(REPLACES).answers::<PaymentMethod>());
    let read =
        read.into_iter().map(|operation| operation.about("The method as its owner has it.").answers::<PaymentMethod>());
    let deleted = deleted.into_iter().map(|operation| operation.about(DELETES));
    let all = all.into_iter().map(|operation| operation.about(LISTS_ALL).answers::<Vec<PaymentMethod>>());
    let own = own
        .into_iter()
        .map(|operation| operation.about("The customer's own, oldest first.").answers::<Vec<PaymentMethod>>());
    let default = Operation::post("/v1/PaymentMethods/MakeDefault", "Make payment method the default", make_default)
        .about("The method is what the customer is collected from when nobody says otherwise. A child may choose what an ancestor shares.")
        .with("id", "integer", "The method. Required.")
        .with("customerId", "integer", "Whose default; the method's owner when absent.")
        .with("type", "string", "Understood for old clients; the id says what it is.")
        .answers::<PaymentMethod>();
    (stored.chain(replaced).chain([default]).chain(read).chain(deleted).chain(all).chain(own))
        .chain(import::operations())
        .map(|operation| operation.tagged(TAG))
        .collect()
}

/// Stores what a body asks for, and answers it.
async fn store<R: DeserializeOwned>(
    call: Call,
    parse: impl FnOnce(R) -> Result<Order, Vec<Problem>>,
) -> Result<Response, ApiError> {
    let order = call.parse(parse)?;
    if let Some(amount) = order.collects {
        let begin = move |tx: &mut Tx<'_>, session: &Session| collect::begin(tx, session, &order, amount);
        return call.collect(begin, collect::end, |links, _, seen| PaymentMethod::of(links, seen)).await;
    }
    let links = call.links;
    let render = move |_: &Session, stored: Stored| match stored {
        Ok(seen) => written(&PaymentMethod::of(&links, seen)),
        Err(text) => refused(text),
    };
    Ok(respond(call.app.store_method(&call.caller, call.idempotency, order, render).await?))
}

/// A refusal in the gateway's words: it had an effect, the attempt, so it is an answer.
fn refused(text: String) -> Result<Answer, Error> {
    let body = ErrorBody::api(StatusCode::BAD_REQUEST, text);
    Ok(Answer { status: 400, ..written(&body)? })
}

async fn create_card(call: Call) -> Result<Response, ApiError> {
    store(call, CardMethodRequest::parse_new).await
}

async fn create_bank_account(call: Call) -> Result<Response, ApiError> {
    store(call, BankAccountMethodRequest::parse_new).await
}

async fn replace_card(call: Call) -> Result<Response, ApiError> {
    store(call, CardMethodRequest::parse_replacement).await
}

async fn replace_bank_account(call: Call) -> Result<Response, ApiError> {
    store(call, BankAccountMethodRequest::parse_replacement).await
}

async fn replace_any(call: Call) -> Result<Response, ApiError> {
    store(call, AnyRequest::parse_replacement).await
}

async fn make_default(call: Call) -> Result<Response, ApiError> {
    let integer = |name: &str| call.query.integer(name).map_err(|problem| query_problem(problem.message));
    let id = integer("id")?.ok_or_else(|| query_problem("The id parameter is required."))?;
    let customer = integer("customerId")?.map(CustomerId);
    let run = move |tx: &mut Tx<'_>, session: &Session| make_default::run(tx, session, customer, PaymentMethodId(id));
    call.command(run, |links, _, seen| PaymentMethod::of(links, seen)).await
}

async fn read_any(call: Call) -> Result<Response, ApiError> {
    read(call, None).await
}

async fn read_card(call: Call) -> Result<Response, ApiError> {
    read(call, Some(Kind::CreditCard)).await
}

async fn read_bank_account(call: Call) -> Result<Response, ApiError> {
    read(call, Some(Kind::Ach)).await
}

async fn read(call: Call, kind: Option<Kind>) -> Result<Response, ApiError> {
    let id = PaymentMethodId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id, kind);
    call.question(ask, |links, _, seen| PaymentMethod::of(links, seen)).await
}

async fn delete_any(call: Call) -> Result<Response, ApiError> {
    delete(call, None).await
}

async fn delete_card(call: Call) -> Result<Response, ApiError> {
    delete(call, Some(Kind::CreditCard)).await
}

async fn delete_bank_account(call: Call) -> Result<Response, ApiError> {
    delete(call, Some(Kind::Ach)).await
}

async fn delete(call: Call, kind: Option<Kind>) -> Result<Response, ApiError> {
    let id = PaymentMethodId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id, kind)).await
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    list(call, Which::All).await
}

async fn list_cards(call: Call) -> Result<Response, ApiError> {
    list(call, Which::Own(Kind::CreditCard)).await
}

async fn list_bank_accounts(call: Call) -> Result<Response, ApiError> {
    list(call, Which::Own(Kind::Ach)).await
}

async fn list(call: Call, which: Which) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| list::run(tx, session, customer, which);
    call.question(ask, |links, _, methods| {
        methods.into_iter().map(|seen| PaymentMethod::of(links, seen)).collect::<Vec<_>>()
    })
    .await
}
