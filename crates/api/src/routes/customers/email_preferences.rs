//! `/v1/CustomerEmailPreferences`: which mail a customer wants (customers.md §3.5).

use app::{
    Tx,
    customers::{find_email_preferences, set_email_preferences},
};
use axum::response::Response;
use billing::{
    account::Session,
    customer::{EmailCategory, EmailPreferences, EmailType},
    id::CustomerId,
    named::Named,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{call::Call, error::ApiError, name::Name, operation::Operation, routes::parse::required};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/Customers/{id}/CustomerEmailPreferences", "Read e-mail preferences", read)
            .about(
                "Which mail the customer wants, one entry an occasion, by name. Billfold sends no mail: the preferences are \
                 kept for whoever does.",
            )
            .answers::<CustomerEmailPreferences>(),
        Operation::put("/v1/CustomerEmailPreferences", "Update e-mail preferences", update)
            .about("Replaces the preferences: an occasion that is left out follows the account's default again.")
            .takes::<PreferencesRequest>("customerEmailPreferences")
            .answers::<CustomerEmailPreferences>(),
    ]
}

/// Which mail a customer shall get.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct PreferencesRequest {
    /// The customer. Required.
    customer_id: Option<i64>,
    /// Every occasion with a preference of its own, at most once. Required.
    preferences: Option<Vec<PreferenceRequest>>,
}

/// One occasion; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct PreferenceRequest {
    /// The occasion. Required.
    email_type: Option<Name<EmailType>>,
    /// Whether there is mail; null follows the account.
    enabled: Option<bool>,
}

/// Which mail a customer wants.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerEmailPreferences {
    /// The customer.
    customer_id: i64,
    /// Every occasion, by name.
    preferences: Vec<Preference>,
}

/// One occasion.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Preference {
    /// Whether there is mail; null follows the account.
    enabled: Option<bool>,
    /// Always false: Billfold sends no mail.
    account_default: bool,
    /// The occasion.
    email_type: Name<EmailType>,
    /// What it is about.
    email_category: Name<EmailCategory>,
}

impl PreferencesRequest {
    /// The preferences, or everything that is wrong with them.
    fn parse(self) -> Result<set_email_preferences::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let entries = required(&mut problems, "Preferences", self.preferences).unwrap_or_default();
        let mut preferences = EmailPreferences::new();
        let mut seen = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            problems.item("Preferences", index, |problems| {
                let Some(Name(email_type)) = required(problems, "EmailType", entry.email_type) else { return };
                if seen.contains(&email_type) {
                    problems.push("EmailType", format!("{email_type} is listed more than once."));
                }
                seen.push(email_type);
                preferences.extend(entry.enabled.map(|is_enabled| (email_type, is_enabled)));
            });
        }
        problems.into_result()?;
        Ok(set_email_preferences::Order { customer: CustomerId(customer.unwrap_or_default()), preferences })
    }
}

impl CustomerEmailPreferences {
    fn of(customer: CustomerId, preferences: &EmailPreferences) -> Self {
        let shown = |email_type: &EmailType| Preference {
            enabled: preferences.get(email_type).copied(),
            account_default: false,
            email_type: Name(*email_type),
            email_category: Name(email_type.category()),
        };
        Self { customer_id: customer.0, preferences: EmailType::ALL.iter().map(shown).collect() }
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("id")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find_email_preferences::run(tx, session, customer);
    call.question(ask, move |_, _, preferences| CustomerEmailPreferences::of(customer, &preferences)).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(PreferencesRequest::parse)?;
    let customer = order.customer;
    call.command(
        move |tx, session| set_email_preferences::run(tx, session, &order),
        move |_, _, preferences| CustomerEmailPreferences::of(customer, &preferences),
    )
    .await
}
