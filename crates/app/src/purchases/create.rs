//! Sell one purchase: a draft, always.

use billing::{
    account::Session,
    id::CustomerId,
    problem::Problem,
    purchase::{Purchase, PurchaseOrder},
};
use db::Tx;

use super::bulk_create;
use crate::Error;

/// What is to be sold, to whom.
#[derive(Debug, Clone)]
pub struct Order {
    /// The buyer.
    pub customer: CustomerId,
    /// What is sold.
    pub purchase: PurchaseOrder,
}

/// Stores a draft by the rules of the bulk call (purchases.md §3.2); wrong fields are told below the body itself.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Purchase, Error> {
    let bulk = bulk_create::Order {
        customer: order.customer,
        auto_purchase: false,
        purchases: vec![order.purchase.clone()],
        collect: None,
    };
    let mut created = bulk_create::run(tx, session, &bulk).map_err(below_body)?;
    Ok(created.purchases.remove(0))
}

/// `Purchases[0].Quantity` of the bulk call is `Quantity` of this one.
fn below_body(error: Error) -> Error {
    let Error::Invalid(problems) = error else { return error };
    let problems = problems.into_iter().map(|problem| {
        let field = problem.field.strip_prefix("Purchases[0]").unwrap_or(&problem.field);
        Problem { field: field.trim_start_matches('.').to_owned(), message: problem.message }
    });
    Error::Invalid(problems.collect())
}
