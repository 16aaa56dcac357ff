//! `billfold verify`.

use app::{
    App,
    verify::{self, Report},
};
use serde_json::{Value, json};

use crate::{cli::Verify, failure::Failure, migrate, print};

/// Checks every account; what disagrees is printed, and ends the command with status 1.
pub(crate) async fn run(arguments: Verify) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let checked = check(&app, arguments.json).await;
    app.close().await;
    checked
}

/// Checks every account of a database.
pub(crate) async fn check(app: &App, as_json: bool) -> Result<(), Failure> {
    let reports = app.db().read(verify_all).await?;
    if as_json {
        let accounts: Vec<Value> = reports.iter().map(describe).collect();
        print::json(&json!({ "isClean": reports.iter().all(Report::is_clean), "accounts": accounts }));
    } else {
        if reports.is_empty() {
            println!("  no accounts");
        }
        reports.iter().for_each(show);
    }
    match reports.iter().map(|report| report.disagreements().count()).sum() {
        0 => Ok(()),
        count => Err(Failure::Disagreement(count)),
    }
}

/// One snapshot for all accounts.
fn verify_all(tx: &mut app::Tx<'_>) -> Result<Vec<Report>, app::Error> {
    let accounts = app::accounts::list::run(tx)?;
    accounts.iter().map(|account| verify::run(tx, account.id)).collect()
}

fn show(report: &Report) {
    let compared: u64 = report.checks.iter().map(|check| check.compared).sum();
    if report.is_clean() {
        println!("  account {}: {} rules, {compared} comparisons, all agree", report.account, report.checks.len());
        return;
    }
    println!("  account {}: {compared} comparisons", report.account);
    for check in &report.checks {
        let Some(first) = &check.first else { continue };
        println!(
            "  {} ({}) {} of {} disagree, first in {} {}: {} is {}, must be {}",
            check.rule.name(),
            check.rule.statement(),
            check.wrong,
            check.compared,
            first.table,
            first.id,
            first.column,
            first.found,
            first.expected
        );
    }
}

fn describe(report: &Report) -> Value {
    let checks = report.checks.iter().map(|check| {
        json!({
            "rule": check.rule.name(),
            "statement": check.rule.statement(),
            "compared": check.compared,
            "wrong": check.wrong,
            "first": check.first.as_ref().map(|first| json!({
                "table": first.table,
                "id": first.id,
                "column": first.column,
                "expected": first.expected,
                "found": first.found
            }))
        })
    });
    json!({ "accountId": report.account.0, "isClean": report.is_clean(), "checks": checks.collect::<Vec<_>>() })
}
