//! Give up what invoices owe.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use billing::{
    account::Session,
    event::{Event, EventType},
    id::{CustomerId, InvoiceId, WriteOffId},
    invoice,
    write_off::{Extent, decide},
};
use db::Tx;
use ledger::Transaction;
use money::{Amount, Currency};
use store::{invoice::Debt, write_off::WriteOff};

use crate::{Error, allocations::check_decimals, books::Books, standing};

/// Which invoice, and what the caller believes it owes.
#[derive(Debug, Clone)]
pub struct Order {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much of its balance.
    pub extent: Extent,
    /// At most 500 characters.
    pub reference: Option<String>,
}

/// Writes off the balance or a part of it: irreversible (receivables.md §9).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<WriteOffId, Error> {
    let mut results = run_all(tx, session, std::slice::from_ref(order))?;
    let (_, result) = results.pop().unwrap_or_else(|| (None, Err(Error::defect("a write-off has no result"))));
    result.map(|write_off| write_off.id)
}

/// What came of each order, and who owes the invoice in what currency, if it is anybody's.
type Results<T> = Result<Vec<(Option<(CustomerId, Currency)>, Result<T, Error>)>, Error>;

/// Writes off several, one after the other: each succeeds or is refused by itself, and one that is refused leaves nothing.
/// What is read and written of all takes few statements.
pub fn run_all(tx: &mut Tx<'_>, session: &Session, orders: &[Order]) -> Results<WriteOff> {
    let mut desk = Desk::open(tx, session, orders.iter().map(|order| order.invoice))?;
    let ids = tx.next_ids(i64::try_from(orders.len()).unwrap_or(i64::MAX))?;
    let give_up = |(order, id): (&Order, _)| (desk.owner(order.invoice), desk.give_up(WriteOffId(id), order));
    let results = orders.iter().zip(ids).map(give_up).collect();
    desk.close(tx)?;
    Ok(results)
}

/// How much of each invoice would be written off now, without doing it: what a bulk job's validation asks.
pub fn check_all(tx: &mut Tx<'_>, session: &Session, invoices: &[InvoiceId]) -> Results<Amount> {
    let desk = Desk::open(tx, session, invoices.iter().copied())?;
    let check =
        |invoice: &InvoiceId| (desk.owner(*invoice), desk.decide(*invoice, Extent::Whole).map(|(_, amount)| amount));
    Ok(invoices.iter().map(check).collect())
}

/// The debts that are looked at, and the books of those who owe them.
struct Desk<'s> {
    session: &'s Session,
    owners: HashMap<InvoiceId, CustomerId>,
    books: BTreeMap<CustomerId, Books<'s>>,
    debts: HashMap<InvoiceId, Debt>,
    made: Vec<WriteOff>,
    schedules: BTreeMap<(InvoiceId, i64), Amount>,
}

impl<'s> Desk<'s> {
    /// Locks the customers whose invoices these are, and then reads what they owe.
    fn open(
        tx: &mut Tx<'_>,
        session: &'s Session,
        invoices: impl IntoIterator<Item = InvoiceId>,
    ) -> Result<Self, Error> {
        let account = session.account.id;
        let invoices: Vec<_> = BTreeSet::from_iter(invoices).into_iter().collect();
        let owners = store::invoice::find_customers(tx, account, &invoices)?;
        let locked = store::customer::lock_many(tx, account, &owners.values().copied().collect())?;
        let books = locked.into_iter().map(|customer| (customer.id, Books::of(session, customer))).collect();
        let debts = store::invoice::find_debts(tx, account, &invoices)?;
        Ok(Self { session, owners, books, debts, made: Vec::new(), schedules: BTreeMap::new() })
    }

    fn owner(&self, invoice: InvoiceId) -> Option<(CustomerId, Currency)> {
        let owner = self.books.get(self.owners.get(&invoice)?)?.customer();
        Some((owner.id, owner.currency))
    }

    /// Whose invoice it is, and how much of it would be given up now.
    fn decide(&self, invoice: InvoiceId, extent: Extent) -> Result<(CustomerId, Amount), Error> {
        let books = self.owners.get(&invoice).and_then(|owner| self.books.get(owner));
        let found = books.zip(self.debts.get(&invoice));
        let (books, debt) = found.ok_or(Error::not_found("Invoice", invoice.0))?;
        let customer = books.customer();
        let amount = decide(invoice, debt.outstanding, customer.status, extent)?;
        check_decimals(customer.currency, amount, "", &[])?;
        Ok((customer.id, amount))
    }

    /// Notes a write-off; a refusal notes nothing.
    fn give_up(&mut self, id: WriteOffId, order: &Order) -> Result<WriteOff, Error> {
        let (customer, amount) = self.decide(order.invoice, order.extent)?;
        let not_found = || Error::not_found("Invoice", order.invoice.0);
        let books = self.books.get_mut(&customer).ok_or_else(not_found)?;
        let debt = self.debts.get_mut(&order.invoice).ok_or_else(not_found)?;
        let outstanding = debt.outstanding.checked_sub(amount)?;
        let write_offs = debt.write_offs.checked_add(amount)?;
        let settled = invoice::settle(&debt.schedules, amount)?;
        books.post(id.0, Transaction::write_off(self.session.now, books.customer().currency, amount)?)?;
        (debt.outstanding, debt.write_offs) = (outstanding, write_offs);
        for (schedule, outstanding) in settled {
            self.schedules.insert((order.invoice, schedule), outstanding);
            if let Some(schedule) = debt.schedules.iter_mut().find(|known| known.id == schedule) {
                schedule.outstanding = outstanding;
            }
        }
        let (invoice, reference) = (order.invoice, order.reference.clone());
        let write_off = WriteOff { id, customer, invoice, amount, reference };
        self.made.push(write_off.clone());
        Ok(write_off)
    }

    /// Writes what was noted.
    fn close(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let (account, now) = (self.session.account.id, self.session.now);
        let poor = self.books.values().map(Books::customer).filter(|customer| customer.account_status.is_poor());
        let poor: Vec<_> = poor.map(|customer| customer.id).collect();
        Books::close_all(tx, self.session, self.books.into_values())?;
        store::write_off::insert(tx, account, &self.made, now)?;
        let touched: BTreeSet<_> = self.made.iter().map(|write_off| write_off.invoice).collect();
        let debts = touched.iter().filter_map(|invoice| Some((*invoice, self.debts.get(invoice)?)));
        store::invoice::set_written_off(tx, account, debts, now)?;
        let schedules = self.schedules.into_iter().map(|((invoice, id), outstanding)| (invoice, id, outstanding));
        store::invoice::set_outstanding_of_schedules(tx, account, schedules)?;
        for customer in poor {
            standing::refresh(tx, self.session, customer)?;
        }
        let events: Vec<_> = self.made.iter().map(written_off).collect();
        Ok(store::event::insert(tx, account, &events, now)?)
    }
}

fn written_off(write_off: &WriteOff) -> Event {
    Event {
        event_type: EventType::InvoiceWrittenOff,
        customer: Some(write_off.customer),
        subject_id: write_off.invoice.0,
    }
}
