//! Finalize draft purchases: charge them on one posted invoice.

use billing::{
    account::Session,
    collect::CollectMethod,
    earning::{EarningRule, EarningSettings},
    event::{Event, EventType},
    id::{ChargeId, CustomerId, InvoiceId, PurchaseId},
    invoice::{Charge, Invoice, PaymentSchedule, Totals, due_at},
    product::Product,
    purchase::Purchase,
    refusal::Refusal,
};
use db::Tx;
use ledger::Transaction;
use money::Amount;

use crate::{Error, books::Books};

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
    let charges = post_charges(tx, session, &mut books, purchases)?;
    let term = billing.term.unwrap_or(session.account.term);
    let subtotal = Amount::sum(charges.iter().map(|charge| charge.amount))?;
    let ids = tx.next_ids(2)?;
    let schedule = PaymentSchedule {
        id: ids.start + 1,
        due_at: due_at(term, session.now, &session.account.zone),
        amount: subtotal,
        outstanding: subtotal,
        days_due_after_term: 0,
    };
    let invoice = Invoice {
        id: InvoiceId(ids.start),
        number: store::account::next_number(tx, session.account.id, "invoice")?,
        customer: books.customer().id,
        contact: billing.contact,
        currency: books.customer().currency,
        term,
        posted_at: session.now,
        modified_at: session.now,
        paid_at: subtotal.is_zero().then_some(session.now),
        totals: Totals { subtotal, ..Totals::default() },
        opening_balance,
        closing_balance: books.balance(),
        po_number: billing.po_number,
        notes: None,
        schedules: vec![schedule],
        charges,
    };
    store::invoice::insert(tx, session.account.id, &invoice)?;
    record(tx, session, &invoice, purchases)?;
    books.close(tx)?;
    Ok(invoice.id)
}

/// Posts what each purchase costs, and what of it is earned at once.
fn post_charges(
    tx: &mut Tx<'_>,
    session: &Session,
    books: &mut Books<'_>,
    purchases: &[Purchase],
) -> Result<Vec<Charge>, Error> {
    let currency = books.customer().currency;
    let mut charges = Vec::with_capacity(purchases.len());
    for purchase in purchases {
        let product = store::product::find(tx, session.account.id, purchase.terms.product)?;
        let product = product.ok_or(Error::not_found("Product", purchase.terms.product.0))?;
        let (earning, rule) = check(purchase, &product)?;
        let ids = tx.next_ids(2)?;
        let charge = charge(session, ChargeId(ids.start), purchase, &product, earning);
        if charge.amount.is_positive() {
            books.post(charge.id.0, Transaction::charge(session.now, currency, charge.amount)?)?;
            if rule == EarningRule::Immediately {
                books.post(ids.start + 1, Transaction::earning(session.now, currency, charge.amount)?)?;
            }
        }
        charges.push(charge);
    }
    Ok(charges)
}

/// Whether a purchase may be charged, and how the charge earns. Features that are stored on drafts but not yet acted
/// upon are refused here, where acting on them would matter.
fn check(purchase: &Purchase, product: &Product) -> Result<(EarningSettings, EarningRule), Error> {
    use billing::{pricing::PricingModel, purchase::PurchaseStatus};
    let terms = &purchase.terms;
    if purchase.status != PurchaseStatus::Draft {
        return Err(Refusal::PurchaseNotDraft.into());
    }
    if terms.target_order_quantity.is_some_and(|target| terms.quantity < target) {
        return Err(Refusal::TargetNotReached.into());
    }
    if terms.pricing.model() != PricingModel::Standard {
        return Err(not_supported("Purchases with tiered, volume or stairstep pricing cannot be finalized yet."));
    }
    if !purchase.discounts.is_empty() {
        return Err(not_supported("Purchases with discounts cannot be finalized yet."));
    }
    if !purchase.coupon_codes.is_empty() {
        return Err(not_supported("Purchases with coupons cannot be finalized yet."));
    }
    let catalogue = product.fields.cycle.as_ref().map(|cycle| cycle.earning).unwrap_or_default();
    let earning = terms.earning.unwrap_or(catalogue);
    match earning.rule() {
        Ok(EarningRule::OverTime) => Err(not_supported("Purchases that earn over a period cannot be finalized yet.")),
        Ok(rule @ (EarningRule::Immediately | EarningRule::Never)) => Ok((earning, rule)),
        Err(error) => Err(Error::invalid("EarningSettings", error.to_string())),
    }
}

fn not_supported(text: &'static str) -> Error {
    Refusal::NotSupported(text).into()
}

fn charge(session: &Session, id: ChargeId, purchase: &Purchase, product: &Product, earning: EarningSettings) -> Charge {
    let terms = &purchase.terms;
    Charge {
        id,
        purchase: purchase.id,
        product: terms.product,
        name: terms.name.clone(),
        description: terms.description.clone(),
        quantity: terms.quantity,
        unit_price: terms.pricing.ranges()[0].amount,
        amount: terms.amount,
        gl_code: product.fields.gl_code.clone(),
        effective_at: session.now,
        earning,
    }
}

/// Marks the purchases and tells what happened.
fn record(tx: &mut Tx<'_>, session: &Session, invoice: &Invoice, purchases: &[Purchase]) -> Result<(), Error> {
    let customer = Some(invoice.customer);
    let mut events = Vec::with_capacity(purchases.len() + 1);
    for purchase in purchases {
        store::purchase::mark_purchased(tx, session.account.id, purchase.id, session.now)?;
        events.push(Event { event_type: EventType::PurchaseFinalized, customer, subject_id: purchase.id.0 });
    }
    events.push(Event { event_type: EventType::InvoicePosted, customer, subject_id: invoice.id.0 });
    Ok(store::event::insert(tx, session.account.id, &events, session.now)?)
}
