//! `/v1/OpeningDeferrals`: what customers had been charged for before they were billed here, and is not yet earned.

use app::{
    Tx,
    opening_deferrals::{create, find, list, reverse},
};
use axum::response::Response;
use billing::{
    account::Session,
    id::{CustomerId, OpeningDeferralId, ProductId},
    opening_deferral::{
        DESCRIPTION_LENGTH_MAX, OpeningDeferral as Stored, OpeningDeferralOrder, ReverseDeferralOption,
    },
    payment::REFERENCE_LENGTH_MAX,
    problem::{Problem, Problems},
};
use money::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::{money, required, text};
use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Day, Decimal, Four},
};

const TAG: &str = "Opening balances";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/OpeningDeferrals", "Create opening deferral", create)
            .about(
                "Records what an active customer had been charged for before and is not yet earned. It is earned day by \
                 day, from today on; what the customer owes does not change.",
            )
            .takes::<OpeningDeferralRequest>("openingDeferral")
            .answers::<OpeningDeferral>(),
        Operation::post("/v1/OpeningDeferrals/Reverse", "Reverse opening deferral", take_back)
            .about("Takes an opening deferral back: what is not yet earned of it, or all of it. Once.")
            .takes::<ReverseRequest>("reversal")
            .answers::<OpeningDeferral>(),
        Operation::get("/v1/OpeningDeferrals/{id}", "Read opening deferral", read)
            .about("What a customer had been charged for before, and what of it is earned.")
            .answers::<OpeningDeferral>(),
        Operation::get("/v1/Customers/{id}/OpeningDeferrals", "List opening deferrals by customer", list_of_customer)
            .about("All of the customer's, oldest first.")
            .answers::<Vec<OpeningDeferral>>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG).extension())
    .collect()
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(OpeningDeferralRequest::parse)?;
    call.command(
        move |tx, session| create::run(tx, session, &order),
        |links, _, deferral| OpeningDeferral::of(links, deferral),
    )
    .await
}

async fn take_back(call: Call) -> Result<Response, ApiError> {
    let (id, option) = call.parse(ReverseRequest::parse)?;
    call.command(
        move |tx, session| reverse::run(tx, session, id, option),
        |links, _, deferral| OpeningDeferral::of(links, deferral),
    )
    .await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = OpeningDeferralId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, deferral| OpeningDeferral::of(links, deferral)).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| list::run(tx, session, customer);
    let render = |links: &Links, _: &Session, deferrals: Vec<Stored>| {
        deferrals.into_iter().map(|deferral| OpeningDeferral::of(links, deferral)).collect::<Vec<_>>()
    };
    call.question(ask, render).await
}

/// An opening deferral.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct OpeningDeferralRequest {
    /// Whose it is. Required.
    customer_id: Option<i64>,
    /// What is not yet earned today; positive, at most two decimals. Required.
    amount: Option<Decimal>,
    /// The product under which revenue is reported.
    product_id: Option<i64>,
    /// The first day on which it is earned; today when absent, or when it has passed.
    start_date: Option<Day>,
    /// The last day on which it is earned. Required.
    end_date: Option<Day>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// What it was charged for.
    #[schemars(length(max = 2000))]
    description: Option<String>,
}

impl OpeningDeferralRequest {
    fn parse(self) -> Result<OpeningDeferralOrder, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let amount = required(&mut problems, "Amount", self.amount);
        let amount = amount.and_then(|amount| money(&mut problems, "Amount", Some(amount)));
        let ends_on = required(&mut problems, "EndDate", self.end_date);
        let reference = text(&mut problems, "Reference", self.reference, REFERENCE_LENGTH_MAX);
        let description = text(&mut problems, "Description", self.description, DESCRIPTION_LENGTH_MAX);
        problems.into_result()?;
        let missing = || vec![Problem::required("EndDate")];
        Ok(OpeningDeferralOrder {
            // Nothing is missing here: whatever was, is a problem above.
            customer: CustomerId(customer.unwrap_or_default()),
            amount: amount.unwrap_or_default(),
            product: self.product_id.map(ProductId),
            starts_on: self.start_date.map(|Day(date)| date),
            ends_on: ends_on.map(|Day(date)| date).ok_or_else(missing)?,
            reference,
            description,
        })
    }
}

/// What is to be taken back.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ReverseRequest {
    /// The opening deferral. Required.
    id: Option<i64>,
    /// How much of it. Required.
    reverse_option: Option<Name<ReverseDeferralOption>>,
}

impl ReverseRequest {
    fn parse(self) -> Result<(OpeningDeferralId, ReverseDeferralOption), Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let option = required(&mut problems, "ReverseOption", self.reverse_option);
        problems.into_result()?;
        let missing = || vec![Problem::required("ReverseOption")];
        Ok((OpeningDeferralId(id.unwrap_or_default()), option.map(|Name(option)| option).ok_or_else(missing)?))
    }
}

/// What a customer had been charged for before, and what became of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OpeningDeferral {
    /// Whose it is.
    customer_id: i64,
    /// How much was not yet earned.
    amount: Four,
    /// What of it has been earned, and was not taken back.
    earned: Four,
    /// What of it was taken back.
    reversed: Four,
    /// What is left to be earned.
    deferred: Four,
    /// In which currency.
    currency: &'static str,
    /// The product under which revenue is reported.
    product_id: Option<i64>,
    /// The first day on which it is earned.
    start_date: String,
    /// The last day on which it is earned.
    end_date: String,
    /// As the caller gave it.
    reference: Option<String>,
    /// As the caller gave it.
    description: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// When it was taken back.
    reversed_timestamp: Option<At>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl OpeningDeferral {
    fn of(links: &Links, stored: Stored) -> Self {
        Self {
            customer_id: stored.customer.0,
            amount: Four(stored.amount),
            earned: Four(stored.earned),
            reversed: Four(stored.reversed.map_or(Amount::ZERO, |reversed| reversed.amount)),
            // The parts of an amount are never more than it.
            deferred: Four(stored.deferred().unwrap_or_default()),
            currency: stored.currency.code(),
            product_id: stored.product.map(|product| product.0),
            start_date: stored.starts_on.to_string(),
            end_date: stored.ends_on.to_string(),
            effective_timestamp: At(stored.effective_at),
            reversed_timestamp: stored.reversed.map(|reversed| At(reversed.at)),
            id: stored.id.0,
            uri: links.opening_deferral(stored.id.0),
            reference: stored.reference,
            description: stored.description,
        }
    }
}
