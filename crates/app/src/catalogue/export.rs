//! Read the whole catalogue of an account.

use billing::{
    account::Session,
    listing::{Page, Slice},
    plan::product::PlanProductStatus,
};
use db::Tx;

use super::Catalogue;
use crate::Error;

/// The catalogue as it is now, from one consistent snapshot.
pub fn run(tx: &mut Tx<'_>, session: &Session) -> Result<Catalogue, Error> {
    let (account, now) = (session.account.id, session.now);
    let plans = all(|page| Ok(store::plan::list(tx, account, page)?))?;
    let mut plan_products = Vec::new();
    for plan in &plans {
        let of_plan = all(|page| Ok(store::plan::product::list_of_plan(tx, account, plan.id, page)?))?;
        plan_products.extend(of_plan.into_iter().filter(|part| part.fields.status != PlanProductStatus::Deleted));
    }
    Ok(Catalogue {
        gl_codes: all(|page| Ok(store::gl_code::list(tx, account, page)?))?,
        custom_fields: all(|page| Ok(store::custom_field::list(tx, account, page)?))?,
        products: all(|page| Ok(store::product::list(tx, account, page)?))?,
        discounts: all(|page| Ok(store::discount::list(tx, account, page)?))?,
        plans,
        plan_products,
        coupons: all(|page| Ok(store::coupon::list(tx, account, now, page)?))?,
        plan_families: all(|page| Ok(store::plan::family::list(tx, account, None, page)?))?,
    })
}

/// The rows of every page, by id.
pub(super) fn all<T>(mut list: impl FnMut(&Page) -> Result<Slice<T>, Error>) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    let mut page = Page::default();
    loop {
        let slice = list(&page)?;
        let is_last = page.number >= slice.last_page(page.size);
        rows.extend(slice.rows);
        if is_last {
            return Ok(rows);
        }
        page.number += 1;
    }
}
