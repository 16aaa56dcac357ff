//! Cancel a purchase that was finalized.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::PurchaseId,
    purchase::PurchaseStatus,
    refusal::Refusal,
    reversal::CancellationOption,
};
use db::Tx;

use crate::{Error, books::Books, draft_invoices, reversal};

/// Which purchase, and what becomes of its charge.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// A purchase in status Purchased.
    pub purchase: PurchaseId,
    /// What becomes of its charge.
    pub option: CancellationOption,
}

/// Takes back what the option says, with a credit note, earns the rest if nothing is taken back, and cancels the
/// purchase (purchases.md §3.11).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(), Error> {
    let account = session.account.id;
    let customer = super::find::run(tx, session, order.purchase)?.customer;
    let mut books = Books::open(tx, session, customer)?;
    if super::find::run(tx, session, order.purchase)?.status != PurchaseStatus::Purchased {
        return Err(Refusal::PurchaseNotPurchased.into());
    }
    if !draft_invoices::withdraw(tx, session, order.purchase, order.option)? {
        let charged = store::charge::find_of_purchase(tx, account, order.purchase)?;
        let (invoice, charge) = charged.ok_or(Error::Database(db::Error::NoRow))?;
        let invoice = crate::invoices::find::run(tx, session, invoice)?;
        let extent = order.option.into();
        let taking = reversal::Order { invoice: &invoice, charges: &[&charge], extent, reference: None };
        reversal::run(tx, session, &mut books, taking)?;
    }
    store::purchase::mark_cancelled(tx, account, order.purchase, session.now)?;
    let event =
        Event { event_type: EventType::PurchaseCancelled, customer: Some(customer), subject_id: order.purchase.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    books.close(tx)
}
