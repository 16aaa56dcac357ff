//! Put a product into a plan.

use billing::{
    account::Session,
    id::{PlanId, PlanProductId, ProductId},
    plan::product::{CycleFields, FrequencyName, PlanProduct, PlanProductFields, check_cycles},
    problem::Problems,
    product::ProductStatus,
};
use db::Tx;

use super::with_ids;
use crate::{Error, plans};

/// A product and what the plan makes of it; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// The plan.
    pub plan: PlanId,
    /// What is sold.
    pub product: ProductId,
    /// What the plan says of it.
    pub fields: PlanProductFields,
    /// Prices, earning and charge models for frequencies of the plan.
    pub cycles: Vec<(FrequencyName, CycleFields)>,
}

/// Stores a plan product. Only active products can be put into plans; the product can no longer be deleted.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<PlanProduct, Error> {
    let account = session.account.id;
    plans::lock(tx, session, order.plan)?;
    let plan = plans::find::run(tx, session, order.plan)?;
    let product = store::product::share(tx, account, order.product)?;
    let product = product.ok_or(Error::not_found("Product", order.product.0))?;
    let mut problems = Problems::new();
    if product.fields.status != ProductStatus::Active {
        problems.push("ProductId", format!("Product with id {} is retired.", order.product));
    }
    check_cycles(&plan, product.fields.product_type, &order.cycles, &mut problems);
    problems.into_result().map_err(Error::Invalid)?;
    let stored = PlanProduct {
        id: PlanProductId(tx.next_id()?),
        plan: order.plan,
        product: order.product,
        product_type: product.fields.product_type,
        product_status: product.fields.status,
        gl_code: product.fields.gl_code.clone(),
        fields: order.fields.clone().named_after(&product),
        cycles: with_ids(tx, &plan, &[], &order.cycles)?,
    };
    store::plan::product::insert(tx, account, &stored, session.now)?;
    store::product::mark_used(tx, account, order.product)?;
    store::plan::touch(tx, account, order.plan, session.now)?;
    plans::record_change(tx, session, order.plan)?;
    super::find::run(tx, session, stored.id)
}
