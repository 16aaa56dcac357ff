//! Migrations and SQL: rows to domain values and back. One text serves both databases.

pub mod account;
pub mod account_profile;
pub mod address;
pub mod aging;
pub mod allocation;
pub mod ar_activity;
pub mod bulk;
pub mod catalogue;
pub mod charge;
pub mod checkpoint;
pub mod collection;
pub mod collection_setting;
pub mod coupon;
pub mod credit;
pub mod credit_note;
pub mod custom_field;
pub mod customer;
pub mod customer_note;
pub mod discount;
pub mod draft_invoice;
pub mod dunning;
pub mod earning;
pub mod event;
pub mod gateway;
pub mod gl_code;
pub mod idempotency;
pub mod invoice;
pub mod ledger;
pub mod listing;
mod many;
pub mod opening_balance;
pub mod opening_deferral;
pub mod payment;
pub mod payment_activity;
pub mod payment_method;
pub mod plan;
mod presence;
pub mod product;
pub mod product_item;
pub mod purchase;
pub mod refund;
pub mod revenue;
mod row;
pub mod sealed;
pub mod standing;
pub mod tax;
pub mod terms;
pub mod verify;
pub mod write_off;

macro_rules! migrations {
    ($($name:literal,)+) => {
        &[$(db::Migration { name: $name, sql: include_str!(concat!("../migrations/", $name, ".sql")) },)+]
    };
}

/// Every change of the schema, oldest first.
pub const MIGRATIONS: &[db::Migration] = migrations![
    "0001_ground",
    "0002_coupons",
    "0003_addresses_and_tax",
    "0004_plans",
    "0005_charges_and_earning",
    "0006_item_reuse",
    "0007_product_use",
    "0008_look_ups",
    "0010_bulk_jobs",
    "0011_reversals_and_splits",
    "0012_usages_and_sold_amounts",
    "0020_money",
    "0021_credit_notes",
    "0022_draft_invoices",
    "0023_account_profile",
    "0024_checkpoints",
    "0025_customers",
    "0026_payment_methods",
    "0027_collections",
    "0028_automation",
    "0033_bulk_options",
    "0034_bulk_lanes",
    "0035_returned_payments",
    "0036_bulk_attempts",
    "0037_opening_deferrals",
    "0039_bulk_totals",
];
