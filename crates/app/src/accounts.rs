//! Accounts and their keys: what an operator does on the command line.

pub mod create;
pub mod key;
pub mod list;
pub mod profile;
