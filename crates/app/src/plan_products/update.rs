//! Replace a plan product.

use billing::{
    account::Session,
    id::{PlanId, PlanProductId, ProductId},
    plan::product::{CycleFields, FrequencyName, PlanProduct, PlanProductFields, check_cycles},
    problem::Problems,
};
use db::Tx;

use super::with_ids;
use crate::{Error, plans};

/// A plan product as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which plan product.
    pub id: PlanProductId,
    /// The plan it is in, when the caller names one.
    pub plan: Option<PlanId>,
    /// What it is made of, when the caller names it.
    pub product: Option<ProductId>,
    /// Replaces all fields.
    pub fields: PlanProductFields,
    /// Replaces all cycles.
    pub cycles: Vec<(FrequencyName, CycleFields)>,
}

/// Replaces what callers write of a plan product, cycles included. Subscriptions keep what they were sold.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<PlanProduct, Error> {
    let account = session.account.id;
    let of = super::find::run(tx, session, order.id)?.plan;
    plans::lock(tx, session, of)?;
    let (plan, current) = (plans::find::run(tx, session, of)?, super::find::run(tx, session, order.id)?);
    let product = store::product::share(tx, account, current.product)?;
    let product = product.ok_or(Error::not_found("Product", current.product.0))?;
    let mut problems = Problems::new();
    if order.plan.is_some_and(|plan| plan != of) {
        problems.push("PlanId", "The plan of a plan product cannot be changed.");
    }
    if order.product.is_some_and(|product| product != current.product) {
        problems.push("ProductId", "The product of a plan product cannot be changed.");
    }
    check_cycles(&plan, product.fields.product_type, &order.cycles, &mut problems);
    problems.into_result().map_err(Error::Invalid)?;
    let cycles = with_ids(tx, &plan, &current.cycles, &order.cycles)?;
    let fields = order.fields.clone().named_after(&product);
    store::plan::product::update(tx, account, order.id, &fields, session.now)?;
    store::plan::product::replace_cycles(tx, account, order.id, &cycles)?;
    store::plan::touch(tx, account, of, session.now)?;
    plans::record_change(tx, session, of)?;
    super::find::run(tx, session, order.id)
}
