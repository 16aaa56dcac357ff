//! Posting to the ledger of one locked customer: every transaction gets its place in the chain and moves the balance.

use billing::{
    account::Session,
    customer::LockedCustomer,
    id::{ChargeId, CustomerId},
};
use db::Tx;
use ledger::{ChainHash, Transaction};
use money::Amount;
use store::ledger::Entry;

use crate::Error;

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
        Ok(Self { session, customer, entries: Vec::new() })
    }

    /// The customer as it stands after the postings so far.
    pub(crate) fn customer(&self) -> &LockedCustomer {
        &self.customer
    }

    /// What the customer owes after the postings so far.
    pub(crate) fn balance(&self) -> Amount {
        self.customer.balance
    }

    /// Posts a transaction under `id` that is about no charge.
    pub(crate) fn post(&mut self, id: i64, transaction: Transaction) -> Result<(), Error> {
        self.append(id, None, transaction)
    }

    /// Posts a transaction about a charge under `id`.
    pub(crate) fn post_of(&mut self, charge: ChargeId, id: i64, transaction: Transaction) -> Result<(), Error> {
        self.append(id, Some(charge), transaction)
    }

    fn append(&mut self, id: i64, charge: Option<ChargeId>, transaction: Transaction) -> Result<(), Error> {
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
            charge,
            transaction,
            hash: customer.ledger_hash,
        });
        Ok(())
    }

    /// Writes what was posted.
    pub(crate) fn close(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let (account, customer) = (self.session.account.id, &self.customer);
        store::ledger::insert(tx, account, &self.entries, self.session.now)?;
        let (balance, sequence) = (customer.balance, customer.ledger_sequence);
        store::customer::set_ledger(tx, account, customer.id, balance, sequence, customer.ledger_hash)?;
        Ok(())
    }
}
