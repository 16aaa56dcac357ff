//! For tests: databases, a test server, a test clock, fixtures.

pub mod database;

pub use database::{TestDatabase, each_database, on_postgres};
