//! What was compared, and what did not agree.

use std::fmt::{self, Display};

use money::{Amount, MILLIONTHS};

use super::Rule;

/// How a rule fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The rule.
    pub rule: Rule,
    /// How often something was compared by it.
    pub compared: u64,
    /// How often it did not agree.
    pub wrong: u64,
    /// The first time that it did not, in order of the customer or id that is read.
    pub first: Option<Disagreement>,
}

/// A stored value that is not what the other rows say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// Table of the row.
    pub table: &'static str,
    /// The row's id; a ledger line's is its transaction's, an allocation's its payment's or invoice's.
    pub id: i64,
    /// The column.
    pub column: &'static str,
    /// What the other rows say, as text.
    pub expected: String,
    /// What is stored, as text.
    pub found: String,
}

/// Where a value is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    table: &'static str,
    id: i64,
    column: &'static str,
}

/// The column of a row.
pub(super) const fn place(table: &'static str, id: i64, column: &'static str) -> Place {
    Place { table, id, column }
}

/// All checks, one for each rule.
pub(super) struct Findings {
    checks: Vec<Check>,
}

impl Findings {
    pub(super) fn new() -> Self {
        let check = |rule: &Rule| Check { rule: *rule, compared: 0, wrong: 0, first: None };
        Self { checks: Rule::ALL.iter().map(check).collect() }
    }

    pub(super) fn into_checks(self) -> Vec<Check> {
        self.checks
    }

    /// Compares a stored value with what the other rows say.
    pub(super) fn compare<T: PartialEq + Display>(&mut self, rule: Rule, place: Place, expected: T, found: T) {
        if expected == found {
            self.agrees(rule);
        } else {
            self.disagrees(rule, place, expected, found);
        }
    }

    /// Notes something that is as it must be.
    pub(super) fn agrees(&mut self, rule: Rule) {
        // `ALL` has the rules in the order of their declaration, which numbers them.
        self.checks[rule as usize].compared += 1;
    }

    /// Notes something that is not.
    pub(super) fn disagrees(&mut self, rule: Rule, place: Place, expected: impl Display, found: impl Display) {
        let check = &mut self.checks[rule as usize];
        check.compared += 1;
        check.wrong += 1;
        check.first.get_or_insert_with(|| Disagreement {
            table: place.table,
            id: place.id,
            column: place.column,
            expected: expected.to_string(),
            found: found.to_string(),
        });
    }
}

/// A sum of amounts that cannot overflow: there are fewer rows than it would take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Sum(i128);

impl Sum {
    /// Adds an amount.
    pub(super) fn add(&mut self, amount: Amount) {
        self.0 += i128::from(amount.millionths());
    }

    /// Takes an amount away.
    pub(super) fn subtract(&mut self, amount: Amount) {
        self.0 -= i128::from(amount.millionths());
    }

    /// Below zero.
    pub(super) fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Adds another sum.
    pub(super) fn add_sum(&mut self, other: Self) {
        self.0 += other.0;
    }

    /// This with more amounts added.
    pub(super) fn plus(mut self, amounts: &[Amount]) -> Self {
        for amount in amounts {
            self.add(*amount);
        }
        self
    }

    /// This with amounts taken away.
    pub(super) fn minus(mut self, amounts: &[Amount]) -> Self {
        for amount in amounts {
            self.subtract(*amount);
        }
        self
    }
}

impl From<Amount> for Sum {
    fn from(amount: Amount) -> Self {
        Self(i128::from(amount.millionths()))
    }
}

impl Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(millionths) = i64::try_from(self.0) {
            return Display::fmt(&Amount::from_millionths(millionths), f);
        }
        let one = u128::from(MILLIONTHS.unsigned_abs());
        let (sign, magnitude) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{:06}", magnitude / one, magnitude % one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_beyond_an_amount_are_exact_and_readable() {
        let largest = Sum::from(Amount::MAX);
        assert_eq!(largest.to_string(), "9223372036854.775807");
        assert_eq!(largest.plus(&[Amount::MAX]).to_string(), "18446744073709.551614");
        assert_eq!(Sum::default().minus(&[Amount::MAX, Amount::MAX]).to_string(), "-18446744073709.551614");
        assert_eq!(largest.plus(&[Amount::ONE]).minus(&[Amount::MAX]), Sum::from(Amount::ONE));
    }

    #[test]
    fn the_first_disagreement_is_kept_and_all_are_counted() {
        let mut findings = Findings::new();
        for (id, found) in [(1, 5), (2, 6), (3, 7)] {
            findings.compare(Rule::BulkCounters, place("bulk_job", id, "total"), 5, found);
        }
        let checks = findings.into_checks();
        let check = checks.iter().find(|check| check.rule == Rule::BulkCounters).unwrap();
        assert_eq!((check.compared, check.wrong), (3, 2));
        let first = check.first.as_ref().unwrap();
        assert_eq!((first.id, first.expected.as_str(), first.found.as_str()), (2, "5", "6"));
    }

    #[test]
    fn every_rule_has_its_place_and_its_own_name() {
        for (index, rule) in Rule::ALL.iter().enumerate() {
            assert_eq!(*rule as usize, index);
            assert_eq!(Rule::ALL.iter().filter(|other| other.name() == rule.name()).count(), 1);
        }
    }
}
