//! Credit notes: read, list.

pub mod find;
pub mod list;
