//! Customers: create, read, replace, delete; from status to status; how they are billed.

pub mod activate;
pub mod cancel;
pub mod create;
pub mod delete;
pub mod find;
pub mod find_email_preferences;
pub mod find_setting;
pub mod hold;
pub mod list;
pub mod overview;
mod relations;
pub mod set_email_preferences;
pub mod set_setting;
pub(crate) mod status;
pub mod summaries;
pub mod uncancel;
pub mod unhold;
pub mod update;
