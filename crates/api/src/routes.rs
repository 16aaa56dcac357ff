//! Every operation, one file a resource.

mod account_profile;
mod addresses;
mod aging;
mod allocations;
mod ar_activities;
mod billing_statements;
mod bulk;
pub mod catalogue;
mod collect;
mod collection_settings;
mod countries;
mod coupons;
mod credit_notes;
mod credits;
mod custom_fields;
mod customer_notes;
mod customers;
mod debits;
mod discounts;
mod documents;
mod draft_invoices;
mod effects;
mod gl_codes;
mod instrument;
mod invoice_allocations;
mod invoice_summaries;
mod invoices;
mod opening_balances;
mod opening_deferrals;
mod parse;
mod payment_activities;
mod payment_methods;
mod payments;
mod plan_families;
mod plan_products;
mod plans;
mod product_items;
mod products;
mod purchase_extras;
mod purchase_lists;
mod purchases;
mod refunds;
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
        customer_notes::operations(),
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
        draft_invoices::operations(),
        invoice_summaries::operations(),
        aging::operations(),
        documents::operations(),
        reversals::operations(),
        credit_notes::operations(),
        invoice_allocations::operations(),
        payment_methods::operations(),
        payments::operations(),
        ar_activities::operations(),
        billing_statements::operations(),
        payment_activities::operations(),
        refunds::operations(),
        credits::operations(),
        debits::operations(),
        opening_balances::operations(),
        opening_deferrals::operations(),
        revenue::operations(),
        bulk::operations(),
        account_profile::operations(),
        collection_settings::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
