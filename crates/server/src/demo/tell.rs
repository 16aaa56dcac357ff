//! How the story looks on the terminal.

use app::ledger::Balance;
use indicatif::{ProgressBar, ProgressStyle};
use money::Amount;
use serde_json::Value;

/// A new part of the story.
pub(super) fn chapter(title: &str) {
    println!("\n== {title}");
}

/// A fact.
pub(super) fn line(text: &str) {
    println!("  {text}");
}

/// An invoice in one line.
pub(super) fn invoice(invoice: &Value) {
    line(&format!(
        "invoice {} (number {})  {}  amount {}  written off {}  outstanding {}",
        invoice["id"],
        invoice["invoiceNumber"],
        invoice["paymentSchedules"][0]["status"].as_str().unwrap_or_default(),
        cents(&invoice["invoiceAmount"]),
        cents(&invoice["totalWriteoffs"]),
        cents(&invoice["outstandingBalance"]),
    ));
}

/// An amount of an answer with two decimals.
fn cents(amount: &Value) -> String {
    Amount::parse(&amount.to_string()).map_or_else(|_| amount.to_string(), |amount| amount.with_scale(2))
}

/// A job in two lines.
pub(super) fn job(job: &Value) {
    let count = |member: &str| job[member].as_u64().map_or("-".to_owned(), |count| count.to_string());
    line(&format!("job {}  {}", job["id"], job["status"].as_str().unwrap_or_default()));
    line(&format!(
        "validated {}/{} (failed {}), processed {}/{} (failed {})",
        count("successfulRecords"),
        count("totalRecords"),
        count("failedRecords"),
        count("processedRecords"),
        count("totalProcessedRecords"),
        count("failedProcessedRecords"),
    ));
}

/// A bar that moves as records are processed; on anything but a terminal it draws nothing.
pub(super) fn progress(count: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
    let style = ProgressStyle::with_template("  [{bar:40}] {pos}/{len} {per_sec} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// The trial balance before and after, debits positive.
pub(super) fn balances(before: &[Balance], after: &[Balance]) {
    line(&format!("{:<22} {:>12} {:>12}", "ledger account", "before", "after"));
    for now in after {
        let then = before.iter().find(|then| then.ledger_account == now.ledger_account);
        let then = then.map_or(Amount::ZERO, |then| then.amount);
        let name = now.ledger_account.name();
        line(&format!("{name:<22} {:>12} {:>12}", then.with_scale(2), now.amount.with_scale(2)));
    }
    let sum = Amount::sum(after.iter().map(|balance| balance.amount));
    line(&format!("{:<22} {:>25}", "sum", sum.map_or("too large".to_owned(), |sum| sum.with_scale(2))));
}
