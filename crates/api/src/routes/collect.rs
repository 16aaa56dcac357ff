//! `invoiceCollectOptions`: how an invoice is to be paid at once (purchases.md §7).

use billing::{
    collect::{CollectFrom, CollectMethod, CollectOrder, Keeps},
    id::PaymentMethodId,
    instrument::Instrument,
    problem::Problems,
};
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
    /// What to collect with. Required.
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
    /// A payment that the caller began elsewhere; not supported and refused.
    payment_intent_id: Option<String>,
    /// Has no effect: there is no self-service portal.
    #[serde(rename = "uRLForSSP")]
    url_for_ssp: Option<String>,
}

impl CollectOptions {
    /// How to collect; nothing when something is wrong.
    pub(crate) fn parse(self, problems: &mut Problems) -> Option<CollectOrder> {
        let Ordinal(Name(method)) = required(problems, "PaymentMethod", self.payment_method)?;
        if self.payment_intent_id.is_some_and(|id| !id.is_empty()) {
            problems.push("PaymentIntentId", "Payments that were begun elsewhere are not supported.");
        }
        let stored = self.payment_method_id.map(PaymentMethodId);
        let provided = provided(problems, self.credit_card, self.ach_card);
        if stored.is_some() && !method.needs_stored_method() {
            problems.push("PaymentMethodId", format!("PaymentMethodId is not valid with {method}."));
        }
        if !method.needs_provided_method() && !matches!(provided, Ok(None)) {
            problems.push("", format!("{method} takes neither creditCard nor achCard."));
        }
        let from = from(problems, method, stored, provided)?;
        Some(CollectOrder {
            from,
            uses_funds_first: self.use_any_available_funds_first == Some(true),
            rolls_back: self.rollback_on_failed_payment == Some(true),
        })
    }
}

/// With what to collect by this method: a credit when there is none inside. Nothing when what it needs is missing or wrong.
#[expect(clippy::option_option, reason = "the inner one is a credit, which is something")]
fn from(
    problems: &mut Problems,
    method: CollectMethod,
    stored: Option<PaymentMethodId>,
    provided: Provided,
) -> Option<Option<CollectFrom>> {
    let stored = |problems: &mut Problems, becomes_default| {
        required(problems, "PaymentMethodId", stored).map(|method| CollectFrom::Stored { method, becomes_default })
    };
    let provided = |problems: &mut Problems, keeps| match provided {
        Ok(Some(instrument)) => Some(CollectFrom::Provided { instrument: Box::new(instrument), keeps }),
        Ok(None) => {
            problems.push("", format!("{method} needs either creditCard or achCard."));
            None
        }
        Err(Reported) => None,
    };
    match method {
        CollectMethod::UseDefaultPaymentMethod => Some(CollectFrom::Default),
        CollectMethod::UseExistingPaymentMethod => stored(problems, false),
        CollectMethod::UseExistingPaymentMethodAndMakeDefault => stored(problems, true),
        CollectMethod::UseProvidedPaymentMethodOnce => provided(problems, Keeps::Nothing),
        CollectMethod::UseProvidedPaymentMethodAndMakeDefault => provided(problems, Keeps::Default),
        CollectMethod::UseProvidedPaymentMethodAndSave => provided(problems, Keeps::Method),
        CollectMethod::CreateAndApplyCredit => return Some(None),
    }
    .map(Some)
}

/// The card or bank account that a body provides, if any; [`Reported`] when something is wrong with it.
pub(crate) type Provided = Result<Option<Instrument>, Reported>;

/// What is wrong is among the problems.
#[derive(Debug)]
pub(crate) struct Reported;

/// Reads the card or the bank account of a body, which is one of them at most.
pub(crate) fn provided(
    problems: &mut Problems,
    card: Option<CardRequest>,
    account: Option<BankAccountRequest>,
) -> Provided {
    let is_both = card.is_some() && account.is_some();
    let (has_card, has_account) = (card.is_some(), account.is_some());
    let card = problems.at("CreditCard", |problems| card?.parse(problems));
    let account = problems.at("AchCard", |problems| account?.parse(problems));
    if is_both {
        problems.push("", "Only one of creditCard and achCard is valid.");
        return Err(Reported);
    }
    match (card, account) {
        (Some(card), _) => Ok(Some(Instrument::Card(card))),
        (None, Some(account)) => Ok(Some(Instrument::BankAccount(account))),
        (None, None) if has_card || has_account => Err(Reported),
        (None, None) => Ok(None),
    }
}
