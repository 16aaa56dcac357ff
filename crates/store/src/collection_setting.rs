//! How accounts collect.

use billing::{collection_setting::CollectionSetting, id::AccountId, named::Named, term::Term};
use calendar::Instant;
use db::{Error, Tx, values};

use crate::row::{Columns, at, unknown};

/// How an account collects; as if nothing was set when it never said.
pub fn find(tx: &mut Tx<'_>, account: AccountId) -> Result<CollectionSetting, Error> {
    let found = tx.query_opt(
        "SELECT auto_collect, auto_collect_setting_type, dunning_days, grace_period, auto_suspend, cancel_after_days
         FROM collection_setting WHERE account_id = $1",
        &values![account.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(CollectionSetting {
                auto_collect: columns.next()?,
                auto_collect_setting_type: columns.named()?,
                dunning_days: days(&columns.next::<String>()?)?,
                grace_period: columns.next()?,
                auto_suspend: columns.next()?,
                cancel_after_days: columns.next()?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Stores how an account collects in place of what was stored.
pub fn set(tx: &mut Tx<'_>, account: AccountId, setting: &CollectionSetting, now: Instant) -> Result<(), Error> {
    let days: Vec<String> = setting.dunning_days.iter().map(i64::to_string).collect();
    tx.execute(
        "INSERT INTO collection_setting (account_id, auto_collect, auto_collect_setting_type, dunning_days, grace_period,
             auto_suspend, cancel_after_days, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (account_id) DO UPDATE SET auto_collect = excluded.auto_collect,
             auto_collect_setting_type = excluded.auto_collect_setting_type, dunning_days = excluded.dunning_days,
             grace_period = excluded.grace_period, auto_suspend = excluded.auto_suspend,
             cancel_after_days = excluded.cancel_after_days, modified_at = excluded.modified_at",
        &values![
            account.0,
            setting.auto_collect,
            setting.auto_collect_setting_type.name(),
            days.join(","),
            setting.grace_period,
            setting.auto_suspend,
            setting.cancel_after_days,
            at(now)
        ],
    )?;
    Ok(())
}

/// Stores the terms of an account's customers that have none of their own; posted invoices stay as they are.
pub fn set_term(tx: &mut Tx<'_>, account: AccountId, term: Term) -> Result<(), Error> {
    tx.execute("UPDATE account SET term = $2 WHERE id = $1", &values![account.0, term.name()])?;
    Ok(())
}

fn days(text: &str) -> Result<Vec<i64>, Error> {
    text.split(',').filter(|day| !day.is_empty()).map(|day| day.parse().map_err(|_| unknown(text))).collect()
}
