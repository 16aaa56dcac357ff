//! `billfold account settings`: how an account collects, and its terms.

use app::collection_settings::{Settings, find, set as replace};
use billing::{id::AccountId, named::Named as _, problem::Problems};
use serde_json::{Value, json};

use crate::{
    account::chosen,
    cli::{Inquiry, SettingsSet},
    failure::Failure,
    migrate, print,
};

/// Prints how the account collects.
pub(crate) async fn show(arguments: Inquiry) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let account = chosen(&app, &arguments.of).await?;
    let settings = app.db().read(move |tx| find(tx, account)).await?;
    tell(account, &settings, arguments.output.json);
    app.close().await;
    Ok(())
}

/// Changes what was given, keeps the rest, and prints all of it.
pub(crate) async fn set(arguments: Box<SettingsSet>) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.show.database).await?;
    let account = chosen(&app, &arguments.show.of).await?;
    let (is_json, now) = (arguments.show.output.json, app.now());
    let unit = move |tx: &mut db::Tx<'_>| {
        let mut settings = find(tx, account)?;
        change(&mut settings, &arguments)?;
        replace(tx, account, &settings, now)?;
        Ok::<_, app::Error>(settings)
    };
    let settings = app.db().write(unit).await?;
    tell(account, &settings, is_json);
    app.close().await;
    Ok(())
}

fn change(settings: &mut Settings, arguments: &SettingsSet) -> Result<(), app::Error> {
    let Settings { term, collection } = settings;
    *term = arguments.term.unwrap_or(*term);
    collection.auto_collect = arguments.auto_collect.unwrap_or(collection.auto_collect);
    collection.auto_collect_setting_type =
        arguments.auto_collect_setting_type.unwrap_or(collection.auto_collect_setting_type);
    if let Some(days) = &arguments.dunning_days {
        collection.dunning_days.clone_from(&days.0);
    }
    collection.grace_period = arguments.grace_period.unwrap_or(collection.grace_period);
    collection.auto_suspend = arguments.auto_suspend.unwrap_or(collection.auto_suspend);
    if let Some(days) = arguments.cancel_after_days {
        collection.cancel_after_days = Some(days).filter(|days| *days != 0);
    }
    let mut problems = Problems::new();
    collection.check(&mut problems);
    problems.into_result().map_err(app::Error::Invalid)
}

fn tell(account: AccountId, settings: &Settings, is_json: bool) {
    let described = describe(account, settings);
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

fn describe(account: AccountId, Settings { term, collection }: &Settings) -> Value {
    json!({
        "accountId": account.0,
        "term": term.name(),
        "autoCollect": collection.auto_collect,
        "autoCollectSettingType": collection.auto_collect_setting_type.name(),
        "dunningDays": collection.dunning_days,
        "gracePeriod": collection.grace_period,
        "autoSuspend": collection.auto_suspend,
        "cancelAfterDays": collection.cancel_after_days
    })
}
