//! What the rules make of the purchases that a customer asks for: their terms, or everything that is wrong at once.

use std::collections::{BTreeMap, HashMap};

use billing::{
    account::Session,
    customer::LockedCustomer,
    id::ProductId,
    problem::Problems,
    purchase::{NewPurchase, PurchaseOrder},
};
use db::Tx;

use super::{
    bulk_create::Order,
    prepare::{Prepared, prepare},
    products::{self, Products},
    references,
};
use crate::Error;

/// The path from the body to a purchase, by its index.
pub(super) type Place = fn(usize) -> String;

/// Purchases that may be stored.
pub(super) struct Judged<'o> {
    /// Every product that they sell.
    pub(super) products: Products,
    /// The orders, in the order of the request.
    pub(super) prepared: Vec<Prepared<'o>>,
    /// What each of them becomes.
    pub(super) terms: Vec<NewPurchase>,
}

/// Judges every purchase of the order for its buyer. Members at which `problems` name something hold placeholders.
pub(super) fn judge<'o>(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: &LockedCustomer,
    order: &'o Order,
    mut problems: Problems,
    place: Place,
) -> Result<Judged<'o>, Error> {
    let products = gather(tx, session, &order.purchases, place, &mut problems)?;
    let prepared = prepare(tx, session, order, place, &mut problems)?;
    let terms = decide(customer, &products, &prepared, order.auto_purchase, place, &mut problems);
    check_references(tx, session, &products, &prepared, place, &mut problems)?;
    let found = problems.into_found();
    match check_buyer(customer, order) {
        Err((field, refusal)) => Err(refusal.among(field, found)),
        Ok(()) if found.is_empty() => Ok(Judged { products, prepared, terms }),
        Ok(()) => Err(Error::Invalid(found)),
    }
}

/// Whether this customer may buy in this way, and what stands against it.
fn check_buyer(customer: &LockedCustomer, order: &Order) -> Result<(), (&'static str, Error)> {
    let of_customer = |refusal: billing::refusal::Refusal| ("CustomerId", refusal.into());
    customer.status.may_draft_purchases().map_err(of_customer)?;
    if order.auto_purchase {
        customer.status.may_purchase().map_err(of_customer)?;
    }
    Ok(())
}

/// Every product that the orders name; those that are not there are recorded.
fn gather(
    tx: &mut Tx<'_>,
    session: &Session,
    orders: &[PurchaseOrder],
    place: Place,
    problems: &mut Problems,
) -> Result<Products, Error> {
    let products = products::share_known(tx, session, orders.iter().map(|order| order.product))?;
    for (index, order) in orders.iter().enumerate() {
        if !products.contains_key(&order.product) {
            problems.at(&place(index), |problems| {
                problems.push("ProductId", Error::not_found("Product", order.product.0).to_string());
            });
        }
    }
    Ok(products)
}

fn decide(
    customer: &LockedCustomer,
    products: &Products,
    prepared: &[Prepared<'_>],
    are_charged: bool,
    place: Place,
    problems: &mut Problems,
) -> Vec<NewPurchase> {
    let mut terms = Vec::with_capacity(prepared.len());
    for (index, Prepared { order, coupons }) in prepared.iter().enumerate() {
        let product = products.get(&order.product);
        terms.extend(problems.at(&place(index), |problems| {
            let decided = order.decide(product, coupons, customer.currency, problems)?;
            if are_charged && let Err(refusal) = decided.has_reached_target() {
                problems.push_about(&["TargetOrderQuantity", "ProductItems"], refusal.to_string());
            }
            Some(decided)
        }));
    }
    terms
}

/// No reference may be held by an active item of the same product, nor named twice in the request.
fn check_references(
    tx: &mut Tx<'_>,
    session: &Session,
    products: &Products,
    prepared: &[Prepared<'_>],
    place: Place,
    problems: &mut Problems,
) -> Result<(), Error> {
    let mut push_in_use = |index, reference: &str| {
        problems.at(&place(index), |problems| problems.push("", references::in_use(reference)));
    };
    let mut named: BTreeMap<ProductId, HashMap<&str, usize>> = BTreeMap::new();
    for (index, Prepared { order, .. }) in prepared.iter().enumerate() {
        for item in order.items.iter().filter(|_| products.contains_key(&order.product)) {
            if named.entry(order.product).or_default().insert(&item.reference, index).is_some() {
                push_in_use(index, &item.reference);
            }
        }
    }
    for (product, references) in &named {
        let asked: Vec<&str> = references.keys().copied().collect();
        for taken in references::taken(tx, session, *product, &asked)? {
            push_in_use(references[taken.as_str()], &taken);
        }
    }
    Ok(())
}
