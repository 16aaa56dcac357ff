//! `/v1/AccountProfile`: how the account presents itself on documents. An extension.

use app::accounts::profile;
use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use billing::{
    account::Session,
    address::AddressFields,
    named::Named,
    problem::{Problem, Problems},
    profile::{AccountProfile as Stored, Logo as StoredLogo},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::region;
use crate::{call::Call, error::ApiError, links::Links, operation::Operation};

const PATH: &str = "/v1/AccountProfile";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(PATH, "Read account profile", read)
            .about("What the account says of itself on invoices, credit notes and statements.")
            .answers::<AccountProfile>(),
        Operation::put(PATH, "Update account profile", update)
            .about(
                "Replaces what the account says of itself: members left out become null. Documents that are read from now \
                 on show it, earlier invoices too.",
            )
            .takes::<ProfileRequest>("accountProfile")
            .answers::<AccountProfile>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Account").extension())
    .collect()
}

/// What the account shall say of itself, in the shape in which it is read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ProfileRequest {
    /// The name on documents; the account's own when null.
    #[schemars(length(max = 255))]
    name: Option<String>,
    /// Where it is.
    address: Option<AddressRequest>,
    /// Printed below the address.
    #[schemars(length(max = 255))]
    email: Option<String>,
    /// Printed below the address.
    #[schemars(length(max = 50))]
    phone: Option<String>,
    /// Printed below the address.
    #[schemars(length(max = 255))]
    website: Option<String>,
    /// Printed below every invoice: plain text, line breaks are kept.
    #[schemars(length(max = 2000))]
    invoice_signature: Option<String>,
    /// Printed above the name.
    logo: Option<LogoRequest>,
}

/// Where the account is.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct AddressRequest {
    /// Company or department.
    #[schemars(length(max = 255))]
    company_name: Option<String>,
    /// First line.
    #[schemars(length(max = 60))]
    line1: Option<String>,
    /// Second line.
    #[schemars(length(max = 60))]
    line2: Option<String>,
    /// ISO numeric code of the country, such as 124. Required. Canada, Colombia, Mexico and the United States print on
    /// Letter, everybody else on A4.
    country_id: Option<i64>,
    /// A state of the country: its id of `/v1/Countries`, or its ISO code such as `ON` or `CA-ON`.
    state_id: Option<String>,
    /// City.
    #[schemars(length(max = 50))]
    city: Option<String>,
    /// Postal code.
    #[schemars(length(max = 10))]
    postal_zip: Option<String>,
}

/// A picture.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct LogoRequest {
    /// A PNG or JPEG file in base64, at most 256 KiB and 4000 pixels a side. Required.
    data: Option<String>,
    /// `image/png` or `image/jpeg`; must be what the file is.
    content_type: Option<String>,
}

impl ProfileRequest {
    fn parse(self) -> Result<Stored, Vec<Problem>> {
        let mut problems = Problems::new();
        let address = problems.at("Address", |problems| self.address.and_then(|address| address.parse(problems)));
        let logo = problems.at("Logo", |problems| self.logo.and_then(|logo| logo.parse(problems)));
        let profile = Stored {
            name: said(self.name),
            address,
            email: said(self.email),
            phone: said(self.phone),
            website: said(self.website),
            signature: said(self.invoice_signature),
            logo,
        };
        profile.check(&mut problems);
        problems.into_result()?;
        Ok(profile)
    }
}

/// A text of blanks says nothing.
fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

impl AddressRequest {
    fn parse(self, problems: &mut Problems) -> Option<AddressFields> {
        let region = region::parse(problems, self.country_id, self.state_id.as_deref());
        let fields = AddressFields {
            company_name: self.company_name,
            line1: self.line1,
            line2: self.line2,
            region: region?,
            city: self.city,
            postal_zip: self.postal_zip,
            is_valid: true,
        };
        fields.check(problems);
        Some(fields)
    }
}

impl LogoRequest {
    fn parse(self, problems: &mut Problems) -> Option<StoredLogo> {
        let Some(data) = self.data else {
            problems.required("Data");
            return None;
        };
        // Line breaks within base64 are as old as mail.
        let compact: String = data.split_whitespace().collect();
        let Ok(bytes) = STANDARD.decode(compact) else {
            problems.push("Data", "The logo is not in base64.");
            return None;
        };
        match StoredLogo::parse(bytes) {
            Ok(logo) => {
                let format = logo.format.name();
                if self.content_type.is_some_and(|told| !told.eq_ignore_ascii_case(format)) {
                    problems.push("ContentType", format!("The logo is {format}."));
                }
                if !document::is_logo_readable(&logo) {
                    problems.push("Data", "The logo cannot be read.");
                }
                Some(logo)
            }
            Err(text) => {
                problems.push("Data", text);
                None
            }
        }
    }
}

/// What the account says of itself.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AccountProfile {
    /// The name on documents; the account's own when null.
    name: Option<String>,
    /// Where it is.
    address: Option<Address>,
    /// Printed below the address.
    email: Option<String>,
    /// Printed below the address.
    phone: Option<String>,
    /// Printed below the address.
    website: Option<String>,
    /// Printed below every invoice.
    invoice_signature: Option<String>,
    /// Printed above the name.
    logo: Option<Logo>,
    /// The account.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// Where the account is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Address {
    /// Company or department.
    company_name: Option<String>,
    /// First line.
    line1: Option<String>,
    /// Second line.
    line2: Option<String>,
    /// ISO numeric code of the country.
    country_id: i64,
    /// Its name.
    country: Option<&'static str>,
    /// A state of the country.
    state_id: Option<i64>,
    /// Its name.
    state: Option<&'static str>,
    /// City.
    city: Option<String>,
    /// Postal code.
    postal_zip: Option<String>,
}

/// A picture.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Logo {
    /// The file in base64.
    data: String,
    /// `image/png` or `image/jpeg`.
    content_type: &'static str,
}

impl AccountProfile {
    fn of(links: &Links, session: &Session, profile: Stored) -> Self {
        Self {
            name: profile.name,
            address: profile.address.map(Address::of),
            email: profile.email,
            phone: profile.phone,
            website: profile.website,
            invoice_signature: profile.signature,
            logo: profile
                .logo
                .map(|logo| Logo { data: STANDARD.encode(&logo.bytes), content_type: logo.format.name() }),
            id: session.account.id.0,
            uri: links.account_profile(),
        }
    }
}

impl Address {
    fn of(fields: AddressFields) -> Self {
        let (country, state) = region::names(fields.region);
        Self {
            company_name: fields.company_name,
            line1: fields.line1,
            line2: fields.line2,
            country_id: fields.region.country,
            country,
            state_id: fields.region.state,
            state,
            city: fields.city,
            postal_zip: fields.postal_zip,
        }
    }
}

async fn read(call: Call) -> Result<Response, ApiError> {
    call.question(|tx, session| profile::find(tx, session.account.id), AccountProfile::of).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let profile = call.parse(ProfileRequest::parse)?;
    call.command(
        move |tx, session| {
            profile::set(tx, session.account.id, &profile, session.now)?;
            Ok(profile.clone())
        },
        AccountProfile::of,
    )
    .await
}
