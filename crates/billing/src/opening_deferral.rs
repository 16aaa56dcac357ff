//! What customers had been charged for before they were billed here, and is not yet earned (bulk-jobs.md §7.15).

use calendar::{Date, Instant};
use money::{Amount, Currency, NumberError};

use crate::{
    earning::Schedule,
    id::{CustomerId, OpeningDeferralId, ProductId},
    named::named,
    refusal::Refusal,
};

/// Longest description, in characters.
pub const DESCRIPTION_LENGTH_MAX: usize = 2000;

/// Longest period, in days: a century.
pub const DAYS_MAX: i64 = 36_525;

named! {
    /// How much of an opening deferral a caller takes back.
    pub enum ReverseDeferralOption {
        /// What is not yet earned.
        Unearned => "Unearned",
        /// All of it, with what has been earned here since.
        Full => "Full",
    }
}

/// An opening deferral as the caller asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningDeferralOrder {
    /// Whose it is.
    pub customer: CustomerId,
    /// What is not yet earned today; positive, at most two decimals.
    pub amount: Amount,
    /// What was sold, if the catalogue has it.
    pub product: Option<ProductId>,
    /// The first day on which it is earned. Today when absent, or when it has passed: what lies before was earned elsewhere.
    pub starts_on: Option<Date>,
    /// The last day on which it is earned.
    pub ends_on: Date,
    /// At most 500 characters.
    pub reference: Option<String>,
    /// At most [`DESCRIPTION_LENGTH_MAX`] characters.
    pub description: Option<String>,
}

/// An opening deferral as it is stored. The amount is earned, reversed, or still deferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningDeferral {
    /// Its id, which is also its ledger transaction's.
    pub id: OpeningDeferralId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was sold, if the catalogue has it.
    pub product: Option<ProductId>,
    /// How much was not yet earned.
    pub amount: Amount,
    /// The customer's.
    pub currency: Currency,
    /// The first day on which it is earned.
    pub starts_on: Date,
    /// The last day on which it is earned.
    pub ends_on: Date,
    /// What has been earned of it, and was not taken back.
    pub earned: Amount,
    /// When the next part is earned; `None` when nothing is left.
    pub next_due_on: Option<Date>,
    /// What was taken back.
    pub reversed: Option<Reversed>,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// As the caller gave it.
    pub description: Option<String>,
    /// When it counts.
    pub effective_at: Instant,
}

/// What was taken back of an opening deferral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reversed {
    /// Id of the ledger transaction.
    pub id: i64,
    /// How much.
    pub amount: Amount,
    /// When.
    pub at: Instant,
}

/// What is to be taken back, by where it lies; not both nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Of what is not yet earned.
    pub deferred: Amount,
    /// Of what was earned.
    pub earned: Amount,
}

impl OpeningDeferral {
    /// Which part is earned on which day.
    pub fn schedule(&self) -> Result<Schedule, NumberError> {
        Schedule::daily(self.starts_on, self.ends_on, self.amount, self.currency)
    }

    /// What is neither earned nor taken back.
    pub fn deferred(&self) -> Result<Amount, NumberError> {
        let reversed = self.reversed.map_or(Amount::ZERO, |reversed| reversed.amount);
        self.amount.checked_sub(self.earned)?.checked_sub(reversed)
    }

    /// What is taken back. It is taken back once: what is earned after that stays so.
    pub fn reverse(&self, option: ReverseDeferralOption) -> Result<Taken, Refusal> {
        if self.reversed.is_some() {
            return Err(Refusal::NothingLeftOfDeferral(self.id, "left to be reversed"));
        }
        let deferred = self.deferred()?;
        match option {
            ReverseDeferralOption::Unearned if deferred.is_positive() => Ok(Taken { deferred, earned: Amount::ZERO }),
            ReverseDeferralOption::Unearned => Err(Refusal::NothingLeftOfDeferral(self.id, "unearned")),
            ReverseDeferralOption::Full => Ok(Taken { deferred, earned: self.earned }),
        }
    }
}

#[cfg(test)]
mod tests {
    use calendar::parse_date;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn deferral(earned: &str) -> OpeningDeferral {
        let day = |text| parse_date(text).unwrap();
        OpeningDeferral {
            id: OpeningDeferralId(1),
            customer: CustomerId(2),
            product: None,
            amount: amount("10"),
            currency: Currency::USD,
            starts_on: day("2024-02-27"),
            ends_on: day("2024-03-01"),
            earned: amount(earned),
            next_due_on: None,
            reversed: None,
            reference: None,
            description: None,
            effective_at: Instant::from_millis(0),
        }
    }

    #[test]
    fn each_day_earns_its_part() {
        let parts: Vec<_> = deferral("0").schedule().unwrap().parts().collect();
        let shown: Vec<_> = parts.iter().map(|part| format!("{} {}", part.on, part.amount)).collect();
        assert_eq!(shown, ["2024-02-27 2.5", "2024-02-28 2.5", "2024-02-29 2.5", "2024-03-01 2.5"]);
    }

    #[test]
    fn what_is_not_earned_is_taken_back_or_everything() {
        use ReverseDeferralOption::{Full, Unearned};
        let left = |what| Err(Refusal::NothingLeftOfDeferral(OpeningDeferralId(1), what));
        let taken = |deferred, earned| Ok(Taken { deferred: amount(deferred), earned: amount(earned) });
        let reversed = Reversed { id: 3, amount: amount("7.5"), at: Instant::from_millis(1) };
        let again = OpeningDeferral { reversed: Some(reversed), ..deferral("2.5") };
        for (deferral, option, expected) in [
            (deferral("0"), Unearned, taken("10", "0")),
            (deferral("2.5"), Unearned, taken("7.5", "0")),
            (deferral("2.5"), Full, taken("7.5", "2.5")),
            (deferral("10"), Unearned, left("unearned")),
            (deferral("10"), Full, taken("0", "10")),
            (again.clone(), Unearned, left("left to be reversed")),
            (again, Full, left("left to be reversed")),
        ] {
            assert_eq!(deferral.reverse(option), expected, "{option} of {deferral:?}");
        }
    }
}
