//! Payments: record and read.

pub mod create;
pub mod find;
