//! What a purchase asks for, posted or not.

use billing::id::PurchaseId;

use crate::random::operation::{Earning, Sale, Taken};

/// The tax of the taxed, in hundred-thousandths.
const TAX: i64 = 9_975;
const WHOLE_TAX: i64 = 100_000;

/// Hundredths of a unit at so many cents a unit, less a discount.
#[derive(Debug, Clone)]
pub(in crate::random) struct Line {
    pub(in crate::random) purchase: PurchaseId,
    pub(in crate::random) cents: i64,
    pub(in crate::random) hundredths: i64,
    pub(in crate::random) taken: Option<Taken>,
    pub(super) earning: Earning,
}

impl Line {
    pub(super) fn of(purchase: PurchaseId, sale: &Sale) -> Self {
        let (cents, hundredths) = (sale.product.cents(), sale.hundredths);
        Self { purchase, cents, hundredths, taken: sale.taken, earning: sale.earning() }
    }

    pub(super) fn gross(&self) -> i64 {
        share(self.cents, self.hundredths, 100)
    }

    pub(super) fn discount(&self) -> i64 {
        match self.taken {
            None => 0,
            Some(Taken::PerMille(part)) => share(self.gross(), part, 1_000),
            Some(Taken::Cents(cents)) => cents.min(self.gross()),
        }
    }

    pub(super) fn tax(&self, is_taxed: bool) -> i64 {
        if is_taxed { share(self.gross() - self.discount(), TAX, WHOLE_TAX) } else { 0 }
    }

    /// Quantity and price of one, in millionths, and what its discount says.
    pub(super) fn says(&self) -> String {
        told(self.hundredths * 10_000, self.cents * 10_000, self.taken)
    }

    pub(in crate::random) fn net(&self, is_taxed: bool) -> i64 {
        self.gross() - self.discount() + self.tax(is_taxed)
    }
}

/// The same words for what must be and for what is there.
pub(in crate::random) fn told(quantity: i64, price: i64, taken: Option<Taken>) -> String {
    format!("{quantity} at {price} less {taken:?}")
}

/// So many parts of a whole, to the nearest cent; halves go up.
pub(super) fn share(amount: i64, part: i64, whole: i64) -> i64 {
    (2 * amount * part + whole) / (2 * whole)
}

/// A total in proportion to weights, in whole cents: those that would lose most get the cents that are missing, of equals
/// the earlier one.
pub(super) fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i64 = weights.iter().sum();
    let mut parts: Vec<i64> = weights.iter().map(|weight| total * weight / whole).collect();
    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    by_loss.sort_by_key(|place| std::cmp::Reverse(total * weights[*place] % whole));
    let missing = usize::try_from(total - parts.iter().sum::<i64>()).expect("a few cents");
    by_loss[..missing].iter().for_each(|place| parts[*place] += 1);
    parts
}
