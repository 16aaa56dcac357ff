//! Who sends a document and whom it concerns, as lines of an address.

use billing::{
    account::Account,
    address::{AddressFields, AddressPreference},
    country::Country,
    customer::Contact,
    named::Named,
    profile::AccountProfile,
};

use crate::{
    clean::clean,
    model::{Block, Letterhead, Paper, Party},
};

/// Countries that print on Letter, by their ISO codes.
const LETTER: [&str; 4] = ["CA", "CO", "MX", "US"];

/// The head of every document of the account.
pub(crate) fn letterhead(account: &Account, profile: &AccountProfile) -> Letterhead {
    let mut lines = profile.address.as_ref().map(address).unwrap_or_default();
    let contacts = [&profile.email, &profile.phone, &profile.website].into_iter().flatten();
    lines.extend(contacts.map(|text| clean(text)).filter(|text| !text.is_empty()));
    let name = clean(profile.name.as_ref().unwrap_or(&account.name));
    Letterhead { logo: profile.logo.clone(), name, lines }
}

/// What the account says below everything else, if anything.
pub(crate) fn signature(profile: &AccountProfile) -> Option<Block> {
    profile.signature.as_deref().map(clean).filter(|text| !text.is_empty()).map(Block::Paragraph)
}

/// The paper that is in the account's printers.
pub(crate) fn paper(profile: &AccountProfile) -> Paper {
    let country = profile.address.as_ref().and_then(|address| Country::find(address.region.country));
    if country.is_some_and(|country| LETTER.contains(&country.iso)) { Paper::Letter } else { Paper::A4 }
}

/// The customer, at its billing address, and where goods go when that is elsewhere.
pub(crate) fn customer(contact: &Contact, addresses: Option<&AddressPreference>) -> Vec<Party> {
    let billing = addresses.and_then(|known| known.billing.as_ref()).map(|known| &known.fields);
    let mut lines = names(contact, addresses.and_then(|known| known.fields.contact_name.as_deref()));
    lines.extend(billing.map(address).unwrap_or_default());
    lines.extend([&contact.primary_email, &contact.primary_phone].into_iter().flatten().map(|text| clean(text)));
    let mut parties = vec![Party { role: "Billed to", lines: printed(lines) }];
    let shipping = addresses.filter(|known| !known.fields.uses_billing_as_shipping);
    if let Some(shipping) = shipping.and_then(|known| known.shipping.as_ref()) {
        parties.push(Party { role: "Shipped to", lines: printed(address(&shipping.fields)) });
    }
    parties
}

/// The company first, then the person.
fn names(contact: &Contact, addressed: Option<&str>) -> Vec<String> {
    let title = contact.title.map(Named::name);
    let parts = [
        title,
        contact.first_name.as_deref(),
        contact.middle_name.as_deref(),
        contact.last_name.as_deref(),
        contact.suffix.as_deref(),
    ];
    let person = parts.into_iter().flatten().map(clean).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let company = contact.company_name.as_deref().map(clean);
    let mut lines = Vec::from_iter(company);
    match addressed.map(clean).filter(|text| !text.is_empty()) {
        Some(addressed) => lines.push(addressed),
        None => lines.push(person),
    }
    lines
}

/// An address, a line each.
fn address(fields: &AddressFields) -> Vec<String> {
    let country = Country::find(fields.region.country);
    let state = country.zip(fields.region.state).and_then(|(country, id)| country.state(id));
    let parts = [fields.city.as_deref(), state.map(|state| state.code), fields.postal_zip.as_deref()];
    let town = parts.into_iter().flatten().map(clean).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let texts = [&fields.company_name, &fields.line1, &fields.line2].into_iter().flatten().map(|text| clean(text));
    printed(texts.chain([town]).chain(country.map(|country| country.name.to_owned())).collect())
}

/// Without empty lines, and without a line that says what the one before it says.
fn printed(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.is_empty());
    lines.dedup();
    lines
}
