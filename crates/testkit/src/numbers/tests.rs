//! What the search finds, and what it lets pass.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::{Migration, Tx, Value};

use super::{find, remember_all};
use crate::TestDatabase;

const NUMBER: &str = "4242424242424242";
const NOTES: &[Migration] = &[Migration { name: "0001_note", sql: "CREATE TABLE note (text TEXT NOT NULL)" }];

fn found(text: impl AsRef<[u8]>) -> Option<String> {
    find(text.as_ref())
}

#[test]
fn every_spelling_is_found() {
    let grouped =
        ["4242 4242 4242 4242", "4242-4242-4242-4242", "4242%204242%204242%204242", "4242%2D4242%2D4242%2D4242"];
    for text in grouped.into_iter().chain([NUMBER, "34323432343234323432343234323432", "x4242+4242+4242+4242y"]) {
        assert_eq!(found(format!("before {text} after")).as_deref(), Some(NUMBER), "{text}");
    }
    for padding in ["", "{", "{\"", "{\"a", "cardNumber="] {
        let encoded = STANDARD.encode(format!("{padding}{NUMBER}\"}}"));
        assert_eq!(found(format!("body={encoded}")).as_deref(), Some(NUMBER), "{padding}");
    }
    for harmless in
        ["2024-01-15 10:00:00", "************4242", "424242424242424", "4242/4242/4242/4242", "", "MDEyMzQ1"]
    {
        assert_eq!(found(harmless), None, "{harmless}");
    }
}

#[test]
fn what_is_sent_is_remembered() {
    let account = "987650123456";
    assert_eq!(found(account), None);
    remember_all(&format!("{{ AccountNumber : '{account}', cardnumber: null, other: 555000555000 }}"));
    assert_eq!(found(format!("<a>{account}</a>")).as_deref(), Some(account));
    assert_eq!(found("555000555000"), None);
    remember_all(r#"{"creditCard":{"cardNumber":"6011 0009-9013 9424"}}"#);
    assert_eq!(found("6011000990139424").as_deref(), Some("6011000990139424"));
}

#[test]
fn what_is_uploaded_is_remembered_by_its_column() {
    let (card, account, other) = ("30569309025904", "700900800600", "123412341234");
    remember_all(&format!("Customer Id,Card Number,\"accountNumber\",x\n7,{card},\"{account}\",{other}\n8,,,\n"));
    assert_eq!([card, account].map(|number| found(number).is_some()), [true, true]);
    assert_eq!(found(other), None);
}

#[test]
fn a_security_code_is_known_by_its_name() {
    for text in [r#"{"cvv":"987"}"#, r#"{\"Cvv\" : \"012\"}"#, "cvv=987", "card[cvc]=123", "{cvv:987}", "x cvv: 9"] {
        assert!(found(text).is_some(), "{text}");
    }
    for text in
        ["Cvv must be 3 digits", r#""cvv":null"#, "cvv: Some(SecretBox([REDACTED]))", "cvv 987", "MTcvcvv", "cvv"]
    {
        assert_eq!(found(text), None, "{text}");
    }
}

/// Whether a test fails that leaves this in its database.
fn fails(is_postgres: bool, note: &'static str) -> Option<bool> {
    let finished = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let database = runtime.block_on(async {
            let database =
                if is_postgres { TestDatabase::postgres(NOTES).await? } else { TestDatabase::sqlite(NOTES).await };
            let insert = move |tx: &mut Tx<'_>| tx.execute("INSERT INTO note (text) VALUES ($1)", &[Value::from(note)]);
            database.db.write(insert).await.unwrap();
            Some(database)
        })?;
        Some(catch_unwind(AssertUnwindSafe(|| drop(database))).is_err())
    });
    finished.join().unwrap()
}

#[test]
fn a_number_in_a_database_fails_the_test() {
    for is_postgres in [false, true] {
        let Some(planted) = fails(is_postgres, "paid with 4242 4242 4242 4242") else { continue };
        assert!(planted, "PostgreSQL: {is_postgres}");
        assert_eq!(fails(is_postgres, "paid with ************4242"), Some(false));
        assert_eq!(fails(is_postgres, r#"{"cvv":"987"}"#), Some(true));
    }
}

#[cfg(feature = "server")]
#[test]
fn a_number_in_the_log_is_found() {
    crate::log::listen();
    tracing::trace!(masked = "************4242", "nothing to see");
    assert!(crate::log::take_found().is_empty());
    tracing::trace!(request = %format!("cardNumber={NUMBER}"), "a request");
    assert_eq!(crate::log::take_found().len(), 1);
}
