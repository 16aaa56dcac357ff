//! `billfold verify`.

use app::{
    App,
    checkpoints::seal::{self, Checkpoint},
    verify::{self, Report},
};
use billing::id::CustomerId;
use serde_json::{Value, json};

use crate::{cli::Verify, failure::Failure, migrate, print};

/// Checks every account; what disagrees is printed, and ends the command with status 1. Where nothing does, a checkpoint
/// is made if it is asked for.
pub(crate) async fn run(arguments: Verify) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let checked = check(&app, arguments.output.json, arguments.checkpoint).await;
    app.close().await;
    checked
}

/// A report, and the last checkpoint of an account whose books agree.
type Checked = (Report, Option<Checkpoint>);

/// Checks the database itself, then every account.
pub(crate) async fn check(app: &App, as_json: bool, makes_checkpoint: bool) -> Result<(), Failure> {
    let damage = app.db().read(verify::damage).await?;
    let verified = app.db().read(verify_all).await;
    let verified = match &damage {
        Some(text) => verified.map_err(|_| Failure::Damaged(text.clone()))?,
        None => verified?,
    };
    let makes_checkpoint = makes_checkpoint && damage.is_none();
    let mut checked: Vec<Checked> = Vec::new();
    for report in verified {
        let checkpoint = if report.is_clean() { last_checkpoint(app, &report, makes_checkpoint).await? } else { None };
        checked.push((report, checkpoint));
    }
    let reports = || checked.iter().map(|(report, _)| report);
    if as_json {
        let accounts: Vec<Value> = checked.iter().map(describe).collect();
        let is_clean = damage.is_none() && reports().all(Report::is_clean);
        print::json(&json!({ "isClean": is_clean, "damage": damage, "accounts": accounts }));
    } else {
        if let Some(text) = &damage {
            println!("  the database itself is damaged: {text}");
        }
        if checked.is_empty() {
            println!("  no accounts");
        }
        checked.iter().for_each(show);
    }
    let count: usize = reports().map(|report| report.disagreements().count()).sum();
    match (damage, count) {
        (None, 0) => Ok(()),
        (Some(text), 0) => Err(Failure::Damaged(text)),
        (_, count) => Err(Failure::Disagreement(count)),
    }
}

/// The last checkpoint of an account, after one of what has not been sealed yet if that is asked for.
async fn last_checkpoint(app: &App, report: &Report, makes_one: bool) -> Result<Option<Checkpoint>, Failure> {
    let (account, now) = (report.account, app.now());
    let mut after = makes_one.then_some(CustomerId(0));
    while let Some(last) = after {
        let step = move |tx: &mut app::Tx<'_>| {
            let session = App::own_session(tx, account, now)?;
            seal::step(tx, &session, last)
        };
        after = app.db().write(step).await?;
    }
    Ok(app.db().read(move |tx| seal::find_last(tx, account)).await?)
}

/// One snapshot for all accounts.
fn verify_all(tx: &mut app::Tx<'_>) -> Result<Vec<Report>, app::Error> {
    let accounts = app::accounts::list::run(tx)?;
    accounts.iter().map(|account| verify::run(tx, account.id)).collect()
}

fn show((report, checkpoint): &Checked) {
    let compared: u64 = report.checks.iter().map(|check| check.compared).sum();
    if report.is_clean() {
        println!("  account {}: {} rules, {compared} comparisons, all agree", report.account, report.checks.len());
        show_open(report);
        if let Some(Checkpoint { number, hash }) = checkpoint {
            println!("  checkpoint {number}: {hash}");
        }
        return;
    }
    println!("  account {}: {compared} comparisons", report.account);
    show_open(report);
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

/// Money of which nobody knows is no disagreement, and worth a look.
fn show_open(report: &Report) {
    match report.open_collections {
        0 => {}
        1 => println!("  1 payment or refund is under way: nobody knows yet whether the money moved"),
        count => println!("  {count} payments and refunds are under way: nobody knows yet whether the money moved"),
    }
}

fn describe((report, checkpoint): &Checked) -> Value {
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
    json!({
        "accountId": report.account.0,
        "isClean": report.is_clean(),
        "openCollections": report.open_collections,
        "checkpoint": checkpoint.map(|last| json!({ "number": last.number, "hash": last.hash.hex() })),
        "checks": checks.collect::<Vec<_>>()
    })
}
