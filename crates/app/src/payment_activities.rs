//! Attempts to move money: read and list.

pub mod find;
pub mod list;
