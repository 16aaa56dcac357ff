//! Purchases: sell, read, change, split, delete, finalize.

pub mod bulk_create;
mod charge;
pub mod create;
pub mod delete;
pub(crate) mod draft;
pub mod finalize;
pub mod finalize_drafts;
pub mod find;
pub mod list;
mod prepare;
pub(crate) mod references;
pub mod set_custom_field;
pub mod split;
pub mod update;
