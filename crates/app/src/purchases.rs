//! Purchases: sell, read, delete, finalize.

pub mod bulk_create;
pub mod delete;
pub mod finalize;
pub mod find;
pub mod list;
