//! Posted invoices: read, list, write off.

pub(crate) mod balance;
pub mod find;
pub mod list;
pub mod write_off;
