//! `invoiceCollectOptions`: how an invoice is to be paid at once (purchases.md §7). Card and account numbers are
//! checked for presence and length and forgotten: none of these types can be printed or written.

use billing::{
    collect::{BankAccountType, CollectMethod},
    problem::Problems,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::parse::{required, required_text, text};
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
    credit_card: Option<CreditCard>,
    /// A bank account to collect with.
    ach_card: Option<AchCard>,
    /// Undo the finalization when the payment fails.
    rollback_on_failed_payment: Option<bool>,
    /// A payment that the caller began elsewhere.
    payment_intent_id: Option<String>,
    /// Where the self-service portal is reached.
    #[serde(rename = "uRLForSSP")]
    url_for_ssp: Option<String>,
}

/// A card, for this request only.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CreditCard {
    /// The number on the card.
    card_number: Option<String>,
    /// The code on the back, as a text.
    cvv: Option<String>,
    /// 1 to 12.
    expiration_month: Option<i64>,
    /// Two digits.
    expiration_year: Option<i64>,
    /// The holder's first name.
    first_name: Option<String>,
    /// The holder's last name.
    last_name: Option<String>,
    /// First line of the billing address.
    address1: Option<String>,
    /// Second line.
    address2: Option<String>,
    /// City.
    city: Option<String>,
    /// ISO 3166-1 numeric code.
    country_id: Option<i64>,
    /// Required with a country that has states.
    state_id: Option<i64>,
    /// Postal code.
    postal_zip: Option<String>,
}

/// A bank account, for this request only.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct AchCard {
    /// The account number, as a text that keeps its leading zeros.
    account_number: Option<String>,
    /// The routing number, as a text that keeps its leading zeros.
    transit_number: Option<String>,
    /// `CHQ` or `SAV`.
    bank_account_type: Option<Name<BankAccountType>>,
    /// The holder's first name.
    first_name: Option<String>,
    /// The holder's last name.
    last_name: Option<String>,
    /// First line of the billing address.
    address1: Option<String>,
    /// Second line.
    address2: Option<String>,
    /// City.
    city: Option<String>,
    /// ISO 3166-1 numeric code.
    country_id: Option<i64>,
    /// Required with a country that has states.
    state_id: Option<i64>,
    /// Postal code.
    postal_zip: Option<String>,
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
            problems.at("CreditCard", |problems| card.check(problems));
        }
        if let Some(account) = self.ach_card {
            problems.at("AchCard", |problems| account.check(problems));
        }
        Some(method)
    }
}

impl CreditCard {
    fn check(self, problems: &mut Problems) {
        required_text(problems, "CardNumber", self.card_number, 50);
        text(problems, "Cvv", self.cvv, 5);
        check_range(problems, "ExpirationMonth", self.expiration_month, 1..=12);
        check_range(problems, "ExpirationYear", self.expiration_year, 0..=99);
        required_text(problems, "FirstName", self.first_name, 50);
        required_text(problems, "LastName", self.last_name, 50);
        check_address(
            problems,
            [self.address1, self.address2, self.city],
            self.postal_zip,
            self.country_id,
            self.state_id,
        );
    }
}

impl AchCard {
    fn check(self, problems: &mut Problems) {
        required_text(problems, "AccountNumber", self.account_number, 50);
        required_text(problems, "TransitNumber", self.transit_number, 50);
        required(problems, "BankAccountType", self.bank_account_type);
        required_text(problems, "FirstName", self.first_name, 50);
        required_text(problems, "LastName", self.last_name, 50);
        check_address(
            problems,
            [self.address1, self.address2, self.city],
            self.postal_zip,
            self.country_id,
            self.state_id,
        );
    }
}

fn check_range(problems: &mut Problems, field: &str, number: Option<i64>, range: std::ops::RangeInclusive<i64>) {
    if let Some(number) = required(problems, field, number)
        && !range.contains(&number)
    {
        problems.push(field, format!("The field {field} must be between {} and {}.", range.start(), range.end()));
    }
}

fn check_address(
    problems: &mut Problems,
    lines: [Option<String>; 3],
    postal_zip: Option<String>,
    country: Option<i64>,
    state: Option<i64>,
) {
    for (field, line) in ["Address1", "Address2", "City"].into_iter().zip(lines) {
        text(problems, field, line, 50);
    }
    text(problems, "PostalZip", postal_zip, 10);
    if state.is_some() {
        required(problems, "CountryId", country);
    }
}
