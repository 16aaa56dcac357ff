//! What the keys and codes in orders stand for.

use std::borrow::Cow;

use billing::{
    account::Session,
    custom_field::{CustomField, CustomFieldDefinition, define_all},
    id::CustomerId,
    problem::Problems,
    purchase::{AppliedCoupon, PurchaseOrder},
};
use db::Tx;

use super::judge::Place;
use crate::{Error, coupons::Coupons, custom_fields::definitions};

/// An order whose keys and codes are known.
pub(super) struct Prepared<'o> {
    /// The order, its values in the form of their types.
    pub(super) order: Cow<'o, PurchaseOrder>,
    /// What its codes stand for.
    pub(super) coupons: Vec<AppliedCoupon>,
}

/// Looks up the custom fields and coupons of every order; those that are not there, or not for this customer now, are
/// recorded under the place of the order.
pub(super) fn prepare<'o>(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    orders: &'o [PurchaseOrder],
    place: Place,
    problems: &mut Problems,
) -> Result<Vec<Prepared<'o>>, Error> {
    let definitions = definitions(tx, session, orders.iter().flat_map(|order| &order.custom_fields))?;
    let known = Coupons::share(tx, session, orders.iter().flat_map(|order| &order.coupon_codes))?;
    let mut prepared = Vec::with_capacity(orders.len());
    for (index, order) in orders.iter().enumerate() {
        let one = problems.at(&place(index), |problems| {
            let order = define(order, &definitions, problems);
            let coupons = coupons(tx, session, &known, customer, &order.coupon_codes, problems)?;
            Ok::<_, Error>(Prepared { order, coupons })
        });
        prepared.push(one?);
    }
    Ok(prepared)
}

fn define<'o>(
    order: &'o PurchaseOrder,
    definitions: &[CustomFieldDefinition],
    problems: &mut Problems,
) -> Cow<'o, PurchaseOrder> {
    if order.custom_fields.is_empty() {
        return Cow::Borrowed(order);
    }
    let defined = define_all(definitions, &order.custom_fields, "CustomFields", problems);
    let custom_fields = defined.into_iter().map(CustomField::from).collect();
    Cow::Owned(PurchaseOrder { custom_fields, ..order.clone() })
}

/// What each code stands for. A coupon that has several codes is applied once.
fn coupons(
    tx: &mut Tx<'_>,
    session: &Session,
    known: &Coupons,
    customer: CustomerId,
    codes: &[String],
    problems: &mut Problems,
) -> Result<Vec<AppliedCoupon>, Error> {
    let mut coupons: Vec<AppliedCoupon> = Vec::with_capacity(codes.len());
    for (index, code) in codes.iter().enumerate() {
        let resolved = known.resolve(tx, session, customer, code, false)?;
        let fresh = resolved.filter(|resolved| coupons.iter().all(|one| one.coupon != resolved.coupon));
        if fresh.is_none() {
            let given = format!("CouponCodes[{index}]");
            problems.push_about(&[&given], format!("Coupon code {code} is not valid."));
        }
        coupons.extend(fresh);
    }
    Ok(coupons)
}
