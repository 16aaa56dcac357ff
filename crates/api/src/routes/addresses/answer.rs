//! What callers are shown of addresses (customers.md §3.3, §3.4).

use billing::{
    address::{Address as Stored, AddressPreference as StoredPreference, AddressType},
    id::CustomerId,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, routes::region};

/// An address.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Address {
    /// The customer's id.
    customer_address_preference_id: i64,
    /// Company.
    company_name: Option<String>,
    /// First line.
    line1: Option<String>,
    /// Second line.
    line2: Option<String>,
    /// ISO numeric code of the country.
    country_id: i64,
    /// Its name.
    country: Option<&'static str>,
    /// Id of the state.
    state_id: Option<i64>,
    /// Its name.
    state: Option<&'static str>,
    /// City.
    city: Option<String>,
    /// Postal code.
    postal_zip: Option<String>,
    /// What it is for.
    address_type: Name<AddressType>,
    /// Confirmed, as far as the caller said so.
    valid: bool,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// How a customer is addressed.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct AddressPreference {
    /// Who is to be addressed.
    contact_name: Option<String>,
    /// Printed in the notes of invoices.
    shipping_instructions: Option<String>,
    /// Goods go to the billing address.
    use_billing_address_as_shipping_address: bool,
    /// Where invoices go.
    billing_address: Option<Address>,
    /// Where goods go; shown even when the billing address is used instead.
    shipping_address: Option<Address>,
    /// The customer's id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl Address {
    pub(super) fn of(links: &Links, address: Stored) -> Self {
        let fields = address.fields;
        let (country, state) = region::names(fields.region);
        Self {
            customer_address_preference_id: address.customer.0,
            company_name: fields.company_name,
            line1: fields.line1,
            line2: fields.line2,
            country_id: fields.region.country,
            country,
            state_id: fields.region.state,
            state,
            city: fields.city,
            postal_zip: fields.postal_zip,
            address_type: Name(address.address_type),
            valid: fields.is_valid,
            id: address.id.0,
            uri: links.address(address.id.0),
        }
    }
}

impl AddressPreference {
    pub(in crate::routes) fn of(links: &Links, customer: CustomerId, preference: StoredPreference) -> Self {
        let fields = preference.fields;
        Self {
            contact_name: fields.contact_name,
            shipping_instructions: fields.shipping_instructions,
            use_billing_address_as_shipping_address: fields.uses_billing_as_shipping,
            billing_address: preference.billing.map(|address| Address::of(links, address)),
            shipping_address: preference.shipping.map(|address| Address::of(links, address)),
            id: customer.0,
            uri: links.address_preference(customer.0),
        }
    }
}
