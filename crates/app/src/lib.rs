//! Commands and questions: one file each, one transaction each. A command locks its customer first, then gathers, lets
//! the pure crates decide, and applies.

pub mod accounts;
pub mod addresses;
pub mod aging;
mod allocations;
pub mod ar_activities;
mod books;
pub mod bulk;
pub mod catalogue;
pub mod checkpoints;
pub mod collection;
pub mod collection_settings;
pub mod coupons;
pub mod credit_notes;
pub mod credits;
pub mod custom_fields;
pub mod customer_notes;
pub mod customers;
pub mod debits;
pub mod digest;
pub mod discounts;
pub mod draft_invoices;
pub mod dunning;
pub mod earning;
mod engine;
mod error;
pub mod funds;
pub mod gateways;
pub mod gl_codes;
pub mod invoices;
pub mod ledger;
pub mod opening_balances;
pub mod opening_deferrals;
pub mod payment_activities;
pub mod payment_methods;
pub mod payments;
pub mod plan_families;
pub mod plan_products;
pub mod plans;
pub mod product_items;
pub mod products;
pub mod purchase_coupons;
pub mod purchase_discounts;
pub mod purchases;
pub mod refunds;
pub mod revenue;
pub mod reversal;
pub mod rounds;
pub mod standing;
pub mod statements;
mod tax;
pub mod tax_rates;
pub mod verify;

pub use db::Tx;

pub use self::{
    engine::{Answer, App, Begun, Caller, Idempotency},
    error::{Error, is_temporary},
};
