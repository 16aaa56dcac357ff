//! Goodwill given to customers: create, read.

pub mod create;
pub mod find;
