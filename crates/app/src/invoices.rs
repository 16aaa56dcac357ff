//! Posted invoices: post, read, list, amend, write off.

pub mod allocations;
pub mod amend;
pub(crate) mod balance;
pub mod find;
pub mod list;
pub mod papers;
pub(crate) mod post;
pub mod post_draft;
pub mod post_ready;
pub mod summaries;
pub mod write_off;
