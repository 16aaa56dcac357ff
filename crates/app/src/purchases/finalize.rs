//! Finalize draft purchases: charge them on one posted invoice.

use billing::{
    account::Session,
    charge_tax::{self, ChargeTax},
    collect::CollectMethod,
    event::{Event, EventType},
    id::{CustomerId, InvoiceId, PurchaseId},
    invoice::{Charge, Invoice, PaymentSchedule, Totals, due_at},
    preview::Preview,
    purchase::{Purchase, PurchaseStatus},
    refusal::Refusal,
    tax::Region,
};
use db::Tx;
use ledger::Transaction;
use money::Amount;
use store::{customer::Billing, terms};

use super::{
    charge,
    products::{self, Products},
};
use crate::{Error, books::Books, coupons, earning, engine::rolled_back, invoices, tax};

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

/// What an invoice is made for, and so what has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be posted.
    Post,
    /// To be shown and taken back: what posting it now would make, also for a customer whose invoices wait as drafts.
    Preview,
    /// To be shown and taken back, before the purchases are asked to be charged: they may wait for their targets still,
    /// and their coupons are not used.
    Foresee {
        /// Where they would be taxed; where the customer is, if nowhere.
        region: Option<Region>,
    },
}

/// Charges the drafts on one posted invoice and returns its id. A purchase of another customer is not found
/// (purchases.md §11.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<InvoiceId, Error> {
    finalize(tx, session, order, Purpose::Post)
}

/// The invoice that [`run`] would post, for a caller who takes it all back.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Preview, Error> {
    let invoice = finalize(tx, session, order, Purpose::Preview)?;
    shown(tx, session, invoice)
}

/// An invoice that is taken back afterwards.
pub(crate) fn shown(tx: &mut Tx<'_>, session: &Session, invoice: InvoiceId) -> Result<Preview, Error> {
    Ok(Preview::of(invoices::find::run(tx, session, invoice)?)?)
}

/// Charges the drafts for this purpose.
pub(crate) fn finalize(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    purpose: Purpose,
) -> Result<InvoiceId, Error> {
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
    purchases.iter().try_for_each(Purchase::may_be_purchased)?;
    let products = products_of(tx, session, &purchases)?;
    apply(tx, session, books, &purchases, &products, purpose)
}

fn products_of(tx: &mut Tx<'_>, session: &Session, purchases: &[Purchase]) -> Result<Products, Error> {
    products::share(tx, session, purchases.iter().map(|purchase| purchase.terms.product))
}

/// The invoice that drafts would make if they were finalized as they are now, taxed in `region` or else where the customer
/// is: made by the same code, and taken back.
pub fn foresee(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    drafts: &[Purchase],
    region: Option<Region>,
) -> Result<Preview, Error> {
    rolled_back(tx, |tx| {
        let books = Books::open(tx, session, customer)?;
        let products = products_of(tx, session, drafts)?;
        let invoice = apply(tx, session, books, drafts, &products, Purpose::Foresee { region })?;
        shown(tx, session, invoice)
    })
}

/// Nothing can be collected without a payment gateway, and nothing is charged that was to be collected.
pub(super) fn refuse_collection(collect: Option<CollectMethod>) -> Result<(), Error> {
    match collect {
        Some(_) => Err(not_supported("Invoices cannot be collected at once: no payment gateway is configured.")),
        None => Ok(()),
    }
}

/// Charges purchases of `products`, which are shared. Their customer is locked and, unless they are only foreseen, may purchase.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    session: &Session,
    mut books: Books<'_>,
    purchases: &[Purchase],
    products: &Products,
    purpose: Purpose,
) -> Result<InvoiceId, Error> {
    purpose.check(purchases)?;
    let billing = store::customer::billing(tx, session.account.id, books.customer().id)?;
    if purpose == Purpose::Post && billing.auto_post == Some(false) {
        return Err(not_supported(
            "This customer's invoices are not posted automatically; draft invoices are not supported yet.",
        ));
    }
    let opening_balance = books.balance();
    let (mut charges, mut schedules) = (Vec::with_capacity(purchases.len()), Vec::new());
    for purchase in purchases {
        let posted = charge::run(tx, session, &mut books, purchase, &products[&purchase.terms.product])?;
        charges.push(posted.charge);
        schedules.extend(posted.schedule);
    }
    let liability = tax::rates_for(tx, session, books.customer().id, purpose.region())?;
    let taxable = charges.iter().map(|charge| (charge.id, charge.taxable_amount));
    let taxes = tax::lines_for(tx, session, books.customer(), &liability, taxable)?;
    for ChargeTax { id, charge, line } in &taxes {
        let posted = Transaction::tax(session.now, books.customer().currency, line.amount)?.on(terms::of_tax(line));
        books.post_of(*charge, *id, posted)?;
    }
    let base =
        Invoice { taxes, addresses: liability.addresses, ..blank(tx, session, &books, billing, opening_balance)? };
    let mut invoice = priced(base, charges)?;
    books.close(tx)?;
    record(tx, session, &invoice, purchases, purpose)?;
    // The number's row is locked until the commit, by everybody who posts for this account: it is taken last.
    invoice.number = store::account::next_number(tx, session.account.id, "invoice")?;
    store::invoice::insert(tx, session.account.id, &invoice)?;
    if !schedules.is_empty() {
        store::earning::insert(tx, session.account.id, &schedules)?;
    }
    if schedules.iter().any(|schedule| schedule.next_due_on.is_some()) {
        earning::ensure_round(tx, session)?;
    }
    Ok(invoice.id)
}

/// An invoice over nothing yet, and without a number.
pub(crate) fn blank(
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
        owed_before: None,
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

impl Purpose {
    /// What is charged has reached its target.
    fn check(self, purchases: &[Purchase]) -> Result<(), Refusal> {
        match self {
            Self::Post | Self::Preview => purchases.iter().try_for_each(Purchase::has_reached_target),
            Self::Foresee { .. } => Ok(()),
        }
    }

    /// Whether coupons are used now.
    fn uses_coupons(self) -> bool {
        match self {
            Self::Post | Self::Preview => true,
            Self::Foresee { .. } => false,
        }
    }

    /// Where the purchases are taxed, if not where the customer is.
    fn region(self) -> Option<Region> {
        match self {
            Self::Post | Self::Preview => None,
            Self::Foresee { region } => region,
        }
    }
}

/// Marks the purchases that were drafts, uses their coupons and tells what happened.
fn record(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: &Invoice,
    purchases: &[Purchase],
    purpose: Purpose,
) -> Result<(), Error> {
    if purpose.uses_coupons() {
        coupons::consume(tx, session, invoice.customer, purchases)?;
    }
    let customer = Some(invoice.customer);
    let mut events = Vec::with_capacity(purchases.len() + 1);
    // A purchase has one charge, in the same order.
    for (purchase, charge) in purchases.iter().zip(&invoice.charges) {
        if purchase.status == PurchaseStatus::Draft {
            let (id, net) = (purchase.id, charge.net()?);
            store::purchase::mark_purchased(tx, session.account.id, id, net, charge.taxable_amount, session.now)?;
        }
        events.push(Event { event_type: EventType::PurchaseFinalized, customer, subject_id: purchase.id.0 });
    }
    events.push(Event { event_type: EventType::InvoicePosted, customer, subject_id: invoice.id.0 });
    Ok(store::event::insert(tx, session.account.id, &events, session.now)?)
}
