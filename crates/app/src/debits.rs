//! Credits taken back: create, read.

pub mod create;
pub mod find;
