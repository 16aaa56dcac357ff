//! `billfold report trial-balance`.

use app::{
    App,
    ledger::{self, Balance},
};
use calendar::Date;
use money::{Amount, Currency};
use serde_json::json;

use super::{summed, totals};
use crate::{
    account::chosen,
    cli::{ReportFormat, ReportTrialBalance},
    failure::Failure,
    migrate, print,
};

/// Prints what every account of the chart holds at the end of a day: debits are above zero, credits below.
pub(crate) async fn trial_balance(arguments: ReportTrialBalance) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let (asked, now) = (arguments.report, app.now());
    let (account, as_of) = (chosen(&app, &asked.of).await?, asked.as_of);
    let read = move |tx: &mut app::Tx<'_>| {
        let session = App::own_session(tx, account, now)?;
        let on = as_of.unwrap_or_else(|| session.account.zone.date_of(now));
        let balances = ledger::balances_on(tx, &session, on)?;
        let totals = totals(balances.iter().map(|balance| (balance.currency, sides(balance))))?;
        Ok::<_, app::Error>((on, balances, totals))
    };
    let (on, balances, totals) = app.db().read(read).await?;
    match asked.format {
        ReportFormat::Table => {
            table(on, &balances);
            for (currency, sums) in &totals {
                line(*currency, "total", *sums);
            }
        }
        ReportFormat::Csv => csv(on, &balances),
        ReportFormat::Json => {
            let rows: Vec<_> = balances.iter().map(object).collect();
            let totals: Vec<_> = totals.iter().map(|(of, sums)| summed(*of, ["debit", "credit"], *sums)).collect();
            print::json(&json!({ "asOf": on.to_string(), "rows": rows, "totals": totals }));
        }
    }
    app.close().await;
    Ok(())
}

fn table(on: Date, balances: &[Balance]) {
    println!("Trial balance as of {on}");
    println!("{:<8} {:<20} {:>16} {:>16}", "currency", "account", "debit", "credit");
    for balance in balances {
        line(balance.currency, balance.ledger_account.name(), sides(balance));
    }
}

fn line(currency: Currency, account: &str, sides: [Amount; 2]) {
    let [debit, credit] = sides.map(|amount| amount.with_scale(2));
    println!("{:<8} {account:<20} {debit:>16} {credit:>16}", currency.code());
}

fn csv(on: Date, balances: &[Balance]) {
    println!("asOf,currency,account,debit,credit");
    for balance in balances {
        let [debit, credit] = sides(balance).map(|amount| amount.with_scale(2));
        println!("{on},{},{},{debit},{credit}", balance.currency, balance.ledger_account);
    }
}

fn object(balance: &Balance) -> serde_json::Value {
    let [debit, credit] = sides(balance).map(|amount| amount.with_scale(2));
    json!({
        "currency": balance.currency.code(),
        "account": balance.ledger_account.name(),
        "debit": debit,
        "credit": credit
    })
}

/// What the account holds, on the side on which it holds it.
fn sides(balance: &Balance) -> [Amount; 2] {
    let nothing = Amount::ZERO;
    if balance.amount.is_negative() { [nothing, balance.amount.negated()] } else { [balance.amount, nothing] }
}
