//! A payment method as it is read. Members that only a card has are absent from a bank account, and the other way round.

use app::payment_methods::Seen;
use billing::{
    collect::BankAccountType,
    named::Named as _,
    payment_method::{CardBrand, Face, SharingOverride as StoredOverride},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, routes::region, wire::scalar::At};

/// What may be shown of a card or bank account.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentMethod {
    #[serde(flatten)]
    face: Shown,
    /// Whose it is.
    customer_id: i64,
    /// The holder's first name.
    first_name: String,
    /// The holder's last name.
    last_name: String,
    /// First line of the billing address.
    address1: Option<String>,
    /// Second line.
    address2: Option<String>,
    /// ISO 3166-1 numeric code.
    country_id: Option<i64>,
    /// The country's name.
    country: Option<&'static str>,
    /// The state's id, as `/v1/Countries` lists it.
    state_id: Option<i64>,
    /// The state's name.
    state: Option<&'static str>,
    /// City.
    city: Option<String>,
    /// Postal code.
    postal_zip: Option<String>,
    /// The customer is collected from it when nobody says otherwise.
    is_default: bool,
    /// It belongs to an ancestor.
    is_parent: bool,
    /// Its owner's id at the gateway, when it was stored there by somebody else.
    external_customer_id: Option<String>,
    /// Its own id at the gateway, likewise.
    external_card_id: Option<String>,
    /// It was stored by this server.
    stored_in_fusebill_vault: bool,
    /// Always null: there is no Paypal here.
    email: Option<String>,
    /// When it was stored.
    modified_date: At,
    /// The method in whose place it came.
    original_payment_method_id: Option<i64>,
    /// Always false: there are no billing periods yet.
    is_used_for_billing_period_override: bool,
    /// Always null.
    business_tax_id: Option<String>,
    /// Always false.
    stored_in_stax: bool,
    /// `CreditCard` or `ACHCard`.
    payment_method_type: &'static str,
    /// Descendants may use it, but for those in `descendantOverrides`.
    sharing: bool,
    /// Descendants for whom something else holds.
    descendant_overrides: Vec<DescendantOverride>,
    /// Always `Active`: deleted ones are not shown.
    status: &'static str,
    /// Collections in a row that failed.
    repeat_failure_count: i64,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged, rename_all = "camelCase")]
enum Shown {
    #[serde(rename_all = "camelCase")]
    Card {
        /// The last four digits.
        masked_card_number: String,
        /// Who issued it.
        card_type: Name<CardBrand>,
        /// 1 to 12.
        expiration_month: u8,
        /// Two digits.
        expiration_year: u8,
        /// It takes money from an account at once.
        is_debit: bool,
        /// Always false.
        is_google_pay: bool,
    },
    #[serde(rename_all = "camelCase")]
    BankAccount {
        /// The last four digits of its number.
        masked_account_number: String,
        /// The last four digits of the bank's routing number.
        masked_transit_number: String,
        /// Chequing or savings.
        bank_account_type: Name<BankAccountType>,
    },
}

/// A descendant for whom something else holds.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DescendantOverride {
    /// Its id.
    id: i64,
    /// The descendant.
    customer_id: i64,
    /// It may use the method.
    sharing: bool,
}

impl PaymentMethod {
    pub(super) fn of(links: &Links, seen: Seen) -> Self {
        let Seen { method, is_default, is_parents } = seen;
        let holder = method.holder;
        let (country, state) = holder.region.map_or((None, None), region::names);
        let external = method.external;
        Self {
            payment_method_type: match method.face {
                Face::Card { .. } => "CreditCard",
                Face::BankAccount { .. } => "ACHCard",
            },
            face: Shown::of(method.face),
            customer_id: method.customer.0,
            first_name: holder.first_name,
            last_name: holder.last_name,
            address1: holder.address1,
            address2: holder.address2,
            country_id: holder.region.map(|region| region.country),
            country,
            state_id: holder.region.and_then(|region| region.state),
            state,
            city: holder.city,
            postal_zip: holder.postal_zip,
            is_default,
            is_parent: is_parents,
            stored_in_fusebill_vault: external.is_none(),
            external_customer_id: external.as_ref().map(|external| external.customer.clone()),
            external_card_id: external.map(|external| external.instrument),
            email: None,
            modified_date: At(method.modified_at),
            original_payment_method_id: method.original.map(|original| original.0),
            is_used_for_billing_period_override: false,
            business_tax_id: None,
            stored_in_stax: false,
            sharing: method.sharing.is_shared,
            descendant_overrides: method.sharing.overrides.iter().map(DescendantOverride::of).collect(),
            status: method.state.name(),
            repeat_failure_count: method.failure_count,
            id: method.id.0,
            uri: links.payment_method(method.id.0),
        }
    }
}

impl Shown {
    fn of(face: Face) -> Self {
        match face {
            Face::Card { brand, last_four, expiration, is_debit } => Self::Card {
                masked_card_number: format!("************{last_four}"),
                card_type: Name(brand),
                expiration_month: expiration.month,
                expiration_year: expiration.year,
                is_debit,
                is_google_pay: false,
            },
            Face::BankAccount { account_last_four, transit_last_four, account_type } => Self::BankAccount {
                masked_account_number: format!("****{account_last_four}"),
                masked_transit_number: format!("****{transit_last_four}"),
                bank_account_type: Name(account_type),
            },
        }
    }
}

impl DescendantOverride {
    fn of(own: &StoredOverride) -> Self {
        Self { id: own.id, customer_id: own.customer.0, sharing: own.is_shared }
    }
}
