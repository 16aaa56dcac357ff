//! Customers: create, read, replace, activate.

pub mod activate;
pub mod create;
pub mod find;
pub mod list;
mod relations;
pub mod update;
