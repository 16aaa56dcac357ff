//! Ad-hoc discounts on a purchase.

use money::Price;

use crate::named::named;

named! {
    /// What the number of a discount means (purchases.md §5).
    pub enum DiscountType {
        /// So many percent of the gross amount; at most 100.
        Percentage => "Percentage",
        /// So much money.
        Amount => "Amount",
        /// So much money for each unit.
        AmountPerUnit => "AmountPerUnit",
    }
}

/// A discount as the caller entered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discount {
    /// What the number means.
    pub discount_type: DiscountType,
    /// Percent or money; never negative.
    pub amount: Price,
}

/// Why a discount cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiscountError {
    /// Discounts take away, they do not add.
    #[error("Amount must be a positive number and cannot exceed six decimal places")]
    Negative,
    /// More than everything.
    #[error("Percentage must not exceed 100.")]
    MoreThanAll,
}

impl Discount {
    /// A discount within its limits.
    pub fn new(discount_type: DiscountType, amount: Price) -> Result<Self, DiscountError> {
        if amount.is_negative() {
            return Err(DiscountError::Negative);
        }
        if discount_type == DiscountType::Percentage && amount.millionths() > 100 * money::MILLIONTHS {
            return Err(DiscountError::MoreThanAll);
        }
        Ok(Self { discount_type, amount })
    }
}
