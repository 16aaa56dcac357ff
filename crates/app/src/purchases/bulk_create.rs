//! Sell any number of purchases to a customer in one act: all of them, or none.

use billing::{
    account::Session,
    collect::CollectOrder,
    collection::Collection,
    event::{Event, EventType},
    id::{CustomerId, PurchaseId},
    preview::Preview,
    problem::{Problem, Problems},
    purchase::{Purchase, PurchaseOrder, PurchaseStatus},
    refusal::Refusal,
};
use db::Tx;
use store::purchase::Draft;

use super::{
    collect::{self, Sale},
    finalize::{self, Billed, Effect, Purpose},
    judge::{Judged, Place, judge},
    prepare::Prepared,
    products::Products,
};
use crate::{Error, books::Books, collection::Started};

/// What is to be sold, to whom.
#[derive(Debug, Clone)]
pub struct Order {
    /// The buyer.
    pub customer: CustomerId,
    /// Finalize at once.
    pub auto_purchase: bool,
    /// At least one.
    pub purchases: Vec<PurchaseOrder>,
    /// Collect the invoice at once; means nothing for drafts.
    pub collect: Option<CollectOrder>,
}

/// What was sold.
#[derive(Debug, Clone)]
pub struct Created {
    /// The buyer.
    pub customer: CustomerId,
    /// In the order of the request.
    pub purchases: Vec<Purchase>,
    /// What they were charged on, unless they are drafts.
    pub billed: Option<Billed>,
}

/// Stores every purchase as a draft and, if asked for, finalizes them on one invoice. What is wrong is reported for all
/// elements at once, under `Purchases[i]`, and nothing is stored (purchases.md §3.1). For orders that collect nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Created, Error> {
    begin(tx, session, order, false)?.done()
}

/// Sells as [`run`] does, and begins to collect the invoice if that is asked for; with roll-back the purchases stay drafts
/// until the money moved. With `disables_auto_post` the invoice waits as a draft, and is not collected.
pub fn begin(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    disables_auto_post: bool,
) -> Result<Started<Created>, Error> {
    let Some(collect) = order.collect.as_ref().filter(|_| order.auto_purchase) else {
        let purpose = if disables_auto_post { Purpose::Draft } else { Purpose::Post };
        return create(tx, session, order, purpose, in_list).map(Started::Done);
    };
    if disables_auto_post {
        return Err(Refusal::CollectWithoutPosting.into());
    }
    let books = Books::open(tx, session, order.customer)?;
    let judged = judge(tx, session, books.customer(), order, Problems::new(), in_list)?;
    let drafts = Order { auto_purchase: false, ..order.clone() };
    let stored = store_all(tx, session, &drafts, &judged)?;
    let purchases: Vec<_> = stored.iter().map(|purchase| purchase.id).collect();
    let sale = Sale { customer: order.customer, collect, purchases: purchases.clone(), activates_customer: false };
    collect::begin(tx, session, sale)?.try_map(|billed| sold(tx, session, order.customer, &purchases, billed))
}

/// What a collection was for: the purchases as they stand, and their invoice.
pub fn end(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<Created, Error> {
    sold(tx, session, collection.customer, &collection.plan.purchases, collect::end(collection)?)
}

fn sold(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    purchases: &[PurchaseId],
    billed: Billed,
) -> Result<Created, Error> {
    let purchases = purchases.iter().map(|id| super::find::run(tx, session, *id)).collect::<Result<_, _>>()?;
    Ok(Created { customer, purchases, billed: Some(billed) })
}

/// Everything that is wrong with an order that was `found` to have these problems already. Where they are, it holds
/// placeholders, and nothing else is said of them; what depends on the buyer waits for one.
pub fn refuse(tx: &mut Tx<'_>, session: &Session, order: &Order, found: &[Problem]) -> Error {
    refuse_at(tx, session, order, found, in_list)
}

fn in_list(index: usize) -> String {
    format!("Purchases[{index}]")
}

/// What [`run`] would do, for a caller who takes it all back, and the invoice that it would post. Of drafts it is the one
/// that finalizing them would make, and may be asked for every customer for whom drafts may be made.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<(Created, Preview), Error> {
    let mut created = create(tx, session, order, Purpose::Preview, in_list)?;
    let preview = match created.billed {
        Some(billed) => finalize::shown(tx, session, billed)?,
        None => finalize::foresee(tx, session, created.customer, &created.purchases, None)?,
    };
    created.purchases = created.purchases.into_iter().map(Purchase::unmade).collect();
    Ok((created, preview))
}

/// What making these purchases did to invoices.
pub fn effect(tx: &mut Tx<'_>, session: &Session, created: &Created) -> Result<Effect, Error> {
    if let Some(billed) = created.billed {
        return finalize::effect(tx, session, billed);
    }
    let preview = finalize::foresee(tx, session, created.customer, &created.purchases, None)?;
    Ok(Effect::Foreseen(Box::new(preview)))
}

pub(super) fn create(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    purpose: Purpose,
    place: Place,
) -> Result<Created, Error> {
    let books = Books::open(tx, session, order.customer)?;
    let judged = judge(tx, session, books.customer(), order, Problems::new(), place)?;
    let purchases = store_all(tx, session, order, &judged)?;
    let billed = if order.auto_purchase {
        Some(finalize::apply(tx, session, books, &purchases, &judged.products, purpose)?)
    } else {
        None
    };
    Ok(Created { customer: order.customer, purchases, billed })
}

pub(super) fn refuse_at(tx: &mut Tx<'_>, session: &Session, order: &Order, found: &[Problem], place: Place) -> Error {
    let problems = Problems::after(found.to_vec());
    if problems.has_failed("CustomerId") {
        return Error::Invalid(problems.into_found());
    }
    let judged = match Books::open(tx, session, order.customer) {
        Ok(books) => judge(tx, session, books.customer(), order, problems, place).map(|_| ()),
        Err(unknown) => return unknown.among("CustomerId", problems.into_found()),
    };
    judged.err().unwrap_or_else(|| Error::Invalid(found.to_vec()))
}

/// Stores the purchases: as drafts, unless they are charged right afterwards.
fn store_all(tx: &mut Tx<'_>, session: &Session, asked: &Order, judged: &Judged<'_>) -> Result<Vec<Purchase>, Error> {
    let Judged { products, prepared, terms } = judged;
    let (account, customer) = (session.account.id, asked.customer);
    let purchased_at = asked.auto_purchase.then_some(session.now);
    let ids = tx.next_ids(i64::try_from(terms.len()).unwrap_or(i64::MAX))?;
    let drafts = ids.zip(prepared.iter().zip(terms));
    let drafts: Vec<_> = drafts
        .map(|(id, (Prepared { order, coupons }, terms))| Draft { id: PurchaseId(id), order, terms, coupons })
        .collect();
    store::purchase::insert(tx, account, customer, &drafts, purchased_at, session.now)?;
    for product in products.values().filter(|product| product.deletable) {
        store::product::mark_used(tx, account, product.id)?;
    }
    let events: Vec<_> = drafts
        .iter()
        .map(|draft| Event { event_type: EventType::PurchaseCreated, customer: Some(customer), subject_id: draft.id.0 })
        .collect();
    store::event::insert(tx, account, &events, session.now)?;
    let mut stored: Vec<_> = drafts.iter().map(|draft| stored(session, asked, draft, products)).collect();
    store::purchase::read_details(tx, account, &mut stored)?;
    Ok(stored.into_iter().map(|(purchase, _)| purchase).collect())
}

/// The purchase as it was stored, without what hangs on it, and whether anything does.
fn stored(session: &Session, asked: &Order, draft: &Draft<'_>, products: &Products) -> (Purchase, bool) {
    let Draft { id, order, terms, .. } = draft;
    let status = if asked.auto_purchase { PurchaseStatus::Purchased } else { PurchaseStatus::Draft };
    let purchase = Purchase {
        id: *id,
        customer: asked.customer,
        product_code: products[&order.product].fields.code.clone(),
        terms: (*terms).clone(),
        status,
        reserved_by: None,
        netsuite_location_id: order.netsuite_location_id.clone(),
        netsuite_class_id: order.netsuite_class_id.clone(),
        pricing_formula_type: order.pricing_formula_type.clone(),
        salesforce_id: None,
        created_at: session.now,
        modified_at: session.now,
        purchased_at: asked.auto_purchase.then_some(session.now),
        cancelled_at: None,
        discounts: Vec::new(),
        items: Vec::new(),
        coupon_codes: Vec::new(),
        custom_fields: Vec::new(),
    };
    (purchase, order.has_details())
}
