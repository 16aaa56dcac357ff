//! How long debts have been due: amounts owed, in buckets by days (receivables.md §4.5).

use calendar::{Date, days_of};
use money::{Amount, NumberError};

/// What is owed, by how many days ago it fell due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Aging {
    /// Falls due on the day of the report or later.
    pub current: Amount,
    /// Fell due 1 to 30 days before.
    pub days_1_to_30: Amount,
    /// Fell due 31 to 60 days before.
    pub days_31_to_60: Amount,
    /// Fell due 61 to 90 days before.
    pub days_61_to_90: Amount,
    /// Fell due more than 90 days before.
    pub over_90: Amount,
}

impl Aging {
    /// Adds what is owed on a day and falls, or fell, due on another.
    pub fn add(&mut self, owed: Amount, due_on: Date, as_of: Date) -> Result<(), NumberError> {
        let bucket = match days_of(as_of).saturating_sub(days_of(due_on)) {
            ..=0 => &mut self.current,
            1..=30 => &mut self.days_1_to_30,
            31..=60 => &mut self.days_31_to_60,
            61..=90 => &mut self.days_61_to_90,
            91.. => &mut self.over_90,
        };
        *bucket = bucket.checked_add(owed)?;
        Ok(())
    }

    /// The amounts from the youngest to the oldest.
    pub fn buckets(&self) -> [Amount; 5] {
        [self.current, self.days_1_to_30, self.days_31_to_60, self.days_61_to_90, self.over_90]
    }

    /// All that is owed.
    pub fn total(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.buckets())
    }
}

#[cfg(test)]
mod tests {
    use calendar::add_days;

    use super::*;

    #[test]
    fn the_borders_of_the_buckets_are_whole_days() {
        let today = "2024-03-01".parse().unwrap();
        let one = Amount::from_millionths(1);
        let bucket = |days: i64| {
            let mut aging = Aging::default();
            aging.add(one, add_days(today, -days), today).unwrap();
            assert_eq!(aging.total(), Ok(one));
            aging.buckets().iter().position(|amount| *amount == one)
        };
        let borders = [-400, 0, 1, 30, 31, 60, 61, 90, 91, 4_000].map(|days| bucket(days).unwrap());
        assert_eq!(borders, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    }
}
