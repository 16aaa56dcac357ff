//! The billing domain: values, states and decisions, without input or output.

pub mod account;
pub mod bulk;
pub mod collect;
pub mod custom_field;
pub mod customer;
pub mod discount;
pub mod earning;
pub mod event;
pub mod id;
pub mod invoice;
pub mod listing;
pub mod named;
pub mod payment;
pub mod priced;
pub mod pricing;
pub mod problem;
pub mod product;
pub mod purchase;
pub mod refusal;
pub mod reversal;
pub mod tax;
pub mod term;
pub mod write_off;
