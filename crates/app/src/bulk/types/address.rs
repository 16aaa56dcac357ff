//! The addresses of a customer in a file: `BillingAddress.Line1` and its neighbours.

use billing::{address::AddressFields, country::Country, problem::Problems, purchase::Change, tax::Region};

use super::{
    Column,
    row::{Read, Row, any},
    sheet::has_any,
};

/// The columns of one address.
pub(super) struct Place {
    company_name: Column,
    line1: Column,
    line2: Column,
    city: Column,
    state: Column,
    postal_zip: Column,
    country: Column,
}

pub(super) const BILLING: Place = Place {
    company_name: Column::optional("BillingAddress.CompanyName", "At most 255 characters."),
    line1: Column::optional("BillingAddress.Line1", "At most 60 characters."),
    line2: Column::optional("BillingAddress.Line2", "At most 60 characters."),
    city: Column::optional("BillingAddress.City", "At most 50 characters."),
    state: Column::optional("BillingAddress.State", "Code of the state, such as ON."),
    postal_zip: Column::optional("BillingAddress.PostalZip", "At most 10 characters."),
    country: Column::optional("BillingAddress.Country", "ISO code, such as CA. Required for a new address."),
};

pub(super) const SHIPPING: Place = Place {
    company_name: Column::optional("ShippingAddress.CompanyName", "At most 255 characters."),
    line1: Column::optional("ShippingAddress.Line1", "At most 60 characters."),
    line2: Column::optional("ShippingAddress.Line2", "At most 60 characters."),
    city: Column::optional("ShippingAddress.City", "At most 50 characters."),
    state: Column::optional("ShippingAddress.State", "Code of the state, such as ON."),
    postal_zip: Column::optional("ShippingAddress.PostalZip", "At most 10 characters."),
    country: Column::optional("ShippingAddress.Country", "ISO code, such as CA. Required for a new address."),
};

const CONTACT_NAME: Column = Column::optional("ContactName", "Who is to be addressed; at most 100 characters.");
const INSTRUCTIONS: Column =
    Column::optional("ShippingInstructions", "Printed in the notes of invoices; at most 1000 characters.");
const AS_SHIPPING: Column =
    Column::optional("UseBillingAddressAsShippingAddress", "Yes or No: goods go to the billing address.");

/// Everything about addresses.
pub(super) const COLUMNS: &[Column] = &[
    CONTACT_NAME,
    INSTRUCTIONS,
    AS_SHIPPING,
    BILLING.company_name,
    BILLING.line1,
    BILLING.line2,
    BILLING.city,
    BILLING.state,
    BILLING.postal_zip,
    BILLING.country,
    SHIPPING.company_name,
    SHIPPING.line1,
    SHIPPING.line2,
    SHIPPING.city,
    SHIPPING.state,
    SHIPPING.postal_zip,
    SHIPPING.country,
];

/// Writes what a row says of an address over the one that there is, if there is one. Somewhere else is another state, too.
pub(super) fn write(row: &Row, problems: &mut Problems, place: &Place, address: &mut Option<AddressFields>) {
    let Place { company_name, line1, line2, city, state, postal_zip, country } = place;
    if !has_any(row, &[*company_name, *line1, *line2, *city, *state, *postal_zip, *country]) {
        return;
    }
    let Some(region) = region(row, problems, place, address.as_ref().map(|address| address.region)) else { return };
    let new = AddressFields {
        company_name: None,
        line1: None,
        line2: None,
        region,
        city: None,
        postal_zip: None,
        is_valid: false,
    };
    let fields = address.get_or_insert(new);
    fields.region = region;
    let texts = [
        (company_name, &mut fields.company_name),
        (line1, &mut fields.line1),
        (line2, &mut fields.line2),
        (city, &mut fields.city),
        (postal_zip, &mut fields.postal_zip),
    ];
    for (column, value) in texts {
        row.change(problems, column.name, any).apply(value);
    }
    let part = country.name.split_once('.').map_or("", |(part, _)| part);
    problems.at(part, |problems| fields.check(problems));
}

/// Where the address is; nothing when that is wrong or not said.
fn region(row: &Row, problems: &mut Problems, place: &Place, current: Option<Region>) -> Option<Region> {
    let Place { state, country, .. } = place;
    let named = row.get(problems, country.name, named_country);
    if row.has(country.name) && named.is_none() {
        return None;
    }
    let known = current.and_then(|region| Country::find(region.country));
    let Some(home) = named.or(known) else {
        problems.required(country.name);
        return None;
    };
    let kept = current.filter(|region| region.country == home.id).and_then(|region| region.state);
    let complaint = || match home.states().first() {
        Some(state) => format!("must be the code of a state of {}, such as {}.", home.name, state.code),
        None => format!("must be empty: {} has no states here.", home.name),
    };
    let read = |code: &str| home.state_of_code(code).ok_or_else(complaint);
    let state = match row.change(problems, state.name, read) {
        Change::Keep => kept,
        Change::Clear => None,
        Change::Set(state) => Some(state.id),
    };
    Some(Region { country: home.id, state })
}

/// A country by one of its codes or its name.
fn named_country(text: &str) -> Read<&'static Country> {
    let is_named = |country: &&Country| {
        [country.iso, country.iso3, country.name].iter().any(|name| name.eq_ignore_ascii_case(text))
    };
    let found = Country::ALL.iter().find(is_named);
    found.ok_or_else(|| "must be the ISO code of a country, such as CA.".to_owned())
}
