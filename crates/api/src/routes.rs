//! Every operation, one file a resource.

mod collect;
mod invoices;
mod parse;
mod payments;
mod purchases;

use crate::operation::Operation;

/// Every operation of the server, in the order of the document.
pub fn operations() -> Vec<Operation> {
    [purchases::operations(), invoices::operations(), payments::operations()].into_iter().flatten().collect()
}
