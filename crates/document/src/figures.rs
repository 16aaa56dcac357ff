//! Figures and days as a customer reads them. No digit is lost, and none is added.

use calendar::{Date, Instant, Zone};
use money::{Amount, Currency, Percentage, Price, Quantity};

/// An amount with the currency's decimals and grouped thousands: `-1,234.50`.
pub fn amount(amount: Amount, currency: Currency) -> String {
    grouped(&amount.with_scale(decimals(currency)))
}

/// An amount with its currency: `USD 1,234.50`.
pub fn money(value: Amount, currency: Currency) -> String {
    format!("{} {}", currency.code(), amount(value, currency))
}

/// A price with at least the currency's decimals.
pub fn price(price: Price, currency: Currency) -> String {
    grouped(&price.with_scale(decimals(currency)))
}

/// A quantity.
pub fn quantity(quantity: Quantity) -> String {
    grouped(&quantity.with_scale(0))
}

/// A percentage: `13%`.
pub fn percent(percentage: Percentage) -> String {
    format!("{percentage}%")
}

/// The day on which an instant falls in the account's time zone: `2 Nov 2026`.
pub fn day(instant: Instant, zone: &Zone) -> String {
    date(zone.date_of(instant))
}

/// An instant to the minute: `2 Nov 2026 14:30 UTC`.
pub fn moment(instant: Instant) -> String {
    let minutes = instant.millis().div_euclid(60_000).rem_euclid(24 * 60);
    format!("{} {:02}:{:02} UTC", date(instant.utc_date()), minutes / 60, minutes % 60)
}

/// A day: `2 Nov 2026`.
pub fn date(date: Date) -> String {
    let month = usize::try_from(date.month()).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    format!("{} {} {}", date.day(), month.copied().unwrap_or_default(), date.year())
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn decimals(currency: Currency) -> usize {
    usize::try_from(currency.minor_digits()).unwrap_or_default()
}

/// Commas between the thousands of a plain decimal text.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    let mut groups = String::with_capacity(text.len() + whole.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            groups.push(',');
        }
        groups.push(digit);
    }
    format!("{sign}{groups}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_every_digit() {
        let shown = |text: &str, currency| amount(Amount::parse(text).unwrap(), currency);
        assert_eq!(shown("0", Currency::USD), "0.00");
        assert_eq!(shown("999", Currency::USD), "999.00");
        assert_eq!(shown("-1234.5", Currency::USD), "-1,234.50");
        assert_eq!(shown("1234567", Currency::JPY), "1,234,567");
        assert_eq!(shown("9223372036854.775807", Currency::EUR), "9,223,372,036,854.775807");
        assert_eq!(price(Price::parse("0.000125").unwrap(), Currency::USD), "0.000125");
        assert_eq!(quantity(Quantity::parse("12000.25").unwrap()), "12,000.25");
        assert_eq!(percent(Percentage::parse("9.975").unwrap()), "9.975%");
        assert_eq!(money(Amount::ONE, Currency::KRW), "KRW 1");
    }

    #[test]
    fn a_day_is_the_accounts() {
        let zone = Zone::parse("America/Toronto").unwrap();
        let instant = Instant::parse("2026-03-01T03:00:00").unwrap();
        assert_eq!(day(instant, &zone), "28 Feb 2026");
        assert_eq!(day(instant, &Zone::utc()), "1 Mar 2026");
        assert_eq!(moment(instant), "1 Mar 2026 03:00 UTC");
    }
}
