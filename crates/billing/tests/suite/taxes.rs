//! Which taxes a charge bears.

use billing::{
    id::TaxRateId,
    tax::{Region, TaxRate, lines},
};
use money::{Amount, Currency};
use proptest::prelude::*;

use crate::make::{amount, date, percentage};

const CANADA: Region = Region { country: 124, state: None };
const ONTARIO: Region = Region { country: 124, state: Some(9) };
const QUEBEC: Region = Region { country: 124, state: Some(11) };
const FRANCE: Region = Region { country: 250, state: None };

fn rate(id: i64, percent: &str, region: Region) -> TaxRate {
    TaxRate {
        id: TaxRateId(id),
        name: format!("Rate {id}"),
        registration_code: Some(format!("R{id}")),
        percentage: percentage(percent),
        region,
        valid_from: None,
        valid_to: None,
        is_active: true,
    }
}

/// Ids of the rates that tax a hundred dollars on 15 January 2024, with their amounts.
fn taxed(rates: &[TaxRate], is_customer_exempt: bool, region: Option<Region>) -> Vec<(i64, String)> {
    let lines = lines(amount("100"), is_customer_exempt, region, date("2024-01-15"), rates, Currency::USD).unwrap();
    lines.iter().map(|line| (line.rate.0, line.amount.to_string())).collect()
}

#[test]
fn rates_of_the_country_and_of_the_state_apply() {
    let rates = [rate(3, "9.975", QUEBEC), rate(4, "5", CANADA), rate(1, "20", FRANCE), rate(2, "8", ONTARIO)];
    let row = |id: i64, amount: &str| (id, amount.to_owned());
    assert_eq!(taxed(&rates, false, Some(QUEBEC)), [row(4, "5"), row(3, "9.98")]);
    assert_eq!(taxed(&rates, false, Some(ONTARIO)), [row(4, "5"), row(2, "8")]);
    assert_eq!(taxed(&rates, false, Some(CANADA)), [row(4, "5")]);
    assert_eq!(taxed(&rates, false, Some(FRANCE)), [row(1, "20")]);
    assert_eq!(taxed(&rates, false, Some(Region { country: 840, state: Some(9) })), []);
    assert_eq!(taxed(&rates, false, None), []);
    assert_eq!(taxed(&rates, true, Some(QUEBEC)), []);
}

#[test]
fn a_rate_holds_from_its_first_day_to_its_last() {
    let with = |from: Option<&str>, to: Option<&str>, is_active| TaxRate {
        valid_from: from.map(date),
        valid_to: to.map(date),
        is_active,
        ..rate(1, "5", CANADA)
    };
    for (rate, holds) in [
        (with(None, None, true), true),
        (with(None, None, false), false),
        (with(Some("2024-01-15"), Some("2024-01-15"), true), true),
        (with(Some("2024-01-16"), None, true), false),
        (with(None, Some("2024-01-14"), true), false),
    ] {
        assert_eq!(rate.holds(ONTARIO, date("2024-01-15")), holds, "{rate:?}");
        assert_eq!(taxed(&[rate], false, Some(ONTARIO)).len(), usize::from(holds));
    }
}

#[test]
fn each_line_is_rounded_and_none_is_empty() {
    let rates = [rate(1, "5", CANADA), rate(2, "0", CANADA), rate(3, "7.5", CANADA)];
    for (taxable, currency, expected) in [
        ("0.10", Currency::USD, vec![(1, "0.01"), (3, "0.01")]),
        ("0.09", Currency::USD, vec![(3, "0.01")]),
        ("0", Currency::USD, vec![]),
        ("10", Currency::JPY, vec![(1, "1"), (3, "1")]),
    ] {
        let lines = lines(amount(taxable), false, Some(CANADA), date("2024-01-15"), &rates, currency).unwrap();
        let found: Vec<_> = lines.iter().map(|line| (line.rate.0, line.amount.to_string())).collect();
        let expected: Vec<_> = expected.into_iter().map(|(id, amount)| (id, amount.to_owned())).collect();
        assert_eq!(found, expected, "{taxable}");
    }
}

#[test]
fn a_line_remembers_its_rate() {
    let lines = lines(amount("100"), false, Some(CANADA), date("2024-01-15"), &[rate(7, "5", CANADA)], Currency::USD);
    let line = &lines.unwrap()[0];
    assert_eq!(
        (line.rate, line.name.as_str(), line.registration_code.as_deref()),
        (TaxRateId(7), "Rate 7", Some("R7"))
    );
    assert_eq!(line.percentage, percentage("5"));
}

proptest! {
    #[test]
    fn the_order_of_the_rates_does_not_matter(
        cents in 0..10_000_000_i64,
        (rates, shuffled) in Just((1..=5).map(|id| rate(id, &format!("{id}.375"), if id % 2 == 0 { ONTARIO } else { CANADA })).collect::<Vec<_>>())
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let taxable = Amount::from_millionths(cents * 10_000);
        let of = |rates: &[TaxRate]| lines(taxable, false, Some(ONTARIO), date("2024-01-15"), rates, Currency::USD).unwrap();
        prop_assert_eq!(of(&rates), of(&shuffled));
    }
}
