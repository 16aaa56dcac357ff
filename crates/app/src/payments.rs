//! Payments: record and read.

pub mod collect;
pub mod create;
pub mod find;
