//! Money given back: create, read.

pub mod create;
pub mod find;
