//! List the customers of the account, with the terms they are invoiced by.

use billing::{
    account::Session,
    customer::Customer,
    id::CustomerId,
    listing::{Page, Slice},
    term::Term,
};
use db::Tx;

use super::list;
use crate::Error;

/// A customer, and when its invoices fall due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// As it stands.
    pub customer: Customer,
    /// Its own terms, or the account's.
    pub term: Term,
}

/// A page of customers, in any status; filtered and sorted as [`list`] is.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Summary>, Error> {
    let customers = list::run(tx, session, page)?;
    let ids: Vec<CustomerId> = customers.rows.iter().map(|customer| customer.id).collect();
    let terms = store::customer::terms_of(tx, session.account.id, &ids)?;
    Ok(customers.map(|customer| {
        let term = terms.get(&customer.id).copied().unwrap_or(session.account.term);
        Summary { customer, term }
    }))
}
