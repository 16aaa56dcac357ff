//! Every operation, one file a resource.

mod bulk;
mod collect;
mod invoices;
mod parse;
mod payments;
mod purchases;

pub use self::bulk::record_parser;
use crate::operation::Operation;

/// Every operation of the server, in the order of the document.
pub fn operations() -> Vec<Operation> {
    [purchases::operations(), invoices::operations(), payments::operations(), bulk::operations()]
        .into_iter()
        .flatten()
        .collect()
}
