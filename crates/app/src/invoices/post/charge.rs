//! Post one charge, its discounts and what is earned at once.

use billing::{account::Session, earning::EarningRule, invoice::Charge};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::{earning::EarningSchedule, terms};

use crate::{Error, books::Books, earning};

/// Posts a charge; its schedule if anything is left to earn.
pub(super) fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    charge: &Charge,
) -> Result<Option<EarningSchedule>, Error> {
    let rule = charge.earning.rule().map_err(earning::refuse)?;
    post(session, books, charge)?;
    earn(tx, session, books, charge, rule)
}

/// Posts the charge and its discounts; nothing is posted for nothing.
fn post(session: &Session, books: &mut Books<'_>, charge: &Charge) -> Result<(), Error> {
    let currency = books.customer().currency;
    if charge.amount.is_positive() {
        let posted = Transaction::charge(session.now, currency, charge.amount)?.on(terms::of_charge(charge));
        books.post_of(charge.id, charge.id.0, posted)?;
    }
    for discount in &charge.discounts {
        let posted = Transaction::discount(session.now, currency, discount.amount)?.on(terms::of_discount(discount));
        books.post_of(charge.id, discount.id, posted)?;
    }
    Ok(())
}

/// Earns what is due on the day of posting; the schedule, unless that is everything. What is never earned by itself has one
/// too: it is earned or reversed when the purchase is cancelled.
fn earn(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    charge: &Charge,
    rule: EarningRule,
) -> Result<Option<EarningSchedule>, Error> {
    let today = session.account.zone.date_of(session.now);
    let mut place = EarningSchedule {
        charge: charge.id,
        customer: books.customer().id,
        currency: books.customer().currency,
        settings: charge.earning,
        starts_on: today,
        amount: charge.amount,
        discount: charge.discount()?,
        earned: Amount::ZERO,
        earned_discount: Amount::ZERO,
        next_due_on: (rule != EarningRule::Never && charge.amount.is_positive()).then_some(today),
        recalculated: None,
    };
    earning::post_due(tx, session, books, &mut place, today)?;
    Ok((place.earned < place.amount || place.next_due_on.is_some()).then_some(place))
}
