//! What callers send about addresses, and what it means.

use app::addresses::{create, set_preference, update};
use billing::{
    address::{AddressFields, AddressType, BILLING_FIRST, PreferenceFields, PreferenceOrder},
    id::{AddressId, CustomerId},
    problem::{Problem, Problems},
    tax::Region,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::{parse::required, region},
    wire::shape::OneOrMany,
};

/// An address, in the shape in which it is read; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct AddressRequest {
    /// Which address. Required for an update, ignored otherwise.
    id: Option<i64>,
    /// The customer. Required at creation; it never changes.
    customer_address_preference_id: Option<i64>,
    /// Company.
    #[schemars(length(max = 255))]
    company_name: Option<String>,
    /// First line.
    #[schemars(length(max = 60))]
    line1: Option<String>,
    /// Second line.
    #[schemars(length(max = 60))]
    line2: Option<String>,
    /// ISO numeric code of the country, such as 124. Required.
    country_id: Option<i64>,
    /// A state of the country: its id of `/v1/Countries`, or its ISO code such as `ON` or `CA-ON`.
    state_id: Option<String>,
    /// City.
    #[schemars(length(max = 50))]
    city: Option<String>,
    /// Postal code.
    #[schemars(length(max = 10))]
    postal_zip: Option<String>,
    /// What it is for. Required at creation; it never changes.
    address_type: Option<Name<AddressType>>,
    /// Confirmed, as far as the caller knows; false when absent.
    valid: Option<bool>,
    /// Requires `line1`, `city`, `postalZip` and, where the country has any, `stateId`.
    enforce_full_address: Option<bool>,
}

/// How a customer is to be addressed.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct PreferenceRequest {
    /// The customer. Required for an update, ignored otherwise.
    id: Option<i64>,
    /// Who is to be addressed.
    #[schemars(length(max = 100))]
    contact_name: Option<String>,
    /// Printed in the notes of invoices.
    #[schemars(length(max = 1000))]
    shipping_instructions: Option<String>,
    /// Goods go to the billing address; false when absent.
    #[serde(alias = "useBillingAsShipping")]
    use_billing_address_as_shipping_address: Option<bool>,
    /// Where invoices go.
    billing_address: Option<AddressRequest>,
    /// Where goods go; only with a billing address.
    shipping_address: Option<AddressRequest>,
}

/// In the place of a country that was reported: the problems refuse the body before anybody sees it.
const NOWHERE: Region = Region { country: 0, state: None };

impl AddressRequest {
    /// The address to create, or everything that is wrong with it.
    pub(super) fn parse_new(self) -> Result<create::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = self.customer_address_preference_id;
        if customer.is_none() {
            let text = "Please specify a value for customerAddressPreferenceId";
            problems.push("CustomerAddressPreferenceId", text);
        }
        let address_type = required(&mut problems, "AddressType", self.address_type);
        let fields = self.into_fields(&mut problems);
        problems.into_result()?;
        Ok(create::Order {
            customer: CustomerId(customer.unwrap_or_default()),
            address_type: address_type.map_or(AddressType::Billing, |Name(address_type)| address_type),
            fields,
        })
    }

    /// The address as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let customer = self.customer_address_preference_id.map(CustomerId);
        let address_type = self.address_type.map(|Name(address_type)| address_type);
        let fields = self.into_fields(&mut problems);
        problems.into_result()?;
        Ok(update::Order { id: AddressId(id.unwrap_or_default()), customer, address_type, fields })
    }

    /// An address whose place says what it is for.
    fn into_part(self, problems: &mut Problems, place: AddressType) -> AddressFields {
        if self.address_type.is_some_and(|Name(address_type)| address_type != place) {
            problems.push("AddressType", format!("AddressType must be {place} here."));
        }
        self.into_fields(problems)
    }

    /// Where the address is.
    pub(in crate::routes) fn into_region(self, problems: &mut Problems) -> Region {
        self.into_fields(problems).region
    }

    fn into_fields(self, problems: &mut Problems) -> AddressFields {
        let region = region::parse(problems, self.country_id, self.state_id.as_deref());
        let fields = AddressFields {
            company_name: self.company_name,
            line1: self.line1,
            line2: self.line2,
            region: region.unwrap_or(NOWHERE),
            city: self.city,
            postal_zip: self.postal_zip,
            is_valid: self.valid.unwrap_or_default(),
        };
        fields.check(problems);
        if self.enforce_full_address.unwrap_or_default() {
            fields.check_full(problems);
        }
        fields
    }
}

impl PreferenceRequest {
    /// The preference as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<set_preference::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "Id", self.id);
        let preference = self.parse(&mut problems);
        problems.into_result()?;
        Ok(set_preference::Order { customer: CustomerId(customer.unwrap_or_default()), preference })
    }

    /// How the customer shall be addressed.
    pub(in crate::routes) fn parse(self, problems: &mut Problems) -> PreferenceOrder {
        let fields = PreferenceFields {
            contact_name: self.contact_name,
            shipping_instructions: self.shipping_instructions,
            uses_billing_as_shipping: self.use_billing_address_as_shipping_address.unwrap_or_default(),
        };
        fields.check(problems);
        let (billing, shipping) = (self.billing_address, self.shipping_address);
        let billing =
            problems.at("BillingAddress", |problems| Some(billing?.into_part(problems, AddressType::Billing)));
        let shipping =
            problems.at("ShippingAddress", |problems| Some(shipping?.into_part(problems, AddressType::Shipping)));
        PreferenceOrder { fields, billing, shipping }
    }
}

/// How a new customer, who has no address yet, is addressed: as a preference, and by a list of addresses.
pub(in crate::routes) fn parse_new(
    problems: &mut Problems,
    preference: Option<PreferenceRequest>,
    addresses: Option<OneOrMany<AddressRequest>>,
) -> Option<PreferenceOrder> {
    let OneOrMany(addresses) = addresses.unwrap_or_default();
    let is_listed = !addresses.is_empty();
    if preference.is_none() && !is_listed {
        return None;
    }
    let mut order =
        problems.at("CustomerAddressPreference", |problems| Some(preference?.parse(problems))).unwrap_or_default();
    for (index, address) in addresses.into_iter().enumerate() {
        problems.item("Addresses", index, |problems| put(problems, &mut order, address));
    }
    // The place of what is wrong is that of the shipping address.
    if is_listed {
        if order.shipping.is_some() && order.billing.is_none() {
            problems.push("Addresses", BILLING_FIRST);
        }
    } else {
        problems.at("CustomerAddressPreference", |problems| order.check_order(false, problems));
    }
    Some(order)
}

/// Puts an address of a list to its place.
fn put(problems: &mut Problems, order: &mut PreferenceOrder, address: AddressRequest) {
    let address_type = required(problems, "AddressType", address.address_type);
    let fields = address.into_fields(problems);
    let Some(Name(address_type)) = address_type else { return };
    let place = match address_type {
        AddressType::Billing => &mut order.billing,
        AddressType::Shipping => &mut order.shipping,
    };
    if place.is_some() {
        problems.push("AddressType", format!("A customer has at most one {address_type} address."));
    }
    *place = Some(fields);
}
