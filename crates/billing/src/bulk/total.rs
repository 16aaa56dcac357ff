//! The money that the records of a job move, to be checked against the sums of its file.

use money::{Amount, Currency};

/// The greatest amount.
const AMOUNT_MAX: Amount = Amount::from_millionths(i64::MAX);

/// The money of the records in one currency. It has no sign: what a customer owes and what a customer pays both count in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkTotal {
    /// The currency of the customers.
    pub currency: Currency,
    /// What the records that passed validation are to move, each by itself, as far as that is known before they are processed.
    pub expected: Amount,
    /// What those that were processed have moved, or would have in a dry run.
    pub moved: Amount,
}

impl BulkTotal {
    /// No money.
    pub fn none(currency: Currency) -> Self {
        Self { currency, expected: Amount::ZERO, moved: Amount::ZERO }
    }

    /// With another total of the currency. What no amount can hold, the greatest stands for: no job fails for its control total.
    pub fn add(&mut self, other: Self) {
        self.expected = Amount::sum([self.expected, other.expected]).unwrap_or(AMOUNT_MAX);
        self.moved = Amount::sum([self.moved, other.moved]).unwrap_or(AMOUNT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_add_up_as_far_as_amounts_go() {
        let one = |expected, moved| BulkTotal {
            expected: Amount::from_millionths(expected),
            moved: Amount::from_millionths(moved),
            ..BulkTotal::none(Currency::USD)
        };
        let mut total = one(1, 2);
        total.add(one(10, 20));
        assert_eq!(total, one(11, 22));
        total.add(one(i64::MAX - 10, 1));
        assert_eq!(total, one(i64::MAX, 23));
    }
}
