//! What customers owed or had before they were billed here: create, read.

pub mod create;
pub mod find;
