//! The pricing models, their ranges, and the one function that decides which range owns a border.

use money::{Price, Quantity};

use crate::named::named;

named! {
    /// How a list of ranges turns a quantity into a price (purchases.md §4).
    pub enum PricingModel {
        /// One price for every unit.
        Standard => "Standard",
        /// Each unit at the price of the range it lies in.
        Tiered => "Tiered",
        /// All units at the price of the range the total falls in.
        Volume => "Volume",
        /// One flat price for the range the total falls in.
        Stairstep => "Stairstep",
    }
}

/// One range of quantities and its price. `max` of `None` is infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRange {
    /// Lower bound, in units.
    pub min: Quantity,
    /// Upper bound, in units.
    pub max: Option<Quantity>,
    /// Price in the purchase's currency: per unit, or flat for [`PricingModel::Stairstep`].
    pub amount: Price,
}

/// Why a list of ranges prices nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// The list leaves a quantity without a price, or gives it two.
    #[error("Price ranges must cover zero to infinity with no gaps.")]
    Gaps,
    /// A price below zero.
    #[error("Price range amounts must not be negative.")]
    Negative,
    /// Standard pricing knows one price.
    #[error("Standard pricing takes exactly one price range, from zero to infinity.")]
    StandardTakesOne,
}

/// Ranges that are known to cover zero to infinity, in ascending order, and to fit their model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pricing {
    model: PricingModel,
    ranges: Vec<PriceRange>,
}

impl Pricing {
    /// Checks that `ranges` run from zero to infinity without gaps or overlaps and fit `model`.
    /// Neighbours share their border (purchases.md §4.1); the order of the input is free.
    pub fn new(model: PricingModel, mut ranges: Vec<PriceRange>) -> Result<Self, RangeError> {
        ranges.sort_by_key(|range| range.min);
        if ranges.iter().any(|range| range.amount.is_negative()) {
            return Err(RangeError::Negative);
        }
        let starts_at_zero = ranges.first().is_some_and(|range| range.min.is_zero());
        let ends_open = ranges.last().is_some_and(|range| range.max.is_none());
        let joined = ranges.windows(2).all(|pair| pair[0].max == Some(pair[1].min) && pair[0].min < pair[1].min);
        if !(starts_at_zero && ends_open && joined) {
            return Err(RangeError::Gaps);
        }
        if model == PricingModel::Standard && ranges.len() != 1 {
            return Err(RangeError::StandardTakesOne);
        }
        Ok(Self { model, ranges })
    }

    /// One price for every unit.
    pub fn standard(amount: Price) -> Result<Self, RangeError> {
        Self::new(PricingModel::Standard, vec![PriceRange { min: Quantity::ZERO, max: None, amount }])
    }

    /// The model.
    pub fn model(&self) -> PricingModel {
        self.model
    }

    /// The ranges, ascending.
    pub fn ranges(&self) -> &[PriceRange] {
        &self.ranges
    }

    /// The range that a quantity falls in. A border belongs to the range below it: `min < quantity <= max`
    /// (purchases.md §4.2); this is the only place that says so.
    pub(crate) fn owner(&self, quantity: Quantity) -> &PriceRange {
        let owner = self.ranges.iter().find(|range| range.max.is_none_or(|max| quantity <= max));
        owner.unwrap_or_else(|| &self.ranges[self.ranges.len() - 1])
    }

    /// The same ranges under another model, if they fit it.
    pub fn under(&self, model: PricingModel) -> Result<Self, RangeError> {
        Self::new(model, self.ranges.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: &str, max: Option<&str>, amount: &str) -> PriceRange {
        PriceRange {
            min: Quantity::parse(min).unwrap(),
            max: max.map(|max| Quantity::parse(max).unwrap()),
            amount: Price::parse(amount).unwrap(),
        }
    }

    #[test]
    fn ranges_cover_zero_to_infinity_once() {
        use PricingModel::{Standard, Tiered};
        let good = [
            (Standard, vec![range("0", None, "5")]),
            (Tiered, vec![range("0", Some("2"), "50"), range("2", None, "150")]),
            (Tiered, vec![range("2", None, "150"), range("0", Some("2"), "50")]),
        ];
        for (model, ranges) in good {
            assert!(Pricing::new(model, ranges).is_ok());
        }
        let bad = [
            (Tiered, vec![], RangeError::Gaps),
            (Tiered, vec![range("1", None, "5")], RangeError::Gaps),
            (Tiered, vec![range("0", Some("5"), "5")], RangeError::Gaps),
            (Tiered, vec![range("0", Some("2"), "5"), range("3", None, "5")], RangeError::Gaps),
            (Tiered, vec![range("0", Some("3"), "5"), range("2", None, "5")], RangeError::Gaps),
            (Tiered, vec![range("0", Some("0"), "5"), range("0", None, "5")], RangeError::Gaps),
            (Tiered, vec![range("0", None, "5"), range("5", None, "5")], RangeError::Gaps),
            (Standard, vec![range("0", Some("2"), "5"), range("2", None, "5")], RangeError::StandardTakesOne),
            (Standard, vec![range("0", None, "-0.01")], RangeError::Negative),
        ];
        for (model, ranges, error) in bad {
            assert_eq!(Pricing::new(model, ranges.clone()), Err(error), "{ranges:?}");
        }
    }
}
