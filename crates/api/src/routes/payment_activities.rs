//! `/v1/PaymentActivities`: attempts to move money (receivables.md §6).

use app::{
    collection,
    payment_activities::{find, list},
};
use axum::response::Response;
use billing::{
    collection::Moved,
    id::{CustomerId, PaymentActivityId},
    payment::{PaymentMethod, PaymentSource},
    payment_activity::{ActivityStatus, ActivityType, Outcome, PaymentActivity as Stored},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    parse::{required, required_text},
    payments::Payment,
    refunds::Refund,
};
use crate::{
    call::Call,
    error::ApiError,
    links::Links,
    name::Name,
    operation::Operation,
    wire::scalar::{At, Four},
};

const TAG: &str = "Payment activities";

/// Longest number of a gateway, in characters.
const NUMBER_LENGTH_MAX: usize = 500;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/PaymentActivities/GetByAccountID", "List payment activities", list_all)
            .about("The account's attempts to take money or to give it back.")
            .lists::<PaymentActivity>(list::ACCOUNT_COLUMNS),
        Operation::get("/v1/PaymentActivities/{id}", "Read payment activity", read)
            .about("One attempt, with the payment or refund that it brought about.")
            .answers::<PaymentActivity>(),
        Operation::get("/v1/Customers/{id}/PaymentActivities", "List payment activities by customer", list_of_customer)
            .about("A customer's attempts.")
            .lists::<PaymentActivity>(list::COLUMNS),
        Operation::get(
            "/v1/Customers/{id}/ChildPaymentActivities",
            "List payment activities by parent",
            list_of_children,
        )
        .about("The attempts of a customer's children.")
        .lists::<PaymentActivity>(list::COLUMNS),
        Operation::post("/v1/Payments/AutoResolve", "Resolve payment by gateway", auto_resolve)
            .about("Asks the gateway how an attempt ended of which nobody knows; refused for any other.")
            .takes::<AutoResolveRequest>("paymentActivity")
            .answers::<PaymentActivity>(),
        Operation::post("/v1/PaymentActivities/Resolve", "Resolve payment by hand", resolve_by_hand)
            .about("Says how an attempt ended of which nobody knows; refused for any other.")
            .takes::<ResolveRequest>("paymentActivity")
            .answers::<PaymentActivity>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, activity| PaymentActivity::of(links, activity)).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_, page: &_| list::of_customer(tx, session, customer, page);
    call.list(ask, |links, _, activity| PaymentActivity::of(links, activity)).await
}

async fn list_of_children(call: Call) -> Result<Response, ApiError> {
    let parent = CustomerId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_, page: &_| list::of_children(tx, session, parent, page);
    call.list(ask, |links, _, activity| PaymentActivity::of(links, activity)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = PaymentActivityId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, activity| PaymentActivity::of(links, activity)).await
}

async fn auto_resolve(call: Call) -> Result<Response, ApiError> {
    let (id, method) = call.parse(AutoResolveRequest::parse)?;
    collection::auto_resolve(&call.app, &call.caller, id, method).await?;
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, activity| PaymentActivity::of(links, activity)).await
}

async fn resolve_by_hand(call: Call) -> Result<Response, ApiError> {
    let (id, moved) = call.parse(ResolveRequest::parse)?;
    let run = move |tx: &mut app::Tx<'_>, session: &_| collection::resolve(tx, session, id, moved.as_ref());
    call.command(run, |links, _, activity| PaymentActivity::of(links, activity)).await
}

/// An attempt as it was read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct AutoResolveRequest {
    /// The attempt. Required.
    id: Option<i64>,
    /// How the money was to go, as the attempt shows it, or `CreditCard` or `ACH`. Required; another one is refused.
    method: Option<String>,
}

impl AutoResolveRequest {
    fn parse(self) -> Result<(PaymentActivityId, String), Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let method = required(&mut problems, "Method", self.method.filter(|method| !method.trim().is_empty()));
        problems.into_result()?;
        Ok((PaymentActivityId(id.unwrap_or_default()), method.unwrap_or_default()))
    }
}

/// How an attempt ended.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ResolveRequest {
    /// `Failed` or `Successful`. Required.
    payment_status: Option<Name<ActivityStatus>>,
    /// The attempt, in spite of the name. Required.
    payment_id: Option<i64>,
    /// Of the gateway. Required with `Successful`, and only valid with it.
    authorization_code: Option<String>,
    /// Of the gateway. Required with `Successful`, and only valid with it.
    secondary_transaction_number: Option<String>,
}

impl ResolveRequest {
    /// The attempt, and the gateway's names of the money if it moved.
    fn parse(self) -> Result<(PaymentActivityId, Option<Moved>), Vec<Problem>> {
        let mut problems = Problems::new();
        let moved = match required(&mut problems, "PaymentStatus", self.payment_status) {
            Some(Name(ActivityStatus::Unknown)) => {
                problems.push("PaymentStatus", "PaymentStatus must be Failed or Successful.");
                None
            }
            Some(Name(ActivityStatus::Successful)) => {
                let code = self.authorization_code;
                let authorization = required_text(&mut problems, "AuthorizationCode", code, NUMBER_LENGTH_MAX);
                let number = self.secondary_transaction_number;
                let number = required_text(&mut problems, "SecondaryTransactionNumber", number, NUMBER_LENGTH_MAX);
                number.map(|transaction| Moved { transaction, authorization })
            }
            Some(Name(ActivityStatus::Failed)) => {
                let names = [
                    ("AuthorizationCode", &self.authorization_code),
                    ("SecondaryTransactionNumber", &self.secondary_transaction_number),
                ];
                for (field, name) in names {
                    if name.as_ref().is_some_and(|name| !name.trim().is_empty()) {
                        problems.push(field, format!("{field} is only valid with Successful."));
                    }
                }
                None
            }
            None => None,
        };
        let id = required(&mut problems, "PaymentId", self.payment_id);
        problems.into_result()?;
        Ok((PaymentActivityId(id.unwrap_or_default()), moved))
    }
}

/// An attempt to move money.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PaymentActivity {
    /// Whose money it is.
    customer_id: i64,
    /// How it ended.
    status: Name<ActivityStatus>,
    /// When it counts.
    effective_timestamp: At,
    /// When it was written.
    created_timestamp: At,
    /// Where it came from.
    source: Name<PaymentSource>,
    /// How the money was to go, such as `CreditCard (Visa ending in 1111)`.
    method: String,
    /// What was attempted.
    transaction_type: Name<ActivityType>,
    /// How much.
    amount: Four,
    /// Gateways only.
    gateway_fee: Option<Four>,
    /// In which currency.
    currency: &'static str,
    /// The payment or refund that it brought about.
    transaction: Option<Transaction>,
    /// Whether the money was to come from a bank account.
    method_is_ach: bool,
    /// The customer above.
    parent_customer_id: Option<i64>,
    /// Gateways only.
    reconciliation_id: Option<String>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
    /// What the gateway said of an attempt that did not succeed; our extension.
    gateway_text: Option<String>,
}

/// What an attempt brought about.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Transaction {
    /// Money received.
    Payment(Box<Payment>),
    /// Money given back.
    Refund(Box<Refund>),
}

impl PaymentActivity {
    fn of(links: &Links, activity: Stored) -> Self {
        Self {
            customer_id: activity.customer.0,
            status: Name(activity.status),
            effective_timestamp: At(activity.effective_at),
            created_timestamp: At(activity.created_at),
            source: Name(activity.source),
            method: activity.way(),
            transaction_type: Name(activity.activity_type),
            amount: Four(activity.amount),
            gateway_fee: None,
            currency: activity.currency.code(),
            transaction: activity.outcome.map(|outcome| match outcome {
                Outcome::Payment(payment) => Transaction::Payment(Box::new(Payment::of(links, payment))),
                Outcome::Refund(refund) => Transaction::Refund(Box::new(Refund::of(links, refund))),
            }),
            method_is_ach: activity.method == PaymentMethod::Ach,
            parent_customer_id: activity.parent.map(|parent| parent.0),
            reconciliation_id: None,
            id: activity.id.0,
            uri: links.payment_activity(activity.id.0),
            gateway_text: activity.gateway_text,
        }
    }
}
