//! Giving up what an invoice owes.

use money::Amount;

use crate::{customer::CustomerStatus, id::InvoiceId, refusal::Refusal};

/// How much of an invoice's balance is to be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, whatever it is.
    Whole,
    /// All of it, which the caller believes to be so much (receivables.md §9).
    Exactly(Amount),
    /// So much of it, or all; our extension.
    Part(Amount),
}

/// What may be written off of an invoice, which is never more than it owes.
pub fn decide(
    invoice: InvoiceId,
    outstanding: Amount,
    customer: CustomerStatus,
    extent: Extent,
) -> Result<Amount, Refusal> {
    customer.may_be_written_off()?;
    if !outstanding.is_positive() {
        return Err(Refusal::NothingOutstanding(invoice));
    }
    match extent {
        Extent::Whole => Ok(outstanding),
        Extent::Exactly(amount) if amount != outstanding => Err(Refusal::WriteOffNotWhole(outstanding)),
        Extent::Part(amount) if amount > outstanding => Err(Refusal::WriteOffBeyond(outstanding)),
        Extent::Exactly(amount) | Extent::Part(amount) => Ok(amount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_to_be_asked_for_and_more_is_never_given_up() {
        let of = Amount::from_millionths;
        let decide = |extent| decide(InvoiceId(1), of(5), CustomerStatus::Active, extent);
        assert_eq!(decide(Extent::Whole), Ok(of(5)));
        assert_eq!(decide(Extent::Exactly(of(5))), Ok(of(5)));
        assert_eq!(decide(Extent::Exactly(of(4))), Err(Refusal::WriteOffNotWhole(of(5))));
        assert_eq!(decide(Extent::Part(of(4))), Ok(of(4)));
        assert_eq!(decide(Extent::Part(of(6))), Err(Refusal::WriteOffBeyond(of(5))));
    }
}
