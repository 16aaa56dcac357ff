//! Posted invoices: read, list, write off.

pub mod find;
pub mod list;
pub mod write_off;
