//! Purchases: sell, read, change, split, delete, finalize.

pub mod bulk_create;
pub mod cancel;
mod charge;
pub mod collect;
pub mod create;
pub mod delete;
pub(crate) mod draft;
pub mod finalize;
pub mod finalize_drafts;
pub mod find;
mod judge;
pub mod list;
pub mod list_of_product;
mod prepare;
mod products;
pub(crate) mod references;
pub mod set_custom_field;
pub mod split;
pub mod summary;
pub mod update;
