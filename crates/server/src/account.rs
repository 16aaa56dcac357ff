//! `billfold account create`.

use app::accounts::create::{self, Order};
use billing::id::AccountId;
use serde_json::json;

use crate::{
    cli::{AccountCreate, Feature},
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
    };
    let name = order.name.clone();
    let (account, key) = insert(&app, order).await?;
    if arguments.json {
        print::json(&json!({ "accountId": account.0, "apiKey": key }));
    } else {
        println!("Account {account} ({name})");
        println!("API key, shown only now: {key}");
    }
    app.close().await;
    Ok(())
}

/// Creates an account with a new key.
pub(crate) async fn insert(app: &app::App, order: Order) -> Result<(AccountId, String), Failure> {
    let (key, now) = (key::generate()?, app.now());
    let own = key.clone();
    let account = app.db().write(move |tx| create::run(tx, &order, &own, now)).await?;
    Ok((account, key))
}
