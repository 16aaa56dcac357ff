//! Record what a customer owed, on an invoice of its own, or had on deposit.

use billing::{
    account::Session,
    draft_invoice::DraftTerms,
    event::{Event, EventType},
    id::{InvoiceId, OpeningBalanceId},
    invoice::Invoice,
    opening_balance::{NAME, OpeningBalance, OpeningBalanceOrder, Owing},
    problem::Problems,
};
use db::Tx;
use ledger::Transaction;
use money::Amount;

use crate::{Error, allocations::check_amount, books::Books, invoices::post};

/// Records an opening balance. What is owed becomes a posted invoice, which earns nothing; what is on deposit counts
/// against what the customer owes (receivables.md §13).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &OpeningBalanceOrder) -> Result<OpeningBalance, Error> {
    let mut books = Books::open(tx, session, order.customer)?;
    books.customer().status.may_have_opening_balance()?;
    let (now, currency) = (session.now, books.customer().currency);
    let mut problems = Problems::new();
    let member = if order.owing.is_some() { "AmountOwing" } else { "AmountOnDeposit" };
    check_amount(&mut problems, member, currency, order.amount);
    problems.into_result().map_err(Error::Invalid)?;
    let balance_before = books.balance();
    let id = OpeningBalanceId(tx.next_id()?);
    let signed = if order.owing.is_some() { order.amount } else { order.amount.negated() };
    books.post(id.0, Transaction::opening_balance(now, currency, signed)?)?;
    let mut opening = OpeningBalance {
        id,
        customer: order.customer,
        invoice: None,
        amount: order.amount,
        currency,
        name: None,
        description: None,
        reference: order.reference.clone(),
        effective_at: now,
        unallocated: order.amount,
    };
    let invoice = match &order.owing {
        Some(owing) => Some(owed(tx, session, &books, order, owing, balance_before)?),
        None => None,
    };
    if let (Some(owing), Some(invoice)) = (&order.owing, &invoice) {
        opening.invoice = Some(invoice.id);
        opening.unallocated = Amount::ZERO;
        opening.name = Some(owing.name.clone().unwrap_or_else(|| NAME.to_owned()));
        opening.description.clone_from(&owing.description);
    }
    books.close(tx)?;
    tell(tx, session, &opening)?;
    if let Some(mut invoice) = invoice {
        // The number's row is locked until the commit, by everybody who posts for this account: it is taken last.
        invoice.number = store::account::next_number(tx, session.account.id, "invoice")?;
        store::invoice::insert(tx, session.account.id, &invoice)?;
    }
    store::opening_balance::insert(tx, session.account.id, &opening, now)?;
    super::find::run(tx, session, id)
}

/// The invoice over what is owed, without a number.
fn owed(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &Books<'_>,
    order: &OpeningBalanceOrder,
    owing: &Owing,
    balance_before: Amount,
) -> Result<Invoice, Error> {
    let terms = DraftTerms {
        term: owing.term,
        po_number: owing.po_number.clone(),
        notes: owing.note.clone(),
        reference_date: None,
    };
    let mut invoice = post::blank(tx, session, books, terms, balance_before)?;
    (invoice.paid_at, invoice.closing_balance) = (None, books.balance());
    invoice.totals.subtotal = order.amount;
    for schedule in &mut invoice.schedules {
        (schedule.amount, schedule.outstanding) = (order.amount, order.amount);
    }
    Ok(invoice)
}

fn tell(tx: &mut Tx<'_>, session: &Session, opening: &OpeningBalance) -> Result<(), Error> {
    let customer = Some(opening.customer);
    let created = Event { event_type: EventType::OpeningBalanceCreated, customer, subject_id: opening.id.0 };
    let posted = |InvoiceId(id)| Event { event_type: EventType::InvoicePosted, customer, subject_id: id };
    let events: Vec<_> = std::iter::once(created).chain(opening.invoice.map(posted)).collect();
    Ok(store::event::insert(tx, session.account.id, &events, session.now)?)
}
