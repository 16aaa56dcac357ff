//! Generate a customer's statement.

use billing::{
    account::Session,
    customer::Customer,
    statement::{self, ACTIVITY_COUNT_MAX, Statement, StatementOrder},
    tracking::Tracking,
};
use db::Tx;

use crate::{Error, aging, customers};

/// A statement and what is shown beside it.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Whose it is.
    pub customer: Customer,
    /// The statement.
    pub statement: Statement,
    /// The tracked items of what was sold in its time, when they are to be shown.
    pub tracking: Option<Tracking>,
}

/// What moved the customer's balance in the period. A period that is not over yet is told as far as it went.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &StatementOrder) -> Result<Generated, Error> {
    let (account, StatementOrder { customer, period, display }) = (session.account.id, *order);
    let found = customers::find::run(tx, session, customer)?;
    let opening = store::ar_activity::balance_before(tx, account, customer, period.from())?;
    let activities = store::ar_activity::list_between(tx, account, customer, period, ACTIVITY_COUNT_MAX + 1)?;
    if activities.len() > ACTIVITY_COUNT_MAX {
        let told = format!("A statement has at most {ACTIVITY_COUNT_MAX} transactions. Ask for a shorter period.");
        return Err(Error::invalid("EndDate", told));
    }
    let aged_on = session.account.zone.date_of(period.last().min(session.now));
    let statement = Statement {
        customer,
        currency: found.currency,
        period,
        opening,
        entries: statement::entries(opening, activities)?,
        aging: aging::of_customer(tx, session, customer, period.until(), aged_on)?,
        aged_on,
    };
    let tracking = match display {
        None => None,
        Some(display) => {
            let sold: Vec<_> = statement.charged().into_iter().map(|(purchase, _)| purchase).collect();
            Some(Tracking { display, items: store::product_item::list_of_purchases(tx, account, &sold)? })
        }
    };
    Ok(Generated { customer: found, statement, tracking })
}
