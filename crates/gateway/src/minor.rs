//! Amounts as gateways count them: whole minor units of the currency, such as cents; yen and won have none smaller than one.

use money::{Amount, Currency};

/// How many minor units an amount is; `None` when it is not a whole number of them.
pub(crate) fn units(amount: Amount, currency: Currency) -> Option<i64> {
    let (millionths, unit) = (amount.millionths(), currency.minor_unit().millionths());
    (millionths % unit == 0).then(|| millionths / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_counted_exactly_or_not_at_all() {
        for (amount, currency, expected) in [
            ("0.01", Currency::USD, Some(1)),
            ("12.34", Currency::USD, Some(1_234)),
            ("9223372036854.77", Currency::USD, Some(922_337_203_685_477)),
            ("500", Currency::JPY, Some(500)),
            ("0.001", Currency::USD, None),
            ("500.5", Currency::KRW, None),
        ] {
            let amount = Amount::parse(amount).unwrap();
            assert_eq!(units(amount, currency), expected, "{amount} {currency}");
        }
    }
}
