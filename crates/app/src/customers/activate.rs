//! Activate a draft customer, and charge its draft purchases if asked for.

use billing::{
    account::Session,
    collect::CollectMethod,
    customer::{Customer, StatusChange},
    id::CustomerId,
    preview::Preview,
};
use db::Tx;

use crate::{
    Error,
    purchases::finalize::{self, Billed, Purpose},
};

/// Whom to activate, and what goes with it. Every subscription would be activated as well; there are none.
#[derive(Debug, Clone)]
pub struct Order {
    /// A draft customer.
    pub customer: CustomerId,
    /// Finalize all draft purchases on one invoice; tracked ones below their targets stay drafts.
    pub finalizes_purchases: bool,
    /// Leave that invoice a draft.
    pub disables_auto_post: bool,
    /// Collect that invoice at once.
    pub collect: Option<CollectMethod>,
}

/// The active customer.
#[derive(Debug, Clone)]
pub struct Activated {
    /// As it stands now.
    pub customer: Customer,
    /// The invoice of its draft purchases, if there were any to finalize.
    pub billed: Option<Billed>,
}

/// Makes the customer active and finalizes its draft purchases, both or neither (customers.md §2.7).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Activated, Error> {
    let purpose = if order.disables_auto_post { Purpose::Draft } else { Purpose::Post };
    activate(tx, session, order, purpose)
}

/// The customer as it stands, and the invoice that [`run`] would post; for a caller who takes it all back.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(Customer, Option<Preview>), Error> {
    let customer = super::find::run(tx, session, order.customer)?;
    let activated = activate(tx, session, order, Purpose::Preview)?;
    let invoice = activated.billed.map(|invoice| finalize::shown(tx, session, invoice)).transpose()?;
    Ok((customer, invoice))
}

fn activate(tx: &mut Tx<'_>, session: &Session, order: &Order, purpose: Purpose) -> Result<Activated, Error> {
    super::status::change(tx, session, order.customer, StatusChange::Activate)?;
    let billed = finalize_drafts(tx, session, order, purpose)?;
    Ok(Activated { customer: super::find::run(tx, session, order.customer)?, billed })
}

fn finalize_drafts(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    purpose: Purpose,
) -> Result<Option<Billed>, Error> {
    if !order.finalizes_purchases {
        return Ok(None);
    }
    let purchases = store::purchase::list_drafts(tx, session.account.id, order.customer)?;
    if purchases.is_empty() {
        return Ok(None);
    }
    let order = finalize::Order { customer: order.customer, purchases, collect: order.collect };
    finalize::finalize(tx, session, &order, purpose).map(Some)
}
