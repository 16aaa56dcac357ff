//! What the keys and codes in orders stand for.

use std::borrow::Cow;

use billing::{
    account::Session,
    custom_field::{CustomField, CustomFieldDefinition, define_all},
    problem::Problems,
    purchase::{AppliedCoupon, PurchaseOrder},
};
use db::Tx;

use super::{bulk_create::Order, judge::Place};
use crate::{Error, coupons::Coupons, custom_fields::definitions};

/// An order whose keys and codes are known.
pub(super) struct Prepared<'o> {
    /// The order, its values in the form of their types.
    pub(super) order: Cow<'o, PurchaseOrder>,
    /// What its codes stand for.
    pub(super) coupons: Vec<AppliedCoupon>,
}

/// Looks up the custom fields and coupons of every order; those that are not there, or not for this customer now, are
/// recorded under the place of the order. Orders that are charged at once use their coupons up in turn.
pub(super) fn prepare<'o>(
    tx: &mut Tx<'_>,
    session: &Session,
    asked: &'o Order,
    place: Place,
    problems: &mut Problems,
) -> Result<Vec<Prepared<'o>>, Error> {
    let Order { customer, auto_purchase, purchases: orders, .. } = asked;
    let definitions = definitions(tx, session, orders.iter().flat_map(|order| &order.custom_fields))?;
    let codes = orders.iter().flat_map(|order| &order.coupon_codes);
    let mut known = Coupons::share(tx, session, *customer, codes, false)?;
    let mut prepared = Vec::with_capacity(orders.len());
    for (index, order) in orders.iter().enumerate() {
        prepared.push(problems.at(&place(index), |problems| {
            let order = define(order, &definitions, problems);
            let coupons = coupons(&mut known, &order.coupon_codes, *auto_purchase, problems);
            Prepared { order, coupons }
        }));
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
fn coupons(known: &mut Coupons, codes: &[String], are_used: bool, problems: &mut Problems) -> Vec<AppliedCoupon> {
    let mut coupons: Vec<AppliedCoupon> = Vec::with_capacity(codes.len());
    for (index, code) in codes.iter().enumerate() {
        let found = if are_used { known.take(code) } else { known.find(code) };
        let fresh = found.filter(|found| coupons.iter().all(|one| one.coupon != found.coupon)).cloned();
        if fresh.is_none() {
            let given = format!("CouponCodes[{index}]");
            problems.push_about(&[&given], format!("Coupon code {code} is not valid."));
        }
        coupons.extend(fresh);
    }
    coupons
}
