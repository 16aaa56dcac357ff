//! `billfold report trial-balance`.

use app::{
    App,
    ledger::{self, Balance},
};
use calendar::Date;
use serde_json::json;

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
        Ok::<_, app::Error>((on, ledger::balances_on(tx, &session, on)?))
    };
    let (on, balances) = app.db().read(read).await?;
    match asked.format {
        ReportFormat::Table => table(on, &balances),
        ReportFormat::Csv => csv(on, &balances),
        ReportFormat::Json => {
            let rows: Vec<_> = balances.iter().map(object).collect();
            print::json(&json!({ "asOf": on.to_string(), "rows": rows }));
        }
    }
    app.close().await;
    Ok(())
}

fn table(on: Date, balances: &[Balance]) {
    println!("Trial balance as of {on}");
    println!("{:<8} {:<20} {:>16} {:>16}", "currency", "account", "debit", "credit");
    for balance in balances {
        let [debit, credit] = sides(balance);
        println!("{:<8} {:<20} {debit:>16} {credit:>16}", balance.currency, balance.ledger_account);
    }
}

fn csv(on: Date, balances: &[Balance]) {
    println!("asOf,currency,account,debit,credit");
    for balance in balances {
        let [debit, credit] = sides(balance);
        println!("{on},{},{},{debit},{credit}", balance.currency, balance.ledger_account);
    }
}

fn object(balance: &Balance) -> serde_json::Value {
    let [debit, credit] = sides(balance);
    json!({
        "currency": balance.currency.code(),
        "account": balance.ledger_account.name(),
        "debit": debit,
        "credit": credit
    })
}

/// What the account holds, on the side on which it holds it.
fn sides(balance: &Balance) -> [String; 2] {
    let nothing = money::Amount::ZERO;
    let sides =
        if balance.amount.is_negative() { [nothing, balance.amount.negated()] } else { [balance.amount, nothing] };
    sides.map(|amount| amount.with_scale(2))
}
