//! Price ranges as text: `min:max=amount` in millionths, joined by `;`, an empty max is infinity.

use billing::pricing::PriceRange;
use db::Error;
use money::{Price, Quantity};

/// The text that [`from_text`] reads.
pub(super) fn to_text(ranges: &[PriceRange]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for range in ranges {
        if !text.is_empty() {
            text.push(';');
        }
        let max = range.max.map(|max| max.millionths().to_string()).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(text, "{}:{max}={}", range.min.millionths(), range.amount.millionths());
    }
    text
}

/// The ranges that [`to_text`] wrote.
pub(super) fn from_text(text: &str) -> Result<Vec<PriceRange>, Error> {
    text.split(';')
        .map(|part| range(part).ok_or_else(|| Error::Value(format!("`{part}` is not a price range"))))
        .collect()
}

fn range(part: &str) -> Option<PriceRange> {
    let (bounds, amount) = part.split_once('=')?;
    let (min, max) = bounds.split_once(':')?;
    let max = if max.is_empty() { None } else { Some(Quantity::from_millionths(max.parse().ok()?)) };
    Some(PriceRange {
        min: Quantity::from_millionths(min.parse().ok()?),
        max,
        amount: Price::from_millionths(amount.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let ranges = vec![
            PriceRange {
                min: Quantity::ZERO,
                max: Some(Quantity::from_millionths(2_500_000)),
                amount: Price::from_millionths(1),
            },
            PriceRange {
                min: Quantity::from_millionths(2_500_000),
                max: None,
                amount: Price::from_millionths(i64::MAX),
            },
        ];
        assert_eq!(to_text(&ranges), "0:2500000=1;2500000:=9223372036854775807");
        assert_eq!(from_text(&to_text(&ranges)).unwrap(), ranges);
        for broken in ["", "0:=", "0=5", "x:=5", "0:5"] {
            assert!(from_text(broken).is_err(), "{broken}");
        }
    }
}
