//! Discounts of the catalogue, which reach purchases and subscriptions through coupons.

use crate::{discount::Discount, earning::EarningInterval, id::DiscountId, named::named, problem::Problems};

named! {
    /// Whether a discount is still given.
    pub enum DiscountStatus {
        /// It is.
        Active => "Active",
        /// It holds only where it was already given.
        Retired => "Retired",
    }
}

/// How often a discount is applied to recurring charges; a purchase is charged once, so it never asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usages {
    /// Charges to pass over first.
    pub until_start: i64,
    /// Charges to apply it to; `None` is all of them.
    pub remaining: Option<i64>,
}

/// What holds instead for subscriptions of one frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrequencyOverride {
    /// Unit of the frequency.
    pub interval: EarningInterval,
    /// Its length in units.
    pub number_of_intervals: i64,
    /// What is taken.
    pub discount: Discount,
    /// How often.
    pub usages: Usages,
}

/// What a caller writes of a discount (catalog.md §7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountFields {
    /// At most 255 characters.
    pub name: String,
    /// At most 500 characters.
    pub description: Option<String>,
    /// At most 255 characters, unique in the account.
    pub code: String,
    /// What is taken.
    pub discount: Discount,
    /// How often.
    pub usages: Usages,
    /// Whether it is still given.
    pub status: DiscountStatus,
    /// One a frequency at most.
    pub frequency_overrides: Vec<FrequencyOverride>,
}

/// A discount of the catalogue as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueDiscount {
    /// Its id.
    pub id: DiscountId,
    /// What callers write.
    pub fields: DiscountFields,
}

impl DiscountFields {
    /// Records every field that is beyond its limits. The amounts are within theirs already.
    pub fn check(&self, problems: &mut Problems) {
        for (name, text) in [("Name", &self.name), ("Code", &self.code)] {
            if text.trim().is_empty() {
                problems.required(name);
            }
            problems.check_length(name, text, 255);
        }
        if let Some(description) = &self.description {
            problems.check_length("Description", description, 500);
        }
        self.usages.check(problems);
        for (index, frequency) in self.frequency_overrides.iter().enumerate() {
            problems.item("FrequencyOverrides", index, |problems| {
                frequency.usages.check(problems);
                if frequency.number_of_intervals < 1 {
                    problems.push("NumberOfIntervals", "NumberOfIntervals must be at least 1.");
                }
                let earlier = &self.frequency_overrides[..index];
                if earlier.iter().any(|earlier| earlier.frequency() == frequency.frequency()) {
                    problems.push("", "A discount has one override for each frequency.");
                }
            });
        }
    }
}

impl FrequencyOverride {
    fn frequency(&self) -> (EarningInterval, i64) {
        (self.interval, self.number_of_intervals)
    }
}

impl Usages {
    fn check(self, problems: &mut Problems) {
        if self.until_start < 0 {
            problems.push("RemainingUsagesUntilStart", "RemainingUsagesUntilStart must not be negative.");
        }
        if self.remaining.is_some_and(|remaining| remaining < 1) {
            problems.push("RemainingUsage", "RemainingUsage must be at least 1; null is for ever.");
        }
    }
}

impl CatalogueDiscount {
    /// Whether it may still be given.
    pub fn is_active(&self) -> bool {
        self.fields.status == DiscountStatus::Active
    }
}
