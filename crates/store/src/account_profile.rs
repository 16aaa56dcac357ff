//! How accounts present themselves on documents.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use billing::{
    address::AddressFields,
    id::AccountId,
    named::Named,
    profile::{AccountProfile, Logo, LogoFormat},
    tax::Region,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::row::{Columns, at, text_opt, unknown};

/// Stores what an account says of itself in place of what was stored.
pub fn set(tx: &mut Tx<'_>, account: AccountId, profile: &AccountProfile, now: Instant) -> Result<(), Error> {
    let address = profile.address.as_ref();
    let text = |of: fn(&AddressFields) -> Option<&String>| text_opt(address.and_then(of));
    let logo = profile.logo.as_ref();
    tx.execute(
        "INSERT INTO account_profile (account_id, name, email, phone, website, signature, company_name, line1, line2,
             country_id, state_id, city, postal_zip, logo_type, logo, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
             website = excluded.website, signature = excluded.signature, company_name = excluded.company_name,
             line1 = excluded.line1, line2 = excluded.line2, country_id = excluded.country_id,
             state_id = excluded.state_id, city = excluded.city, postal_zip = excluded.postal_zip,
             logo_type = excluded.logo_type, logo = excluded.logo, modified_at = excluded.modified_at",
        &values![
            account.0,
            text_opt(profile.name.as_ref()),
            text_opt(profile.email.as_ref()),
            text_opt(profile.phone.as_ref()),
            text_opt(profile.website.as_ref()),
            text_opt(profile.signature.as_ref()),
            text(|address| address.company_name.as_ref()),
            text(|address| address.line1.as_ref()),
            text(|address| address.line2.as_ref()),
            address.map(|address| address.region.country),
            address.and_then(|address| address.region.state),
            text(|address| address.city.as_ref()),
            text(|address| address.postal_zip.as_ref()),
            logo.map(|logo| logo.format.name()),
            logo.map(|logo| STANDARD.encode(&logo.bytes)),
            at(now)
        ],
    )?;
    Ok(())
}

/// What an account says of itself; nothing while it has said nothing.
pub fn find(tx: &mut Tx<'_>, account: AccountId) -> Result<AccountProfile, Error> {
    let found = tx.query_opt(
        "SELECT name, email, phone, website, signature, company_name, line1, line2, country_id, state_id, city,
             postal_zip, logo_type, logo
         FROM account_profile WHERE account_id = $1",
        &values![account.0],
        profile,
    )?;
    Ok(found.unwrap_or_default())
}

/// What stands below its invoices, without reading the rest.
pub fn find_signature(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<String>, Error> {
    let found =
        tx.query_opt("SELECT signature FROM account_profile WHERE account_id = $1", &values![account.0], |row| {
            row.get::<Option<String>>(0)
        })?;
    Ok(found.flatten())
}

fn profile(row: &Row<'_>) -> Result<AccountProfile, Error> {
    let mut columns = Columns::of(row);
    Ok(AccountProfile {
        name: columns.next()?,
        email: columns.next()?,
        phone: columns.next()?,
        website: columns.next()?,
        signature: columns.next()?,
        address: address(&mut columns)?,
        logo: logo(&mut columns)?,
    })
}

fn address(columns: &mut Columns<'_, '_>) -> Result<Option<AddressFields>, Error> {
    let (company_name, line1, line2) = (columns.next()?, columns.next()?, columns.next()?);
    let (country, state): (Option<i64>, _) = (columns.next()?, columns.next()?);
    let (city, postal_zip) = (columns.next()?, columns.next()?);
    Ok(country.map(|country| AddressFields {
        company_name,
        line1,
        line2,
        region: Region { country, state },
        city,
        postal_zip,
        is_valid: true,
    }))
}

fn logo(columns: &mut Columns<'_, '_>) -> Result<Option<Logo>, Error> {
    let (format, text): (Option<LogoFormat>, Option<String>) = (columns.named_opt()?, columns.next()?);
    let Some((format, text)) = format.zip(text) else { return Ok(None) };
    let bytes = STANDARD.decode(text).map_err(|_| unknown("the logo"))?;
    Ok(Some(Logo { format, bytes }))
}
