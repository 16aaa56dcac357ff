//! What every change of a draft purchase begins and ends with.

use billing::{
    account::Session,
    customer::LockedCustomer,
    event::{Event, EventType},
    id::PurchaseId,
    product::Product,
    purchase::Purchase,
};
use db::Tx;

use crate::Error;

/// A draft that nobody else changes while the transaction lasts, with what is needed to price it.
pub(crate) struct LockedDraft {
    /// Its customer, locked.
    pub(crate) customer: LockedCustomer,
    /// The draft.
    pub(crate) purchase: Purchase,
    /// What it sells.
    pub(crate) product: Product,
}

impl LockedDraft {
    /// Locks the purchase's customer and reads the purchase again; one that was finalized is refused.
    pub(crate) fn find(tx: &mut Tx<'_>, session: &Session, id: PurchaseId) -> Result<Self, Error> {
        let account = session.account.id;
        let buyer = super::find::run(tx, session, id)?.customer;
        let customer = store::customer::lock(tx, account, buyer)?.ok_or(Error::not_found("Customer", buyer.0))?;
        customer.status.may_be_changed()?;
        let purchase = super::find::run(tx, session, id)?;
        purchase.may_be_modified()?;
        let product = store::product::share(tx, account, purchase.terms.product)?;
        let product = product.ok_or(Error::not_found("Product", purchase.terms.product.0))?;
        Ok(Self { customer, purchase, product })
    }

    /// Prices the draft as it is in memory, stores its own row, and tells of the change.
    pub(crate) fn save(mut self, tx: &mut Tx<'_>, session: &Session) -> Result<Purchase, Error> {
        self.purchase.reprice(&self.product, self.customer.currency)?;
        self.purchase.modified_at = session.now;
        store::purchase::update(tx, session.account.id, &self.purchase, session.now)?;
        updated(tx, session, &self.purchase)?;
        Ok(self.purchase)
    }

    /// Like [`save`](Self::save), after something that hangs on the draft was stored on its own: what is priced is what is
    /// stored.
    pub(crate) fn changed(mut self, tx: &mut Tx<'_>, session: &Session) -> Result<(), Error> {
        self.purchase = store::purchase::find_whole(tx, session.account.id, self.purchase.id)?
            .ok_or(Error::not_found("Purchase", self.purchase.id.0))?;
        self.save(tx, session)?;
        Ok(())
    }
}

/// Tells that a purchase, or something that hangs on it, is another.
pub(crate) fn updated(tx: &mut Tx<'_>, session: &Session, purchase: &Purchase) -> Result<(), Error> {
    let (event_type, customer) = (EventType::PurchaseUpdated, Some(purchase.customer));
    let event = Event { event_type, customer, subject_id: purchase.id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
