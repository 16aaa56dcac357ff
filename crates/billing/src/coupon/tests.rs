//! What a coupon may be used for, by table.

use super::*;
use crate::problem::Problems;

const FIRST: DiscountId = DiscountId(1);
const SECOND: DiscountId = DiscountId(2);

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// An empty text is an open end.
fn window(start: &str, end: &str, discounts: &[DiscountId]) -> Eligibility {
    let instant = |text: &str| (!text.is_empty()).then(|| at(text));
    Eligibility { id: None, starts_at: instant(start), ends_at: instant(end), discounts: discounts.to_vec() }
}

fn coupon() -> CouponFields {
    CouponFields {
        name: "Spring".to_owned(),
        description: None,
        is_retired: false,
        applies_to_all_plans: false,
        is_one_time_use: false,
        codes: vec![CouponCode { id: None, code: "SPRING".to_owned(), remaining_usages: None }],
        discounts: vec![FIRST, SECOND],
        eligibilities: Vec::new(),
        plans: Vec::new(),
    }
}

fn wish(code: &str) -> Wish<'_> {
    Wish { code, now: at("2024-03-15"), plan: None, is_used_by_customer: false }
}

#[test]
fn status_follows_from_the_parts_and_the_time() {
    use CouponStatus::{Active, Draft, Ineligible, Retired};
    let march = || vec![window("2024-03-01", "2024-03-31T23:59:59.997", &[])];
    let rows = [
        (coupon(), "2024-03-15", Active),
        (CouponFields { codes: vec![], ..coupon() }, "2024-03-15", Draft),
        (CouponFields { discounts: vec![], ..coupon() }, "2024-03-15", Draft),
        (CouponFields { is_retired: true, codes: vec![], ..coupon() }, "2024-03-15", Retired),
        (CouponFields { eligibilities: march(), ..coupon() }, "2024-02-29T23:59:59.999", Ineligible),
        (CouponFields { eligibilities: march(), ..coupon() }, "2024-03-01", Active),
        (CouponFields { eligibilities: march(), ..coupon() }, "2024-03-31T23:59:59.997", Active),
        (CouponFields { eligibilities: march(), ..coupon() }, "2024-04-01", Ineligible),
    ];
    for (fields, now, expected) in rows {
        assert_eq!(fields.status(at(now)), expected, "{now} {fields:?}");
    }
}

#[test]
fn a_window_names_its_discounts_or_means_all() {
    let windows = vec![window("", "2024-03-10", &[SECOND]), window("2024-03-11", "", &[])];
    let fields = CouponFields { eligibilities: windows, ..coupon() };
    assert_eq!(fields.eligible(at("2024-03-01")), Some([SECOND].as_slice()));
    assert_eq!(fields.eligible(at("2024-03-10T12:00:00")), None);
    assert_eq!(fields.eligible(at("2024-05-01")), Some([FIRST, SECOND].as_slice()));
    assert_eq!((fields.first_start(), fields.last_end()), (None, None));
    let later = vec![window("2024-05-01", "2024-05-31", &[]), window("2024-03-01", "2024-03-31", &[DiscountId(3)])];
    let fields = CouponFields { eligibilities: later, ..coupon() };
    assert_eq!((fields.first_start(), fields.last_end()), (Some(at("2024-03-01")), Some(at("2024-05-31"))));
    assert_eq!(fields.included(), [FIRST, SECOND, DiscountId(3)]);
}

#[test]
fn every_reason_is_told() {
    let code = |remaining_usages| CouponCode { remaining_usages, ..coupon().codes[0].clone() };
    let with = |applies_to_all_products, products: &[i64]| CouponPlan {
        plan: 7,
        applies_to_all_products,
        plan_products: products.to_vec(),
    };
    let plan = with(true, &[]);
    let on = |plan| Wish { plan: Some(plan), ..wish("SPRING") };
    let again = Wish { is_used_by_customer: true, ..wish("SPRING") };
    let rows = [
        (coupon(), wish("SPRING"), None),
        (coupon(), wish("spring"), Some(Ineligible::UnknownCode)),
        (CouponFields { is_retired: true, ..coupon() }, wish("SPRING"), Some(Ineligible::NotActive)),
        (CouponFields { discounts: vec![], ..coupon() }, wish("SPRING"), Some(Ineligible::NotActive)),
        (
            CouponFields { eligibilities: vec![window("2025-01-01", "", &[])], ..coupon() },
            wish("SPRING"),
            Some(Ineligible::NotNow),
        ),
        (CouponFields { plans: vec![plan.clone()], ..coupon() }, on(7), None),
        (CouponFields { plans: vec![with(false, &[70])], ..coupon() }, on(7), None),
        (CouponFields { plans: vec![with(false, &[])], ..coupon() }, on(7), Some(Ineligible::OtherPlan)),
        (CouponFields { plans: vec![plan], ..coupon() }, on(8), Some(Ineligible::OtherPlan)),
        (CouponFields { applies_to_all_plans: true, ..coupon() }, on(8), None),
        (CouponFields { codes: vec![code(Some(1))], ..coupon() }, wish("SPRING"), None),
        (CouponFields { codes: vec![code(Some(0))], ..coupon() }, wish("SPRING"), Some(Ineligible::UsedUp)),
        (coupon(), again, None),
        (CouponFields { is_one_time_use: true, ..coupon() }, again, Some(Ineligible::UsedByCustomer)),
    ];
    for (fields, wish, expected) in rows {
        assert_eq!(fields.check(&wish).err(), expected, "{wish:?} {fields:?}");
    }
}

#[test]
fn windows_do_not_overlap() {
    let rows: [(Vec<Eligibility>, &[&str]); 5] = [
        (vec![window("2024-03-01", "2024-03-31", &[]), window("2024-04-01", "", &[])], &[]),
        (vec![window("2024-04-01", "", &[]), window("2024-03-01", "2024-03-31", &[])], &[]),
        (vec![window("2024-03-01", "2024-04-01", &[]), window("2024-04-01", "", &[])], &["Eligibilities[1]"]),
        (vec![window("", "", &[]), window("2024-04-01", "", &[])], &["Eligibilities[1]"]),
        (vec![window("2024-04-01", "2024-03-01", &[])], &["Eligibilities[0].EndDate"]),
    ];
    for (eligibilities, expected) in rows {
        let fields = CouponFields { eligibilities, ..coupon() };
        let mut problems = Problems::new();
        fields.check_limits(&mut problems);
        let found: Vec<_> =
            problems.into_result().err().unwrap_or_default().into_iter().map(|problem| problem.field).collect();
        assert_eq!(found, expected, "{fields:?}");
    }
}

#[test]
fn every_wrong_field_is_named() {
    let code = |code: &str, remaining_usages| CouponCode { id: None, code: code.to_owned(), remaining_usages };
    let plan = |plan| CouponPlan { plan, applies_to_all_products: true, plan_products: vec![] };
    let fields = CouponFields {
        name: String::new(),
        description: Some("x".repeat(501)),
        codes: vec![code("A", Some(-1)), code("A", None), code(" ", None)],
        plans: vec![plan(1), plan(1)],
        ..coupon()
    };
    let mut problems = Problems::new();
    fields.check_limits(&mut problems);
    let found: Vec<_> = problems.into_result().unwrap_err().into_iter().map(|problem| problem.field).collect();
    let expected = [
        "Name",
        "Description",
        "CouponCodes[0].RemainingUsages",
        "CouponCodes[1].Code",
        "CouponCodes[2].Code",
        "Plans[1].Id",
    ];
    assert_eq!(found, expected);
}
