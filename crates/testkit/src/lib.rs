//! For tests: databases, a test server, a test clock, fixtures.

pub mod beancount;
#[cfg(feature = "server")]
pub mod client;
pub mod contents;
pub mod database;
pub mod dice;
#[cfg(feature = "server")]
pub mod fixtures;
#[cfg(feature = "server")]
pub mod gateways;
#[cfg(feature = "server")]
pub mod log;
pub mod numbers;
pub mod patience;
#[cfg(feature = "server")]
pub mod redact;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "stripe")]
pub mod stripe;

pub use beancount::Beancount;
pub use contents::Contents;
pub use database::{TestDatabase, each_database, on_postgres};
pub use dice::Dice;
pub use patience::until;
#[cfg(feature = "stripe")]
pub use stripe::StripeLine;
#[cfg(feature = "server")]
pub use {
    client::{Client, Reply},
    redact::Redaction,
    server::{TestAccount, TestServer, each_server, on_server},
};
