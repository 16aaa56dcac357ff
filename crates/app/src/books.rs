//! Posting to the ledger of one locked customer: every transaction gets its place in the chain and moves the balance.

use billing::{
    account::Session,
    customer::LockedCustomer,
    id::{ChargeId, CustomerId, OpeningDeferralId},
};
use db::Tx;
use ledger::{ChainHash, Transaction};
use money::Amount;
use store::ledger::{About, Entry};

use crate::{Error, standing};

/// The open books of a customer; nothing is written until [`Books::close`].
pub(crate) struct Books<'s> {
    session: &'s Session,
    customer: LockedCustomer,
    entries: Vec<Entry>,
}

impl<'s> Books<'s> {
    /// Locks the customer and opens the books.
    pub(crate) fn open(tx: &mut Tx<'_>, session: &'s Session, customer: CustomerId) -> Result<Self, Error> {
        let locked = store::customer::lock(tx, session.account.id, customer)?;
        let customer = locked.ok_or(Error::not_found("Customer", customer.0))?;
        Ok(Self::of(session, customer))
    }

    /// The books of a customer who is locked.
    pub(crate) fn of(session: &'s Session, customer: LockedCustomer) -> Self {
        Self { session, customer, entries: Vec::new() }
    }

    /// The customer as it stands after the postings so far.
    pub(crate) fn customer(&self) -> &LockedCustomer {
        &self.customer
    }

    /// What the customer owes after the postings so far.
    pub(crate) fn balance(&self) -> Amount {
        self.customer.balance
    }

    /// Posts a transaction under `id` that is about nothing else.
    pub(crate) fn post(&mut self, id: i64, transaction: Transaction) -> Result<(), Error> {
        self.append(id, None, transaction)
    }

    /// Posts a transaction about a charge under `id`.
    pub(crate) fn post_of(&mut self, charge: ChargeId, id: i64, transaction: Transaction) -> Result<(), Error> {
        self.append(id, Some(About::Charge(charge)), transaction)
    }

    /// Posts a transaction about an opening deferral under `id`.
    pub(crate) fn post_of_deferral(
        &mut self,
        deferral: OpeningDeferralId,
        id: i64,
        transaction: Transaction,
    ) -> Result<(), Error> {
        self.append(id, Some(About::Deferral(deferral)), transaction)
    }

    fn append(&mut self, id: i64, about: Option<About>, transaction: Transaction) -> Result<(), Error> {
        let customer = &mut self.customer;
        customer.balance = customer.balance.checked_add(transaction.receivable_change()?)?;
        customer.ledger_sequence += 1;
        customer.ledger_hash = ChainHash::next(
            customer.ledger_hash,
            self.session.account.id.0,
            customer.id.0,
            customer.ledger_sequence,
            id,
            &transaction,
        );
        self.entries.push(Entry {
            id,
            customer: customer.id,
            sequence: customer.ledger_sequence,
            about,
            transaction,
            hash: customer.ledger_hash,
        });
        Ok(())
    }

    /// Writes what was posted.
    pub(crate) fn close(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let session = self.session;
        Self::close_all(tx, session, [self])
    }

    /// Writes what was posted to several customers.
    pub(crate) fn close_all(
        tx: &mut Tx<'_>,
        session: &Session,
        books: impl IntoIterator<Item = Self>,
    ) -> Result<(), Error> {
        let (account, mut entries, mut customers) = (session.account.id, Vec::new(), Vec::new());
        for mut books in books {
            if !books.entries.is_empty() {
                entries.append(&mut books.entries);
                customers.push(books.customer);
            }
        }
        store::ledger::insert(tx, account, &entries, session.now)?;
        store::customer::set_ledgers(tx, account, &customers)?;
        for customer in customers.iter().filter(|customer| customer.standing_threshold.is_some()) {
            standing::refresh(tx, session, customer.id)?;
        }
        Ok(())
    }
}
