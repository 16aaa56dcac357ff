//! Coupons on draft purchases: apply, remove.

pub mod create;
pub mod delete;
