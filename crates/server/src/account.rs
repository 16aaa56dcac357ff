//! `billfold account create` and `account list`.

use app::accounts::{
    create::{self, Order},
    list,
};
use billing::{account::Account, id::AccountId};
use clap::ValueEnum as _;
use serde_json::{Value, json};

use crate::{
    cli::{AccountCreate, AccountList, Feature, OfAccount},
    failure::Failure,
    key, migrate, print,
};

/// Creates the account and prints its key, which is not kept.
pub(crate) async fn create(arguments: AccountCreate) -> Result<(), Failure> {
    let app = migrate::open(&arguments.database).await?;
    let order = Order {
        name: arguments.name,
        currency: arguments.currency,
        zone: arguments.timezone,
        may_write_off: arguments.enable.contains(&Feature::WriteOffOverApi),
        may_reuse_references: arguments.enable.contains(&Feature::TrackedItemReuse),
        drafts_invoices: arguments.enable.contains(&Feature::DraftInvoices),
    };
    let name = order.name.clone();
    let (account, key) = insert(&app, order).await?;
    if arguments.output.json {
        print::json(&json!({ "accountId": account.0, "apiKey": key }));
    } else {
        println!("Account {account} ({name})");
        println!("API key, shown only now: {key}");
    }
    app.close().await;
    Ok(())
}

/// The account that was named or, of a database that has one only, that one.
pub(crate) async fn chosen(app: &app::App, of: &OfAccount) -> Result<AccountId, Failure> {
    if let Some(account) = of.account {
        return Ok(account);
    }
    match app.db().read(list::run).await?.as_slice() {
        [] => Err(Failure::NoAccount),
        [account] => Ok(account.id),
        [_, _, ..] => Err(Failure::AccountNotNamed),
    }
}

/// Lists the accounts with what was chosen for them.
pub(crate) async fn list(arguments: AccountList) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let accounts = app.db().read(list::run).await?;
    if arguments.output.json {
        let accounts: Vec<_> = accounts.iter().map(describe).collect();
        print::json(&json!({ "accounts": accounts }));
    } else {
        for account in &accounts {
            let Account { id, name, currency, zone, .. } = account;
            let enabled: Vec<_> = enabled(account).iter().map(|feature| format!(" --enable {feature}")).collect();
            println!("{id}  {} {}{}  {name}", currency.code(), zone.name(), enabled.concat());
        }
    }
    app.close().await;
    Ok(())
}

fn describe(account: &Account) -> Value {
    json!({
        "accountId": account.id.0,
        "name": account.name,
        "currency": account.currency.code(),
        "timezone": account.zone.name(),
        "enabled": enabled(account)
    })
}

/// The names of the features of an account, as `--enable` takes them.
fn enabled(account: &Account) -> Vec<String> {
    let features = [
        (account.may_write_off, Feature::WriteOffOverApi),
        (account.may_reuse_references, Feature::TrackedItemReuse),
        (account.drafts_invoices, Feature::DraftInvoices),
    ];
    let enabled = features.into_iter().filter(|(is_enabled, _)| *is_enabled);
    enabled.filter_map(|(_, feature)| Some(feature.to_possible_value()?.get_name().to_owned())).collect()
}

/// Creates an account with a new key.
pub(crate) async fn insert(app: &app::App, order: Order) -> Result<(AccountId, String), Failure> {
    let (key, now) = (key::generate()?, app.now());
    let own = key.clone();
    let account = app.db().write(move |tx| create::run(tx, &order, &own, now)).await?;
    Ok((account, key))
}
