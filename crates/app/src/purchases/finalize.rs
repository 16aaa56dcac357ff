//! Finalize draft purchases: charge them on one invoice, which is posted or waits as a draft.

use billing::{
    account::Session,
    collect::CollectOrder,
    draft_invoice::DraftCharge,
    event::{Event, EventType},
    id::{CustomerId, DraftInvoiceId, InvoiceId, PurchaseId},
    invoice::Invoice,
    preview::Preview,
    purchase::{Purchase, PurchaseStatus},
    refusal::Refusal,
    tax::Region,
};
use db::Tx;

use super::{
    charge,
    collect::{self, Sale},
    products::{self, Products},
};
use crate::{
    Error,
    books::Books,
    collection::Started,
    coupons, draft_invoices,
    engine::rolled_back,
    invoices::{self, post},
};

/// Which drafts of which customer.
#[derive(Debug, Clone)]
pub struct Order {
    /// The buyer.
    pub customer: CustomerId,
    /// Drafts of that customer.
    pub purchases: Vec<PurchaseId>,
    /// Collect the invoice at once.
    pub collect: Option<CollectOrder>,
}

/// What an invoice is made for, and so what has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be posted, unless the customer's invoices wait as drafts.
    Post,
    /// To be posted whatever the customer's setting says, because it is collected at once.
    Collect,
    /// To wait as a draft, whatever the customer's setting says.
    Draft,
    /// To be shown and taken back: what posting it now would make, also for a customer whose invoices wait as drafts.
    Preview,
    /// To be shown and taken back, before the purchases are asked to be charged: they may wait for their targets still,
    /// and their coupons are not used.
    Foresee {
        /// Where they would be taxed; where the customer is, if nowhere.
        region: Option<Region>,
    },
}

/// What purchases were charged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billed {
    /// A posted invoice.
    Posted(InvoiceId),
    /// A draft invoice.
    Waits(DraftInvoiceId),
}

impl Billed {
    /// The posted invoice.
    pub fn posted(self) -> Option<InvoiceId> {
        match self {
            Self::Posted(invoice) => Some(invoice),
            Self::Waits(_) => None,
        }
    }
}

/// Charges the drafts on one invoice, which is posted unless the customer's invoices wait as drafts. A purchase of another
/// customer is not found (purchases.md §11.2). For orders that collect nothing.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Billed, Error> {
    begin(tx, session, order, false)?.done()
}

/// Charges the drafts on an invoice that waits as a draft, whatever the customer's setting says.
pub fn run_without_posting(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Billed, Error> {
    begin(tx, session, order, true)?.done()
}

/// Charges the drafts as [`run`] does, or as [`run_without_posting`], and begins to collect the invoice if that is asked
/// for: it is posted then, whatever the customer's setting says.
pub fn begin(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    disables_auto_post: bool,
) -> Result<Started<Billed>, Error> {
    match &order.collect {
        None if disables_auto_post => finalize(tx, session, order, Purpose::Draft).map(Started::Done),
        None => finalize(tx, session, order, Purpose::Post).map(Started::Done),
        Some(_) if disables_auto_post => Err(Refusal::CollectWithoutPosting.into()),
        Some(collect) => {
            let (customer, purchases) = (order.customer, order.purchases.clone());
            collect::begin(tx, session, Sale { customer, collect, purchases, activates_customer: false })
        }
    }
}

/// The invoice that [`run`] would make, for a caller who takes it all back.
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Preview, Error> {
    let billed = finalize(tx, session, order, Purpose::Preview)?;
    shown(tx, session, billed)
}

/// An invoice that is taken back afterwards.
pub(crate) fn shown(tx: &mut Tx<'_>, session: &Session, billed: Billed) -> Result<Preview, Error> {
    let invoice = match billed {
        Billed::Posted(invoice) => invoices::find::run(tx, session, invoice)?,
        Billed::Waits(draft) => draft_invoices::find::run(tx, session, draft)?.invoice,
    };
    Ok(Preview::of(invoice)?)
}

/// What billing did to invoices, as side effects show it.
#[derive(Debug, Clone)]
pub enum Effect {
    /// This one was posted.
    Posted(Box<Invoice>),
    /// This draft waits.
    Waits(Box<draft_invoices::find::Found>),
    /// Nothing: the purchases are drafts, and finalizing them would make this one.
    Foreseen(Box<Preview>),
}

/// What billing did to invoices.
pub fn effect(tx: &mut Tx<'_>, session: &Session, billed: Billed) -> Result<Effect, Error> {
    Ok(match billed {
        Billed::Posted(invoice) => Effect::Posted(Box::new(invoices::find::run(tx, session, invoice)?)),
        Billed::Waits(draft) => Effect::Waits(Box::new(draft_invoices::find::run(tx, session, draft)?)),
    })
}

/// Charges the drafts for this purpose.
pub(crate) fn finalize(tx: &mut Tx<'_>, session: &Session, order: &Order, purpose: Purpose) -> Result<Billed, Error> {
    let books = Books::open(tx, session, order.customer)?;
    books.customer().status.may_purchase()?;
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

/// Charges purchases of `products`, which are shared. Their customer is locked and, unless they are only foreseen, may purchase.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    session: &Session,
    books: Books<'_>,
    purchases: &[Purchase],
    products: &Products,
    purpose: Purpose,
) -> Result<Billed, Error> {
    purpose.check(purchases)?;
    let (customer, currency) = (books.customer().id, books.customer().currency);
    let billing = store::customer::billing(tx, session.account.id, customer)?;
    let mut charges = Vec::with_capacity(purchases.len());
    for purchase in purchases {
        charges.push(charge::run(tx, session, currency, purchase, &products[&purchase.terms.product])?);
    }
    record(tx, session, customer, purchases, &charges, purpose)?;
    if purpose.waits(billing.auto_post.unwrap_or(!session.account.drafts_invoices)) {
        return draft_invoices::create(tx, session, customer, charges).map(Billed::Waits);
    }
    let order = post::Order { charges, region: purpose.region(), ..post::Order::default() };
    post::run(tx, session, books, billing, order).map(Billed::Posted)
}

impl Purpose {
    /// What is charged has reached its target.
    fn check(self, purchases: &[Purchase]) -> Result<(), Refusal> {
        match self {
            Self::Post | Self::Collect | Self::Draft | Self::Preview => {
                purchases.iter().try_for_each(Purchase::has_reached_target)
            }
            Self::Foresee { .. } => Ok(()),
        }
    }

    /// Whether the invoice waits as a draft, for a customer whose invoices are posted automatically or not.
    fn waits(self, posts_automatically: bool) -> bool {
        match self {
            Self::Post => !posts_automatically,
            Self::Draft => true,
            Self::Collect | Self::Preview | Self::Foresee { .. } => false,
        }
    }

    /// Whether coupons are used now.
    fn uses_coupons(self) -> bool {
        match self {
            Self::Post | Self::Collect | Self::Draft | Self::Preview => true,
            Self::Foresee { .. } => false,
        }
    }

    /// Where the purchases are taxed, if not where the customer is.
    fn region(self) -> Option<Region> {
        match self {
            Self::Post | Self::Collect | Self::Draft | Self::Preview => None,
            Self::Foresee { region } => region,
        }
    }
}

/// Marks the purchases that were drafts, uses their coupons and tells what happened.
fn record(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    purchases: &[Purchase],
    charges: &[DraftCharge],
    purpose: Purpose,
) -> Result<(), Error> {
    if purpose.uses_coupons() {
        coupons::consume(tx, session, customer, purchases)?;
    }
    let customer = Some(customer);
    let mut events = Vec::with_capacity(purchases.len());
    // A purchase has one charge, in the same order.
    for (purchase, charge) in purchases.iter().zip(charges) {
        if purchase.status == PurchaseStatus::Draft {
            let (id, net) = (purchase.id, charge.net()?);
            store::purchase::mark_purchased(tx, session.account.id, id, net, charge.taxable()?, session.now)?;
        }
        events.push(Event { event_type: EventType::PurchaseFinalized, customer, subject_id: purchase.id.0 });
    }
    Ok(store::event::insert(tx, session.account.id, &events, session.now)?)
}
