//! Finalize draft purchases: charge them on one posted invoice.

use billing::{
    account::Session,
    charge_tax::{self, ChargeTax},
    collect::CollectMethod,
    event::{Event, EventType},
    id::{CustomerId, InvoiceId, PurchaseId},
    invoice::{Charge, Invoice, PaymentSchedule, Totals, due_at},
    purchase::Purchase,
    refusal::Refusal,
};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::customer::Billing;

use super::charge;
use crate::{Error, books::Books, coupons, earning, engine::rolled_back, tax};

/// Which drafts of which customer.
#[derive(Debug, Clone)]
pub struct Order {
    /// The buyer.
    pub customer: CustomerId,
    /// Drafts of that customer.
    pub purchases: Vec<PurchaseId>,
    /// Collect the invoice at once.
    pub collect: Option<CollectMethod>,
}

/// Charges the drafts on one posted invoice and returns its id. A purchase of another customer is not found
/// (purchases.md §11.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<InvoiceId, Error> {
    let books = Books::open(tx, session, order.customer)?;
    books.customer().status.may_purchase()?;
    refuse_collection(order.collect)?;
    let mut purchases: Vec<Purchase> = Vec::with_capacity(order.purchases.len());
    for id in &order.purchases {
        let found = store::purchase::find(tx, session.account.id, *id)?;
        let found = found.filter(|purchase| purchase.customer == order.customer);
        let purchase = found.ok_or(Error::not_found("Purchase", id.0))?;
        if purchases.iter().any(|earlier| earlier.id == purchase.id) {
            return Err(Refusal::PurchaseListedTwice(purchase.id).into());
        }
        purchases.push(purchase);
    }
    apply(tx, session, books, &purchases)
}

/// The invoice that finalizing drafts would make now: made by the same code, and taken back.
pub fn foresee(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    drafts: &[Purchase],
) -> Result<Invoice, Error> {
    rolled_back(tx, |tx| {
        let books = Books::open(tx, session, customer)?;
        let invoice = apply(tx, session, books, drafts)?;
        crate::invoices::find::run(tx, session, invoice)
    })
}

/// Nothing can be collected without a payment gateway, and nothing is charged that was to be collected.
pub(super) fn refuse_collection(collect: Option<CollectMethod>) -> Result<(), Error> {
    match collect {
        Some(_) => Err(not_supported("Invoices cannot be collected at once: no payment gateway is configured.")),
        None => Ok(()),
    }
}

/// Charges purchases whose customer is locked and may purchase.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    session: &Session,
    mut books: Books<'_>,
    purchases: &[Purchase],
) -> Result<InvoiceId, Error> {
    let billing = store::customer::billing(tx, session.account.id, books.customer().id)?;
    if billing.auto_post == Some(false) {
        return Err(not_supported(
            "This customer's invoices are not posted automatically; draft invoices are not supported yet.",
        ));
    }
    let opening_balance = books.balance();
    let (mut charges, mut schedules) = (Vec::with_capacity(purchases.len()), Vec::new());
    for purchase in purchases {
        let posted = charge::run(tx, session, &mut books, purchase)?;
        charges.push(posted.charge);
        schedules.extend(posted.schedule);
    }
    let liability = tax::rates_for(tx, session, books.customer().id)?;
    let taxable = charges.iter().map(|charge| (charge.id, charge.taxable_amount));
    let taxes = tax::lines_for(tx, session, books.customer(), &liability, taxable)?;
    for ChargeTax { id, charge, line } in &taxes {
        let posted = Transaction::tax(session.now, books.customer().currency, line.amount)?;
        books.post_of(*charge, *id, posted)?;
    }
    let base =
        Invoice { taxes, addresses: liability.addresses, ..blank(tx, session, &books, billing, opening_balance)? };
    let mut invoice = priced(base, charges)?;
    books.close(tx)?;
    record(tx, session, &invoice, purchases)?;
    // The number's row is locked until the commit, by everybody who posts for this account: it is taken last.
    invoice.number = store::account::next_number(tx, session.account.id, "invoice")?;
    store::invoice::insert(tx, session.account.id, &invoice)?;
    if !schedules.is_empty() {
        store::earning::insert(tx, session.account.id, &schedules)?;
        earning::ensure_round(tx, session)?;
    }
    Ok(invoice.id)
}

/// An invoice over nothing yet, and without a number.
fn blank(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &Books<'_>,
    billing: Billing,
    opening_balance: Amount,
) -> Result<Invoice, Error> {
    let term = billing.term.unwrap_or(session.account.term);
    let ids = tx.next_ids(2)?;
    let schedule = PaymentSchedule {
        id: ids.start + 1,
        due_at: due_at(term, session.now, &session.account.zone),
        amount: Amount::ZERO,
        outstanding: Amount::ZERO,
        days_due_after_term: 0,
    };
    Ok(Invoice {
        id: InvoiceId(ids.start),
        number: 0,
        customer: books.customer().id,
        contact: billing.contact,
        currency: books.customer().currency,
        term,
        posted_at: session.now,
        modified_at: session.now,
        paid_at: None,
        totals: Totals::default(),
        opening_balance,
        closing_balance: books.balance(),
        po_number: billing.po_number,
        notes: None,
        schedules: vec![schedule],
        charges: Vec::new(),
        taxes: Vec::new(),
        addresses: None,
    })
}

/// The invoice over charges that are in the books already, with its totals and one instalment for all of it.
fn priced(mut invoice: Invoice, charges: Vec<Charge>) -> Result<Invoice, Error> {
    let discounts = charges.iter().map(Charge::discount).collect::<Result<Vec<_>, _>>()?;
    invoice.totals = Totals {
        subtotal: Amount::sum(charges.iter().map(|charge| charge.amount))?,
        discount: Amount::sum(discounts)?,
        tax: charge_tax::total(&invoice.taxes)?,
        ..Totals::default()
    };
    let amount = invoice.totals.amount()?;
    for schedule in &mut invoice.schedules {
        (schedule.amount, schedule.outstanding) = (amount, amount);
    }
    invoice.paid_at = amount.is_zero().then_some(invoice.posted_at);
    Ok(Invoice { charges, ..invoice })
}

fn not_supported(text: &'static str) -> Error {
    Refusal::NotSupported(text).into()
}

/// Marks the purchases and tells what happened.
fn record(tx: &mut Tx<'_>, session: &Session, invoice: &Invoice, purchases: &[Purchase]) -> Result<(), Error> {
    let customer = Some(invoice.customer);
    let mut events = Vec::with_capacity(purchases.len() + 1);
    for purchase in purchases {
        store::purchase::mark_purchased(tx, session.account.id, purchase.id, session.now)?;
        coupons::consume(tx, session, purchase)?;
        events.push(Event { event_type: EventType::PurchaseFinalized, customer, subject_id: purchase.id.0 });
    }
    events.push(Event { event_type: EventType::InvoicePosted, customer, subject_id: invoice.id.0 });
    Ok(store::event::insert(tx, session.account.id, &events, session.now)?)
}
