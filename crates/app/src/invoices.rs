//! Posted invoices: read, list, write off.

pub mod allocations;
pub(crate) mod balance;
pub mod find;
pub mod list;
pub mod papers;
pub mod write_off;
