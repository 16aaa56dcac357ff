//! What invoices were given of payments and credits, and which of it goes back when an invoice is reversed.

use calendar::Instant;
use money::{Amount, NumberError};

use crate::{
    id::{CreditId, InvoiceId, OpeningBalanceId, PaymentActivityId, PaymentId},
    payment::{Allocation, PaymentMethod},
    refusal::Refusal,
};

/// Where an allocation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Money received.
    Payment(PaymentId),
    /// Goodwill.
    Credit(CreditId),
    /// What the customer had on deposit before it was billed here.
    Deposit(OpeningBalanceId),
}

/// So much of a payment, of a credit or of a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocated {
    /// Of what.
    pub source: Source,
    /// How much.
    pub amount: Amount,
}

/// What an invoice has of a payment, with what tells the payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentAllocation {
    /// The payment.
    pub payment: PaymentId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// What it has.
    pub amount: Amount,
    /// Since when.
    pub effective_at: Instant,
    /// How the payment was made.
    pub method: PaymentMethod,
    /// As the payer gave it.
    pub reference: Option<String>,
    /// The attempt that brought the payment.
    pub activity: PaymentActivityId,
}

/// What an invoice has of a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditAllocation {
    /// The credit.
    pub credit: CreditId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// What it has.
    pub amount: Amount,
}

/// What of a payment or of a credit can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// All that was not taken back yet.
    pub amount: Amount,
    /// The part of it that no invoice has.
    pub unallocated: Amount,
    /// The parts that invoices have.
    pub allocations: Vec<Allocation>,
}

impl Left {
    /// What of `amount` comes from the unallocated part when invoices give back these allocations; they give what they
    /// have of it at most (receivables.md §7, §8.2).
    pub fn take(&self, amount: Amount, allocations: &[Allocation]) -> Result<Amount, Refusal> {
        if amount > self.amount {
            return Err(Refusal::BeyondLeft(self.amount, amount));
        }
        let asked = Amount::sum(allocations.iter().map(|allocation| allocation.amount))?;
        if asked > amount {
            return Err(Refusal::AllocationsExceedAmount(asked, amount));
        }
        for (index, allocation) in allocations.iter().enumerate() {
            let Allocation { invoice, amount } = *allocation;
            if allocations[..index].iter().any(|earlier| earlier.invoice == invoice) {
                return Err(Refusal::InvoiceAllocatedTwice(invoice));
            }
            let given = self.allocations.iter().find(|given| given.invoice == invoice);
            let allocated = given.map_or(Amount::ZERO, |given| given.amount);
            if amount > allocated {
                return Err(Refusal::BeyondAllocated { invoice, allocated, amount });
            }
        }
        let rest = amount.checked_sub(asked)?;
        if rest > self.unallocated {
            return Err(Refusal::BeyondUnallocated { rest, unallocated: self.unallocated });
        }
        Ok(rest)
    }

    /// Where money that is gone already comes from: as asked if that is still possible, else first from the unallocated
    /// part, then from the invoices that have most of it. What comes from the unallocated part, and what invoices give.
    pub fn take_anyhow(&self, amount: Amount, asked: &[Allocation]) -> Result<(Amount, Vec<Allocation>), Refusal> {
        if let Ok(unallocated) = self.take(amount, asked) {
            return Ok((unallocated, asked.to_vec()));
        }
        let unallocated = self.unallocated.min(amount);
        let mut rest = amount.checked_sub(unallocated)?;
        let mut given = self.allocations.clone();
        given.sort_by_key(|part| (std::cmp::Reverse(part.amount), part.invoice));
        let mut taken = Vec::new();
        for part in given {
            let amount = part.amount.min(rest);
            if amount.is_positive() {
                rest = rest.checked_sub(amount)?;
                taken.push(Allocation { invoice: part.invoice, amount });
            }
        }
        if rest.is_positive() { Err(Refusal::BeyondLeft(self.amount, amount)) } else { Ok((unallocated, taken)) }
    }
}

/// Which parts of an invoice's allocations, given latest first, become available again when `net` of it is taken back: what
/// is beyond the amount that it owes (receivables.md §10). What was written off is no allocation and cannot come back.
pub fn free(
    invoice: InvoiceId,
    latest_first: &[Allocated],
    net: Amount,
    outstanding: Amount,
) -> Result<Vec<Allocated>, Refusal> {
    let (freed, left) = take_in_order(latest_first, net.checked_sub(outstanding)?)?;
    if left.is_positive() {
        return Err(Refusal::WrittenOff { invoice, most: net.checked_sub(left)? });
    }
    Ok(freed)
}

/// Which parts of a customer's available funds and credit, given oldest first, an invoice gets that owes so much.
pub fn spend(oldest_first: &[Allocated], owed: Amount) -> Result<Vec<Allocated>, NumberError> {
    Ok(take_in_order(oldest_first, owed)?.0)
}

/// Takes up to `amount` from the parts in their order: what is taken, and what of the amount they did not have.
fn take_in_order(parts: &[Allocated], amount: Amount) -> Result<(Vec<Allocated>, Amount), NumberError> {
    let mut left = amount;
    let mut taken = Vec::new();
    for available in parts {
        let part = left.min(available.amount);
        if part.is_positive() {
            taken.push(Allocated { amount: part, ..*available });
            left = left.checked_sub(part)?;
        }
    }
    Ok((taken, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_goes_back_first_and_never_more_than_there_is() {
        let of = Amount::from_millionths;
        let credit = Allocated { source: Source::Credit(CreditId(2)), amount: of(5) };
        let payment = Allocated { source: Source::Payment(PaymentId(1)), amount: of(10) };
        let free = |net| free(InvoiceId(9), &[credit, payment], of(net), of(3));
        assert_eq!(free(3).unwrap(), []);
        assert_eq!(free(7).unwrap(), [Allocated { amount: of(4), ..credit }]);
        assert_eq!(free(10).unwrap(), [credit, Allocated { amount: of(2), ..payment }]);
        assert_eq!(free(18).unwrap(), [credit, payment]);
        assert_eq!(free(19), Err(Refusal::WrittenOff { invoice: InvoiceId(9), most: of(18) }));
    }

    #[test]
    fn the_oldest_is_spent_first_and_never_more_than_is_owed() {
        let of = Amount::from_millionths;
        let deposit = Allocated { source: Source::Deposit(OpeningBalanceId(1)), amount: of(5) };
        let payment = Allocated { source: Source::Payment(PaymentId(2)), amount: of(10) };
        let spend = |owed| spend(&[deposit, payment], of(owed)).unwrap();
        assert_eq!(spend(0), []);
        assert_eq!(spend(4), [Allocated { amount: of(4), ..deposit }]);
        assert_eq!(spend(7), [deposit, Allocated { amount: of(2), ..payment }]);
        assert_eq!(spend(99), [deposit, payment]);
    }

    #[test]
    fn money_that_is_gone_comes_from_wherever_it_is() {
        let of = Amount::from_millionths;
        let part = |id, amount| Allocation { invoice: InvoiceId(id), amount: of(amount) };
        let left = Left { amount: of(20), unallocated: of(5), allocations: vec![part(1, 5), part(2, 10)] };
        assert_eq!(left.take_anyhow(of(6), &[part(1, 5)]), Ok((of(1), vec![part(1, 5)])));
        assert_eq!(left.take_anyhow(of(8), &[part(1, 8)]), Ok((of(5), vec![part(2, 3)])));
        assert_eq!(left.take_anyhow(of(20), &[]), Ok((of(5), vec![part(2, 10), part(1, 5)])));
        assert_eq!(left.take_anyhow(of(21), &[]), Err(Refusal::BeyondLeft(of(20), of(21))));
    }

    #[test]
    fn no_more_is_taken_back_than_there_is_and_from_where_it_is() {
        let of = Amount::from_millionths;
        let given = |parts: &[(i64, i64)]| -> Vec<_> {
            parts.iter().map(|(id, amount)| Allocation { invoice: InvoiceId(*id), amount: of(*amount) }).collect()
        };
        let left = Left { amount: of(20), unallocated: of(5), allocations: given(&[(1, 10), (2, 5)]) };
        let take = |amount, parts: &[(i64, i64)]| left.take(of(amount), &given(parts));
        assert_eq!(take(5, &[]), Ok(of(5)));
        assert_eq!(take(20, &[(2, 5), (1, 10)]), Ok(of(5)));
        assert_eq!(take(3, &[(1, 3)]), Ok(of(0)));
        assert_eq!(take(21, &[(1, 10), (2, 5)]), Err(Refusal::BeyondLeft(of(20), of(21))));
        assert_eq!(take(6, &[]), Err(Refusal::BeyondUnallocated { rest: of(6), unallocated: of(5) }));
        assert_eq!(take(4, &[(1, 5)]), Err(Refusal::AllocationsExceedAmount(of(5), of(4))));
        assert_eq!(take(5, &[(1, 2), (1, 3)]), Err(Refusal::InvoiceAllocatedTwice(InvoiceId(1))));
        for (invoice, allocated, amount) in [(2, 5, 6), (3, 0, 1)] {
            let refusal =
                Refusal::BeyondAllocated { invoice: InvoiceId(invoice), allocated: of(allocated), amount: of(amount) };
            assert_eq!(take(amount, &[(invoice, amount)]), Err(refusal));
        }
    }
}
