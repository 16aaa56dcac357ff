//! Division of an amount into whole minor units that always add up to it.

use std::cmp::Reverse;

use crate::{Amount, Currency, NumberError};

impl Amount {
    /// Divides the amount in proportion to `weights`, one part for each, in whole minor units.
    ///
    /// Every part starts from its share cut towards zero; the units still missing go to the parts
    /// that lost most, the earlier one first when they lost the same (largest remainder). So the parts
    /// add up exactly, each is less than one unit from its exact share, and a weight of zero gets nothing.
    ///
    /// Refuses weights that are negative or all zero ([`NumberError::NoShares`]) and an amount that
    /// is itself not in whole minor units ([`NumberError::NotWhole`]).
    pub fn allocate(self, weights: &[i64], currency: Currency) -> Result<Vec<Self>, NumberError> {
        let whole: i128 = weights.iter().copied().map(i128::from).sum();
        if whole == 0 || weights.iter().any(|weight| *weight < 0) {
            return Err(NumberError::NoShares);
        }
        if !self.is_whole(currency) {
            return Err(NumberError::NotWhole);
        }
        let unit = i128::from(currency.minor_unit().millionths());
        let units = i128::from(self.millionths()) / unit;
        largest_remainder(units.abs(), weights, whole)
            .into_iter()
            .map(|part| Self::from_wide(part * units.signum() * unit))
            .collect()
    }
}

/// Divides `units`, which must not be negative, by weights of which `whole` is the sum.
fn largest_remainder(units: i128, weights: &[i64], whole: i128) -> Vec<i128> {
    let share = |weight: &i64| units * i128::from(*weight);
    let mut parts: Vec<i128> = weights.iter().map(|weight| share(weight) / whole).collect();
    let mut missing = units - parts.iter().sum::<i128>();

    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    by_loss.sort_by_key(|&index| Reverse(share(&weights[index]) % whole));
    for index in by_loss {
        if missing == 0 {
            break;
        }
        parts[index] += 1;
        missing -= 1;
    }
    parts
}
