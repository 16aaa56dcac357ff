//! Money given back: create, read.

pub mod collect;
pub mod create;
pub mod find;
