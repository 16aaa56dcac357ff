//! Change prices of plan products (catalog.md §5.2).

use billing::{
    account::Session,
    id::{CycleId, PlanId, PlanProductId},
    plan::product::PlanProduct,
    pricing::PricingModel,
    problem::Problems,
    product::QuantityRange,
};
use db::Tx;

use crate::{Error, plans};

/// The new prices of one cycle.
#[derive(Debug, Clone)]
pub struct CyclePrices {
    /// Which cycle.
    pub id: CycleId,
    /// How ranges and quantity make a price.
    pub pricing_model: PricingModel,
    /// From zero to infinity, ascending.
    pub ranges: Vec<QuantityRange>,
}

/// New prices of products of one plan.
#[derive(Debug, Clone)]
pub struct Order {
    /// The plan.
    pub plan: PlanId,
    /// Its products, and the cycles of each that change.
    pub products: Vec<(PlanProductId, Vec<CyclePrices>)>,
}

/// Overwrites the prices of the cycles that are listed; the others stay, and so do earning and charge models.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<PlanProduct>, Error> {
    let account = session.account.id;
    plans::lock(tx, session, order.plan)?;
    let mut problems = Problems::new();
    let mut changed: Vec<PlanProduct> = Vec::with_capacity(order.products.len());
    for (index, (id, prices)) in order.products.iter().enumerate() {
        let product = store::plan::product::find(tx, account, *id)?.filter(|product| product.plan == order.plan);
        let mut product = product.ok_or(Error::not_found("PlanProduct", id.0))?;
        problems.item("PlanProducts", index, |problems| {
            if changed.iter().any(|earlier| earlier.id == *id) {
                problems.push("Id", format!("PlanProduct with id {id} is listed more than once."));
            }
            apply(&mut product, prices, problems);
        });
        changed.push(product);
    }
    problems.into_result().map_err(Error::Invalid)?;
    for product in &changed {
        store::plan::product::update(tx, account, product.id, &product.fields, session.now)?;
        store::plan::product::replace_cycles(tx, account, product.id, &product.cycles)?;
    }
    store::plan::touch(tx, account, order.plan, session.now)?;
    plans::record_change(tx, session, order.plan)?;
    Ok(changed)
}

fn apply(product: &mut PlanProduct, prices: &[CyclePrices], problems: &mut Problems) {
    for (index, new) in prices.iter().enumerate() {
        problems.item("OrderToCashCycles", index, |problems| {
            let Some(cycle) = product.cycles.iter_mut().find(|cycle| cycle.id == new.id) else {
                return problems.push("Id", format!("OrderToCashCycle with id {} not found.", new.id));
            };
            let cycle = &mut cycle.fields.cycle;
            (cycle.pricing_model, cycle.ranges) = (new.pricing_model, new.ranges.clone());
            cycle.check_prices(problems);
            cycle.ranges.sort_by_key(|range| range.min);
        });
    }
}
