//! Credit notes: read, list, print.

pub mod find;
pub mod list;
pub mod papers;
