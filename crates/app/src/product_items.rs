//! Tracked items: add, edit, remove, read. The quantity and the amount of a purchase follow its active items.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod update;
