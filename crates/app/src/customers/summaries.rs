//! List the customers of the account, with the terms they are invoiced by.

use std::collections::HashMap;

use billing::{
    account::Session,
    customer::Customer,
    id::CustomerId,
    listing::{Page, Slice},
    term::Term,
};
use db::Tx;

use super::list;
use crate::{Error, payment_methods, standing::days_until_suspension};

/// A customer, and when its invoices fall due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// As it stands.
    pub customer: Customer,
    /// Its own terms, or the account's.
    pub term: Term,
    /// What it is collected from, as payments name it.
    pub payment_method: Option<String>,
    /// In how many days it is suspended unless it pays.
    pub days_until_suspension: Option<i64>,
}

/// A page of customers, in any status; filtered and sorted as [`list`] is.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<Summary>, Error> {
    let customers = list::run(tx, session, page)?;
    let ids: Vec<CustomerId> = customers.rows.iter().map(|customer| customer.id).collect();
    let terms = store::customer::terms_of(tx, session.account.id, &ids)?;
    let methods = payment_methods::defaults_of(tx, session.account.id, &ids)?;
    let mut days = HashMap::new();
    for poor in customers.rows.iter().filter(|customer| customer.account_status.is_poor()) {
        days.insert(poor.id, days_until_suspension(tx, session, poor.id)?);
    }
    Ok(customers.map(|customer| {
        let term = terms.get(&customer.id).copied().unwrap_or(session.account.term);
        let payment_method = methods.get(&customer.id).map(|method| method.face.label());
        let days_until_suspension = days.get(&customer.id).copied().flatten();
        Summary { customer, term, payment_method, days_until_suspension }
    }))
}
