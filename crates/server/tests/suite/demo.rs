//! `billfold demo`: the whole story, and a port that somebody else has.

use std::{net::TcpListener, process::Command};

use crate::process::{PROGRAM, print};

#[test]
fn an_address_that_was_asked_for_is_never_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Command::new(PROGRAM).args(["demo", "--exit", "--listen", &address]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with(&format!("billfold: cannot listen on {address}: ")), "{told}");
    assert!(told.contains("`--listen` or BILLFOLD_LISTEN says where to listen"), "{told}");
}

/// What is told under a chapter.
fn chapter<'t>(told: &'t str, title: &str) -> &'t str {
    let (_, after) = told.split_once(&format!("\n== {title}")).unwrap_or_else(|| panic!("no chapter {title}: {told}"));
    after.split("\n== ").next().unwrap_or_default()
}

/// The words of the line that begins with these.
fn line<'t>(chapter: &'t str, beginning: &str) -> Vec<&'t str> {
    let line = chapter.lines().find(|line| line.trim_start().starts_with(beginning));
    line.unwrap_or_else(|| panic!("no line {beginning}: {chapter}")).split_whitespace().collect()
}

#[test]
fn the_story_is_told_to_its_end_and_the_books_agree() {
    let told = print(&["demo", "--exit", "--listen", "127.0.0.1:0"]);
    assert!(chapter(&told, "A catalogue").contains("PROBE  Probe, 120 USD each"), "{told}");
    let drafts = chapter(&told, "POST /v1/Purchases/BulkCreate");
    assert_eq!(drafts.matches("  Draft  ").count(), 2, "{drafts}");
    let invoice = chapter(&told, "POST /v1/Purchases/Purchase");
    assert!(invoice.contains("amount 288.00  written off 0.00  outstanding 288.00"), "{invoice}");
    assert!(chapter(&told, "1000 more invoices").contains("posted 1000 invoices of 8.00 USD"), "{told}");
    let validated = chapter(&told, "POST /v1/BulkApi: submit");
    assert_eq!(line(validated, "job")[2], "Validated");
    let processed = chapter(&told, "POST /v1/BulkApi/Process");
    assert_eq!(line(processed, "job")[2], "Processed");
    assert!(processed.contains("validated 1000/1000 (failed 0), processed 1000/1000 (failed 0)"), "{processed}");

    let changed = chapter(&told, "What changed");
    assert!(changed.contains("amount 8.00  written off 8.00  outstanding 0.00"), "{changed}");
    for (account, before, after) in [
        ("AccountsReceivable", "8288.00", "288.00"),
        ("BadDebt", "0.00", "8000.00"),
        ("EarnedRevenue", "-8288.00", "-8288.00"),
    ] {
        assert_eq!(line(changed, account), [account, before, after]);
    }
    assert_eq!(line(changed, "sum"), ["sum", "0.00"]);
    let verified = chapter(&told, "billfold verify");
    assert!(verified.contains("all agree"), "{verified}");
    assert!(!told.contains("Now you"), "nobody is served afterwards: {told}");
}
