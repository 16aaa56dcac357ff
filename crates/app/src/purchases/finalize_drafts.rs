//! Finalize the draft purchases of an active customer: all of them, or those that are named.

use billing::{
    account::Session,
    collect::CollectOrder,
    id::{CustomerId, PurchaseId},
    preview::Preview,
    refusal::Refusal,
};
use db::Tx;

use super::finalize::{self, Billed};
use crate::{Error, collection::Started};

/// Whose drafts, and which of them.
#[derive(Debug, Clone)]
pub struct Order {
    /// An active customer.
    pub customer: CustomerId,
    /// Everything that may be charged, when nothing is named: tracked drafts below their targets wait, and so do drafts
    /// without earning settings whose product lost its pricing.
    pub only: Option<Named>,
    /// Leave the invoice a draft.
    pub disables_auto_post: bool,
    /// Collect the invoice at once.
    pub collect: Option<CollectOrder>,
}

/// What the call is restricted to; the kind that is not named is left alone (purchases.md §3.9).
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Ids of draft subscriptions.
    pub subscriptions: Vec<i64>,
    /// Drafts of the customer.
    pub purchases: Vec<PurchaseId>,
}

/// Charges the drafts on one invoice; none when there is nothing to charge. There are no subscriptions, so a subscription
/// that is named is not found. For orders that collect nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Option<Billed>, Error> {
    begin(tx, session, order)?.done()
}

/// Charges the drafts as [`run`] does, and begins to collect the invoice if that is asked for.
pub fn begin(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Started<Option<Billed>>, Error> {
    let asked = asked(tx, session, order)?;
    if order.collect.is_some() && order.disables_auto_post {
        return Err(Refusal::CollectWithoutPosting.into());
    }
    match asked {
        Some(asked) => {
            finalize::begin(tx, session, &asked, order.disables_auto_post)?.try_map(|billed| Ok(Some(billed)))
        }
        None => Ok(Started::Done(None)),
    }
}

/// The invoice that [`run`] would make, for a caller who takes it all back.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Option<Preview>, Error> {
    let Some(order) = asked(tx, session, order)? else { return Ok(None) };
    finalize::preview(tx, session, &order).map(Some)
}

/// The drafts that are charged, of a customer who is locked; `None` when there are none.
fn asked(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Option<finalize::Order>, Error> {
    let locked = store::customer::lock(tx, session.account.id, order.customer)?;
    locked.ok_or(Error::not_found("Customer", order.customer.0))?.status.may_purchase()?;
    let purchases = match &order.only {
        None => store::purchase::list_drafts(tx, session.account.id, order.customer)?,
        Some(Named { subscriptions, purchases }) => {
            if let Some(id) = subscriptions.first() {
                return Err(Error::not_found("Subscription", *id));
            }
            purchases.clone()
        }
    };
    if purchases.is_empty() {
        return Ok(None);
    }
    Ok(Some(finalize::Order { customer: order.customer, purchases, collect: order.collect.clone() }))
}
