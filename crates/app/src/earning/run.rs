//! The daily round: every part that is due is posted, whatever days were missed.

use billing::{account::Session, id::CustomerId};
use calendar::Date;
use db::Tx;

use super::post_due;
use crate::{Error, books::Books, error::is_temporary};

/// Customers of one transaction of a round.
const CUSTOMER_COUNT_MAX: i64 = 100;

/// Posts what is due today or was before, of customers after `after`; the last customer done, or `None` when no other is
/// left. Doing it twice posts nothing twice.
pub fn step(tx: &mut Tx<'_>, session: &Session, after: CustomerId) -> Result<Option<CustomerId>, Error> {
    let (account, today) = (session.account.id, session.account.zone.date_of(session.now));
    let customers = store::earning::customers_due(tx, account, today, after, CUSTOMER_COUNT_MAX)?;
    for customer in &customers {
        let earned = tx.savepoint(|tx| earn(tx, session, *customer, today));
        match earned {
            Err(Error::Database(error)) if is_temporary(&error) => return Err(error.into()),
            // One customer's broken schedule must not keep the others from earning; it stays due, and is told every day.
            Err(error) => tracing::error!(%customer, %error, "the revenue of a customer could not be earned"),
            Ok(()) => {}
        }
    }
    Ok(customers.last().copied())
}

/// Posts what is due of one customer.
fn earn(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, today: Date) -> Result<(), Error> {
    let account = session.account.id;
    let mut books = Books::open(tx, session, customer)?;
    for mut place in store::earning::due(tx, account, customer, today)? {
        post_due(tx, session, &mut books, &mut place, today)?;
        store::earning::update(tx, account, &place)?;
    }
    books.close(tx)
}
