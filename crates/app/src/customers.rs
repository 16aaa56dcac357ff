//! Customers: create, read, replace, activate; how they are billed.

pub mod activate;
pub mod create;
pub mod find;
pub mod find_setting;
pub mod list;
mod relations;
pub mod set_setting;
pub mod update;
