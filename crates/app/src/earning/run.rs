//! The daily round: every part that is due is posted, whatever days were missed.

use billing::{account::Session, id::CustomerId};
use calendar::Date;
use db::Tx;

use super::post_some_due;
use crate::{Error, books::Books, error::is_temporary, opening_deferrals};

/// Customers of one transaction of a round.
const CUSTOMER_COUNT_MAX: i64 = 100;

/// Parts of one transaction of a round, so that others wait a moment only, also after years of downtime. Each is two
/// postings at most.
pub const PART_COUNT_MAX: usize = 500;

/// Posts what is due today or was before, of customers after `after` and in bounds; the customer to go on after, or `None`
/// when nothing is left. Doing it twice posts nothing twice: the place of every schedule is stored with what was posted.
pub fn step(tx: &mut Tx<'_>, session: &Session, after: CustomerId) -> Result<Option<CustomerId>, Error> {
    let today = session.account.zone.date_of(session.now);
    let customers = customers_due(tx, session, today, after)?;
    let (mut done, mut count_max) = (after, PART_COUNT_MAX);
    for customer in &customers {
        let earned = tx.savepoint(|tx| earn(tx, session, *customer, today, count_max));
        match earned {
            Err(Error::Database(error)) if is_temporary(&error) => return Err(error.into()),
            // One customer's broken schedule must not keep the others from earning; it stays due, and is told every day.
            Err(error) => tracing::error!(%customer, %error, "the revenue of a customer could not be earned"),
            Ok(part_count) => count_max -= part_count,
        }
        if count_max == 0 {
            // More of this customer may be due.
            return Ok(Some(done));
        }
        done = *customer;
    }
    Ok(customers.last().copied())
}

/// Customers of whom anything is due, in order of id from `after` on: so many at most, and none is passed over.
fn customers_due(tx: &mut Tx<'_>, session: &Session, today: Date, after: CustomerId) -> Result<Vec<CustomerId>, Error> {
    let account = session.account.id;
    let mut customers = store::earning::customers_due(tx, account, today, after, CUSTOMER_COUNT_MAX)?;
    customers.extend(store::opening_deferral::customers_due(tx, account, today, after, CUSTOMER_COUNT_MAX)?);
    customers.sort_unstable();
    customers.dedup();
    customers.truncate(usize::try_from(CUSTOMER_COUNT_MAX).unwrap_or(usize::MAX));
    Ok(customers)
}

/// Posts what is due of one customer, at most so many parts; how many they were.
fn earn(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    today: Date,
    part_count_max: usize,
) -> Result<usize, Error> {
    let account = session.account.id;
    let mut books = Books::open(tx, session, customer)?;
    let mut count_max = part_count_max;
    let limit = i64::try_from(part_count_max).unwrap_or(i64::MAX);
    for mut place in store::earning::due(tx, account, customer, today, limit)? {
        count_max -= post_some_due(tx, session, &mut books, &mut place, today, count_max)?;
        store::earning::update(tx, account, &place)?;
        if count_max == 0 {
            break;
        }
    }
    if count_max > 0 {
        count_max -= opening_deferrals::earn::round(tx, session, &mut books, customer, today, count_max)?;
    }
    books.close(tx)?;
    Ok(part_count_max - count_max)
}
