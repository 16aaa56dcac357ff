//! Migrations and SQL: rows to domain values and back. One text serves both databases.

pub mod account;
pub mod bulk;
pub mod customer;
pub mod event;
pub mod idempotency;
pub mod invoice;
pub mod ledger;
pub mod listing;
pub mod payment;
pub mod product;
pub mod purchase;
mod row;
pub mod verify;
pub mod write_off;

/// Every change of the schema, oldest first.
pub const MIGRATIONS: &[db::Migration] =
    &[db::Migration { name: "0001_ground", sql: include_str!("../migrations/0001_ground.sql") }];
