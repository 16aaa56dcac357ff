//! Payment methods that a gateway has already, by their ids there (customers.md §4.9).

use app::payment_methods::create::{Order, Provided};
use axum::response::Response;
use billing::{
    id::{CustomerId, PaymentMethodId},
    payment::{PaymentMethod as Kind, PaymentSource},
    payment_method::External,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{PaymentMethod, store};
use crate::{
    call::Call,
    error::ApiError,
    operation::Operation,
    routes::parse::{required, required_text},
};

/// Longest id at a gateway.
const EXTERNAL_LENGTH_MAX: usize = 255;

const IMPORTS: &str = "Takes over a card or bank account that Stripe stores already: `stripeCustomerId` is `cus_…`, and \
                       `stripeCardId` is `pm_…`, `card_…` or, of a bank account, `ba_…`. The customer's gateway must be Stripe, \
                       with the Stripe account that has them.";

pub(super) fn operations() -> Vec<Operation> {
    let imports = [
        Operation::post("/v1/PaymentMethodImport/Stripe", "Import card from Stripe", import_card),
        Operation::post("/v1/AchCardImport/Stripe", "Import bank account from Stripe", import_bank_account),
    ];
    let imports = imports
        .map(|operation| operation.about(IMPORTS).takes::<ImportRequest>("stripeImport").answers::<PaymentMethod>());
    imports.into_iter().collect()
}

async fn import_card(call: Call) -> Result<Response, ApiError> {
    store(call, |request: ImportRequest| request.parse(Kind::CreditCard)).await
}

async fn import_bank_account(call: Call) -> Result<Response, ApiError> {
    store(call, |request: ImportRequest| request.parse(Kind::Ach)).await
}

/// A card or bank account at Stripe.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ImportRequest {
    /// The customer. Required.
    customer_id: Option<i64>,
    /// Its owner's id at Stripe. Required.
    #[schemars(length(max = 255))]
    stripe_customer_id: Option<String>,
    /// Its own id at Stripe. Required.
    #[schemars(length(max = 255))]
    stripe_card_id: Option<String>,
}

impl ImportRequest {
    fn parse(self, kind: Kind) -> Result<Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let owner = required_text(&mut problems, "StripeCustomerId", self.stripe_customer_id, EXTERNAL_LENGTH_MAX);
        let card = required_text(&mut problems, "StripeCardId", self.stripe_card_id, EXTERNAL_LENGTH_MAX);
        problems.into_result()?;
        let external = External { customer: owner.unwrap_or_default(), instrument: card.unwrap_or_default() };
        Ok(Order {
            customer: customer.map(CustomerId),
            provided: Provided::External(kind, external),
            source: PaymentSource::Import,
            becomes_default: false,
            sharing: None,
            replaces: None::<PaymentMethodId>,
            collects: None,
        })
    }
}
