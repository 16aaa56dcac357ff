//! `billfold account profile`: how an account presents itself on documents.

use std::fs;

use app::accounts::profile::{find, set as replace};
use billing::{
    address::AddressFields,
    country::Country,
    id::AccountId,
    problem::Problems,
    profile::{AccountProfile, Logo},
    tax::Region,
};
use serde_json::{Value, json};

use crate::{
    account::chosen,
    cli::{Inquiry, ProfileSet},
    failure::Failure,
    migrate, print,
};

/// Prints what the account says of itself.
pub(crate) async fn show(arguments: Inquiry) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let profile = app.db().read(move |tx| find(tx, account)).await?;
    tell(account, &profile, arguments.output.json);
    app.close().await;
    Ok(())
}

/// Changes what was given, keeps the rest, and prints all of it.
pub(crate) async fn set(arguments: Box<ProfileSet>) -> Result<(), Failure> {
    let logo = arguments.logo.as_ref().map(read_logo).transpose()?;
    let app = migrate::open_existing(&arguments.show.database).await?;
    let account = chosen(&app, &arguments.show.of).await?;
    let (is_json, now) = (arguments.show.output.json, app.now());
    let unit = move |tx: &mut db::Tx<'_>| {
        let mut profile = find(tx, account)?;
        change(&mut profile, &arguments, logo.as_ref())?;
        replace(tx, account, &profile, now)?;
        Ok::<_, app::Error>(profile)
    };
    let profile = app.db().write(unit).await?;
    tell(account, &profile, is_json);
    app.close().await;
    Ok(())
}

fn read_logo(file: &std::path::PathBuf) -> Result<Logo, Failure> {
    let name = || file.display().to_string();
    let bytes = fs::read(file).map_err(|error| Failure::File { verb: "read", file: name(), error })?;
    let logo = Logo::parse(bytes).map_err(Failure::Format)?;
    if !document::is_logo_readable(&logo) {
        return Err(Failure::Format(format!("{} cannot be read as a picture.", name())));
    }
    Ok(logo)
}

fn change(profile: &mut AccountProfile, arguments: &ProfileSet, logo: Option<&Logo>) -> Result<(), app::Error> {
    let mut problems = Problems::new();
    let texts = [
        (&mut profile.name, &arguments.name),
        (&mut profile.email, &arguments.email),
        (&mut profile.phone, &arguments.phone),
        (&mut profile.website, &arguments.website),
        (&mut profile.signature, &arguments.signature),
    ];
    for (kept, given) in texts {
        put(kept, given.as_ref());
    }
    if arguments.no_logo {
        profile.logo = None;
    }
    if let Some(logo) = logo {
        profile.logo = Some(logo.clone());
    }
    change_address(profile, arguments, &mut problems);
    profile.check(&mut problems);
    if let Some(address) = &profile.address {
        address.check(&mut problems);
    }
    problems.into_result().map_err(app::Error::Invalid)
}

/// An empty text takes away what was kept.
fn put(kept: &mut Option<String>, given: Option<&String>) {
    if let Some(text) = given {
        *kept = Some(text.clone()).filter(|text| !text.trim().is_empty());
    }
}

fn change_address(profile: &mut AccountProfile, arguments: &ProfileSet, problems: &mut Problems) {
    let given = [&arguments.line1, &arguments.line2, &arguments.city, &arguments.postal_zip, &arguments.state];
    if arguments.country.is_none() && given.iter().all(|text| text.is_none()) {
        return;
    }
    let known = profile.address.as_ref().map(|address| address.region);
    let Some(country) = arguments.country.or_else(|| Country::find(known?.country)) else {
        problems.push("Address", "An address needs a country: --country says which.");
        return;
    };
    let mut address = profile.address.take().unwrap_or_else(|| empty(country));
    if address.region.country != country.id {
        address.region = Region { country: country.id, state: None };
    }
    if let Some(code) = &arguments.state {
        address.region.state = country.state_of_code(code).map(|state| state.id);
        if address.region.state.is_none() && !code.trim().is_empty() {
            problems.push("State", format!("{code} is not a state of {}.", country.name));
        }
    }
    put(&mut address.line1, arguments.line1.as_ref());
    put(&mut address.line2, arguments.line2.as_ref());
    put(&mut address.city, arguments.city.as_ref());
    put(&mut address.postal_zip, arguments.postal_zip.as_ref());
    profile.address = Some(address);
}

fn empty(country: &Country) -> AddressFields {
    let region = Region { country: country.id, state: None };
    AddressFields { company_name: None, line1: None, line2: None, region, city: None, postal_zip: None, is_valid: true }
}

fn tell(account: AccountId, profile: &AccountProfile, is_json: bool) {
    let described = describe(account, profile);
    if is_json {
        print::json(&described);
        return;
    }
    let members = described.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    for (name, value) in members {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        println!("{name}: {text}");
    }
}

fn describe(account: AccountId, profile: &AccountProfile) -> Value {
    let address = profile.address.as_ref();
    let country = address.and_then(|address| Country::find(address.region.country));
    let state = country.zip(address.and_then(|address| address.region.state));
    let logo = profile.logo.as_ref().and_then(|logo| Some((logo, logo.size()?)));
    json!({
        "accountId": account.0,
        "name": profile.name,
        "line1": address.map(|address| &address.line1),
        "line2": address.map(|address| &address.line2),
        "city": address.map(|address| &address.city),
        "state": state.and_then(|(country, id)| country.state(id)).map(|state| state.code),
        "postalZip": address.map(|address| &address.postal_zip),
        "country": country.map(|country| country.iso),
        "email": profile.email,
        "phone": profile.phone,
        "website": profile.website,
        "signature": profile.signature,
        "logo": logo.map(|(logo, (width, height))| format!("{}, {width} × {height}, {} bytes", logo.format, logo.bytes.len()))
    })
}
