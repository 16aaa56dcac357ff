//! List what moved the balances of customers (receivables.md §11).

use billing::{
    account::Session,
    ar_activity::{ArActivity, bounded},
    id::CustomerId,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::ar_activity::COLUMNS;

use crate::Error;

/// A page of the account's activities.
pub fn list(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<ArActivity>, Error> {
    Ok(store::ar_activity::list(tx, session.account.id, &within_dates(page))?)
}

/// A page of a customer's activities.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<ArActivity>, Error> {
    if !store::customer::exists(tx, session.account.id, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    Ok(store::ar_activity::list_of_customer(tx, session.account.id, customer, &within_dates(page))?)
}

fn within_dates(page: &Page) -> Page {
    let conditions = page.conditions.iter().cloned().map(bounded).collect();
    Page { conditions, ..page.clone() }
}
