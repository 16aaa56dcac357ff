//! Every operation, one file a resource.

mod addresses;
mod bulk;
mod collect;
mod countries;
mod customers;
mod invoices;
mod parse;
mod payments;
mod product_items;
mod products;
mod purchases;
mod region;
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
        purchases::operations(),
        product_items::operations(),
        invoices::operations(),
        payments::operations(),
        bulk::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
