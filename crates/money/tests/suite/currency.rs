//! The list of currencies.

use money::{Amount, Currency};

#[test]
fn codes_find_their_currency_and_numbers_count_them() {
    for (currency, number) in Currency::ALL.into_iter().zip(1..) {
        assert_eq!(currency.number(), number);
        assert_eq!(Currency::parse(currency.code()), Some(currency));
        assert_eq!(Currency::parse(&currency.code().to_lowercase()), Some(currency));
    }
    for unknown in ["", "US", "USDX", "XXX", " USD"] {
        assert_eq!(Currency::parse(unknown), None, "{unknown:?}");
    }
}

#[test]
fn the_order_is_the_documented_one() {
    let codes: Vec<_> = Currency::ALL.into_iter().map(Currency::code).collect();
    assert_eq!(
        codes.join(" "),
        "AUD BRL GBP CAD COP DKK EUR HKD INR ILS JPY MYR MXN NZD NOK CNY RUB SGD ZAR KRW SEK CHF TRY USD"
    );
}

#[test]
fn yen_and_won_have_no_cents() {
    for currency in Currency::ALL {
        let (digits, unit) = match currency {
            Currency::JPY | Currency::KRW => (0, "1"),
            _ => (2, "0.01"),
        };
        assert_eq!(currency.minor_digits(), digits, "{currency}");
        assert_eq!(currency.minor_unit(), Amount::parse(unit).unwrap(), "{currency}");
    }
}
