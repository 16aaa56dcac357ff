//! List the products of a plan, and the plan products made from a product.

use billing::{
    account::Session,
    id::{PlanId, ProductId},
    listing::{Page, Slice},
    plan::product::PlanProduct,
};
use db::Tx;
pub use store::plan::product::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of a plan's products, in any status.
pub fn of_plan(tx: &mut Tx<'_>, session: &Session, plan: PlanId, page: &Page) -> Result<Slice<PlanProduct>, Error> {
    crate::plans::find::run(tx, session, plan)?;
    Ok(store::plan::product::list_of_plan(tx, session.account.id, plan, page)?)
}

/// A page of the plan products made from a product, in any status.
pub fn of_product(
    tx: &mut Tx<'_>,
    session: &Session,
    product: ProductId,
    page: &Page,
) -> Result<Slice<PlanProduct>, Error> {
    crate::products::find::run(tx, session, product)?;
    Ok(store::plan::product::list_of_product(tx, session.account.id, product, page)?)
}
