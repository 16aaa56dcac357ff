//! Activate a draft customer, and charge its draft purchases if asked for.

use billing::{
    account::Session,
    collect::CollectOrder,
    collection::Collection,
    customer::{Customer, StatusChange},
    id::{CustomerId, PurchaseId},
    preview::Preview,
    refusal::Refusal,
};
use db::Tx;

use crate::{
    Error,
    collection::Started,
    purchases::{
        collect::{self, Sale},
        finalize::{self, Billed, Purpose},
    },
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
    pub collect: Option<CollectOrder>,
}

/// The active customer.
#[derive(Debug, Clone)]
pub struct Activated {
    /// As it stands now.
    pub customer: Customer,
    /// The invoice of its draft purchases, if there were any to finalize.
    pub billed: Option<Billed>,
}

/// Makes the customer active and finalizes its draft purchases, both or neither (customers.md §2.7). For orders that
/// collect nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Activated, Error> {
    begin(tx, session, order)?.done()
}

/// Activates as [`run`] does, and begins to collect the invoice if that is asked for; with roll-back the customer becomes
/// active when the money moved.
pub fn begin(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Started<Activated>, Error> {
    let purchases = drafts(tx, session, order)?;
    if order.collect.is_some() && order.disables_auto_post {
        return Err(Refusal::CollectWithoutPosting.into());
    }
    if let Some(collect) = &order.collect
        && !purchases.is_empty()
    {
        let sale = Sale { customer: order.customer, collect, purchases, activates_customer: true };
        return collect::begin(tx, session, sale)?
            .try_map(|billed| activated(tx, session, order.customer, Some(billed)));
    }
    let purpose = if order.disables_auto_post { Purpose::Draft } else { Purpose::Post };
    activate(tx, session, order, purchases, purpose).map(Started::Done)
}

/// The customer as a collection has left it.
pub fn end(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<Activated, Error> {
    activated(tx, session, collection.customer, Some(collect::end(collection)?))
}

/// The customer as it stands, and the invoice that [`run`] would post; for a caller who takes it all back.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(Customer, Option<Preview>), Error> {
    let customer = super::find::run(tx, session, order.customer)?;
    let purchases = drafts(tx, session, order)?;
    let activated = activate(tx, session, order, purchases, Purpose::Preview)?;
    let invoice = activated.billed.map(|invoice| finalize::shown(tx, session, invoice)).transpose()?;
    Ok((customer, invoice))
}

/// The drafts that go with the activation; the customer is locked.
fn drafts(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<PurchaseId>, Error> {
    let (account, id) = (session.account.id, order.customer);
    store::customer::lock(tx, account, id)?.ok_or(Error::not_found("Customer", id.0))?;
    if !order.finalizes_purchases {
        return Ok(Vec::new());
    }
    Ok(store::purchase::list_drafts(tx, account, id)?)
}

fn activate(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    purchases: Vec<PurchaseId>,
    purpose: Purpose,
) -> Result<Activated, Error> {
    open(tx, session, order.customer)?;
    let billed = if purchases.is_empty() {
        None
    } else {
        let order = finalize::Order { customer: order.customer, purchases, collect: None };
        Some(finalize::finalize(tx, session, &order, purpose)?)
    };
    activated(tx, session, order.customer, billed)
}

/// Makes a draft customer active.
pub(crate) fn open(tx: &mut Tx<'_>, session: &Session, id: CustomerId) -> Result<(), Error> {
    super::status::change(tx, session, id, StatusChange::Activate)
}

fn activated(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    billed: Option<Billed>,
) -> Result<Activated, Error> {
    Ok(Activated { customer: super::find::run(tx, session, customer)?, billed })
}
