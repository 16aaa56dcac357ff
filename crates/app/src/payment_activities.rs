//! Attempts to move money: read, list, resolve.

pub mod find;
pub mod list;
pub mod resolve;
