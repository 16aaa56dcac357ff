//! What customers had been charged for before they were billed here, and is not yet earned: create, read, list, take back.
//! What a customer owes does not change by it.

pub mod create;
pub(crate) mod earn;
pub mod find;
pub mod list;
pub mod reverse;
