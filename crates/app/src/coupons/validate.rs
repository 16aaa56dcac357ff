//! Ask whether a coupon may be used.

use billing::{
    account::Session,
    coupon::{Ineligible, Wish},
    id::CustomerId,
};
use db::Tx;

use crate::Error;

/// What somebody wants to use a coupon for.
#[derive(Debug, Clone)]
pub struct Question {
    /// By which code.
    pub code: String,
    /// On which plan; `None` asks about purchases.
    pub plan: Option<i64>,
    /// By whom; `None` asks about anybody who has not used it.
    pub customer: Option<CustomerId>,
}

/// Why the coupon may not be used now; `None` when it may.
pub fn run(tx: &mut Tx<'_>, session: &Session, question: &Question) -> Result<Option<Ineligible>, Error> {
    let account = session.account.id;
    if let Some(customer) = question.customer
        && !store::customer::exists(tx, account, customer)?
    {
        return Err(Error::not_found("Customer", customer.0));
    }
    let Some(id) = store::coupon::find_by_code(tx, account, &question.code)? else {
        return Ok(Some(Ineligible::UnknownCode));
    };
    let coupon = super::find::run(tx, session, id)?;
    let is_used_by_customer = match question.customer {
        Some(customer) => store::coupon::is_used_by(tx, account, id, customer)?,
        None => false,
    };
    let wish = Wish { code: &question.code, now: session.now, plan: question.plan, is_used_by_customer };
    Ok(super::apply::brought(tx, session, &coupon, &wish)?.err())
}
