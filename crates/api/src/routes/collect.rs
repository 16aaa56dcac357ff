//! `invoiceCollectOptions`: how an invoice is to be paid at once (purchases.md §7).

use billing::{collect::CollectMethod, problem::Problems};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    instrument::{BankAccountRequest, CardRequest},
    parse::required,
};
use crate::{name::Name, wire::shape::Ordinal};

/// How the invoice is to be paid at once, whatever the customer's billing terms say.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CollectOptions {
    /// What to collect with.
    payment_method: Option<Ordinal<Name<CollectMethod>>>,
    /// A stored payment method; only with `UseExistingPaymentMethod` and `UseExistingPaymentMethodAndMakeDefault`.
    payment_method_id: Option<i64>,
    /// Spend the customer's available funds first.
    use_any_available_funds_first: Option<bool>,
    /// A card to collect with.
    credit_card: Option<CardRequest>,
    /// A bank account to collect with.
    ach_card: Option<BankAccountRequest>,
    /// Undo the finalization when the payment fails.
    rollback_on_failed_payment: Option<bool>,
    /// A payment that the caller began elsewhere.
    payment_intent_id: Option<String>,
    /// Where the self-service portal is reached.
    #[serde(rename = "uRLForSSP")]
    url_for_ssp: Option<String>,
}

impl CollectOptions {
    /// What to collect with; nothing when the object says nothing.
    pub(crate) fn parse(self, problems: &mut Problems) -> Option<CollectMethod> {
        let asks = self.use_any_available_funds_first == Some(true)
            || self.rollback_on_failed_payment == Some(true)
            || self.payment_method_id.is_some()
            || self.credit_card.is_some()
            || self.ach_card.is_some()
            || self.payment_intent_id.is_some()
            || self.url_for_ssp.is_some();
        let Some(Ordinal(Name(method))) = self.payment_method else {
            if asks {
                problems.required("PaymentMethod");
            }
            return None;
        };
        if method.needs_stored_method() {
            required(problems, "PaymentMethodId", self.payment_method_id);
        } else if self.payment_method_id.is_some() {
            problems.push("PaymentMethodId", format!("PaymentMethodId is not valid with {method}."));
        }
        let provided = usize::from(self.credit_card.is_some()) + usize::from(self.ach_card.is_some());
        if method.needs_provided_method() && provided != 1 {
            problems.push("", format!("{method} needs either creditCard or achCard."));
        }
        if let Some(card) = self.credit_card {
            problems.at("CreditCard", |problems| card.parse(problems));
        }
        if let Some(account) = self.ach_card {
            problems.at("AchCard", |problems| account.parse(problems));
        }
        Some(method)
    }
}
