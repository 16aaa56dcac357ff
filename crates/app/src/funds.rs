//! Give to invoices what a customer has available: payments, credits and deposits that no invoice has yet.

use billing::{
    account::Session,
    allocation::{self, Source},
    event::{Event, EventType},
    id::InvoiceId,
};
use db::Tx;
use money::Amount;

use crate::{
    Error,
    invoices::balance::{Settlement, settle},
};

/// Gives an invoice what it owes out of its customer's available funds and credit, the oldest first; what it got. No money
/// moves: the balance already counts what is available, so nothing is posted (receivables.md §14).
pub fn spend(tx: &mut Tx<'_>, session: &Session, invoice: InvoiceId) -> Result<Amount, Error> {
    let (account, now) = (session.account.id, session.now);
    let not_found = || Error::not_found("Invoice", invoice.0);
    let customer = store::invoice::find_customer(tx, account, invoice)?.ok_or_else(not_found)?;
    store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    let owed = store::invoice::find_open(tx, account, customer, invoice)?.ok_or_else(not_found)?.outstanding;
    let mut spent = Amount::ZERO;
    if owed.is_positive() {
        for part in allocation::spend(&store::allocation::available(tx, account, customer)?, owed)? {
            let id = tx.next_id()?;
            store::allocation::spend(tx, account, id, invoice, part, now)?;
            settle(tx, session, invoice, settlement(part.source, part.amount))?;
            spent = spent.checked_add(part.amount)?;
        }
    }
    if spent.is_positive() {
        let event = Event { event_type: EventType::FundsAllocated, customer: Some(customer), subject_id: invoice.0 };
        store::event::insert(tx, account, &[event], now)?;
    }
    Ok(spent)
}

/// A deposit is money that was received before, and so a payment of the invoice.
fn settlement(source: Source, amount: Amount) -> Settlement {
    match source {
        Source::Payment(_) | Source::Deposit(_) => Settlement::Payment(amount),
        Source::Credit(_) => Settlement::Credit(amount),
    }
}
