//! `billfold gateway add`, `list`, `set-secret` and `remove`; `billfold vault new-key`, `rotate` and `check`.

use std::{fs, io::Read as _, path::Path, sync::Arc};

use app::gateways::{add, list, remove, reseal, set_secret};
use billing::{
    gateway::{GatewayAccount, GatewayKind},
    instrument::{ExposeSecret as _, SecretString},
};
use money::Currency;
use serde_json::json;

use crate::{
    account::chosen,
    cli::{GatewayAdd, GatewayRemove, GatewaySetSecret, Inquiry, Kind, VaultCommand, VaultUse},
    failure::Failure,
    gateways, migrate, print,
};

/// Adds a gateway.
pub(crate) async fn add(arguments: GatewayAdd) -> Result<(), Failure> {
    let order = add::Order {
        kind: match arguments.kind {
            Kind::Test => GatewayKind::Test,
            Kind::Stripe => GatewayKind::Stripe,
        },
        currency: arguments.currency,
        secret: secret(arguments.secrets.secret_file.as_deref())?,
        webhook_secret: secret(arguments.secrets.webhook_secret_file.as_deref())?,
        base_url: arguments.gateway_url,
    };
    let app = migrate::open_existing(&arguments.database).await?.with_gateways(gateways::open(&arguments.payments)?);
    let account = chosen(&app, &arguments.of).await?;
    let (now, gateways) = (app.now(), Arc::clone(app.gateways()));
    let added = app.db().write(move |tx| {
        let added = add::run(tx, &gateways, account, &order, now)?;
        // A secret that no gateway takes is found out now rather than with the first payment.
        gateways.open(account, &added)?;
        Ok::<_, app::Error>(added)
    });
    let added = added.await?;
    if arguments.output.json {
        print::json(&shown(&added));
    } else {
        println!("Gateway {} of account {account} charges {}.", added.id, currencies(&added));
    }
    app.close().await;
    Ok(())
}

/// Lists an account's gateways.
pub(crate) async fn list(arguments: Inquiry) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let found = app.db().read(move |tx| list::run(tx, account)).await?;
    if arguments.output.json {
        let gateways: Vec<_> = found.iter().map(shown).collect();
        print::json(&json!({ "accountId": account.0, "gateways": gateways }));
    } else {
        for gateway in found {
            let removed = gateway.removed_at.map(|at| format!(", removed {at}")).unwrap_or_default();
            println!("{}  {}  charges {}{removed}", gateway.id, gateway.kind, currencies(&gateway));
        }
    }
    app.close().await;
    Ok(())
}

/// Replaces secrets.
pub(crate) async fn set_secret(arguments: GatewaySetSecret) -> Result<(), Failure> {
    let new = secret(arguments.secrets.secret_file.as_deref())?;
    let webhook = secret(arguments.secrets.webhook_secret_file.as_deref())?;
    let app = migrate::open_existing(&arguments.database).await?.with_gateways(gateways::open(&arguments.payments)?);
    let account = chosen(&app, &arguments.of).await?;
    let (id, gateways) = (arguments.gateway_id, Arc::clone(app.gateways()));
    if let Some(secret) = &new {
        set_secret::check(&app, account, id, secret).await?;
    }
    let set = move |tx: &mut app::Tx<'_>| {
        set_secret::run(tx, &gateways, account, id, new.as_ref(), webhook.as_ref())?;
        gateways.open(account, &app::gateways::get(tx, account, id)?).map(|_| ())
    };
    app.db().write(set).await?;
    println!("Gateway {id} of account {account} has its new secrets.");
    app.close().await;
    Ok(())
}

/// Takes a gateway out of use.
pub(crate) async fn remove(arguments: GatewayRemove) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let (id, now) = (arguments.gateway_id, app.now());
    let abandons = arguments.abandon_methods;
    app.db().write(move |tx| remove::run(tx, account, id, abandons, now)).await?;
    println!("Gateway {id} of account {account} is out of use.");
    app.close().await;
    Ok(())
}

/// Makes keys, and seals with them.
pub(crate) async fn vault(command: VaultCommand) -> Result<(), Failure> {
    match command {
        VaultCommand::NewKey => {
            println!("{}", vault::new_key()?.expose_secret());
            Ok(())
        }
        VaultCommand::Rotate(arguments) => go_through(arguments, true).await,
        VaultCommand::Check(arguments) => go_through(arguments, false).await,
    }
}

async fn go_through(arguments: VaultUse, replaces: bool) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?.with_gateways(gateways::open(&arguments.payments)?);
    let count = reseal::run(&app, replaces).await?;
    app.close().await;
    let done = if replaces { "sealed anew" } else { "sealed with an older key" };
    println!("{} secrets, {} {done}, {} that no key opens.", count.seen, count.outdated, count.unreadable);
    if count.unreadable > 0 { Err(Failure::Sealed(count.unreadable)) } else { Ok(()) }
}

/// What a file or standard input holds, without the white space around it.
fn secret(file: Option<&Path>) -> Result<Option<SecretString>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let unreadable = |error| Failure::File { verb: "read", file: file.display().to_string(), error };
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
    } else {
        text = fs::read_to_string(file).map_err(unreadable)?;
    }
    let secret = SecretString::from(text.trim());
    drop(SecretString::from(text));
    Ok(Some(secret))
}

fn currencies(gateway: &GatewayAccount) -> &'static str {
    gateway.currency.map_or("every currency without a gateway of its own", Currency::code)
}

fn shown(gateway: &GatewayAccount) -> serde_json::Value {
    json!({
        "gatewayId": gateway.id.0,
        "kind": gateway.kind.to_string(),
        "currency": gateway.currency.map(Currency::code),
        "url": gateway.base_url,
        "createdAt": gateway.created_at.to_string(),
        "removedAt": gateway.removed_at.map(|at| at.to_string())
    })
}
