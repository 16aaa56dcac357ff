//! Every operation, one file a resource.

mod account_profile;
mod addresses;
mod ar_activities;
mod bulk;
pub mod catalogue;
mod collect;
mod countries;
mod coupons;
mod credit_notes;
mod custom_fields;
mod customers;
mod discounts;
mod documents;
mod effects;
mod gl_codes;
mod invoices;
mod parse;
mod payments;
mod plan_families;
mod plan_products;
mod plans;
mod product_items;
mod products;
mod purchase_extras;
mod purchase_lists;
mod purchases;
mod region;
mod revenue;
mod reversals;
mod tax_rates;

pub use self::bulk::record_parser;
use crate::operation::Operation;

/// Every operation of the server, in the order of the document.
pub fn operations() -> Vec<Operation> {
    [
        customers::operations(),
        addresses::operations(),
        countries::operations(),
        tax_rates::operations(),
        products::operations(),
        plans::operations(),
        plan_products::operations(),
        plan_families::operations(),
        discounts::operations(),
        coupons::operations(),
        custom_fields::operations(),
        gl_codes::operations(),
        purchases::operations(),
        purchase_lists::operations(),
        purchase_extras::operations(),
        product_items::operations(),
        invoices::operations(),
        documents::operations(),
        reversals::operations(),
        credit_notes::operations(),
        payments::operations(),
        ar_activities::operations(),
        revenue::operations(),
        bulk::operations(),
        account_profile::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
