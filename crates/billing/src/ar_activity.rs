//! What moved a customer's balance: the transactions of the ledger that touch what it owes (receivables.md §11).

use calendar::Instant;
use ledger::TransactionKind;
use money::{Amount, Currency, Price, Quantity};

use crate::{
    id::{CustomerId, InvoiceId, PaymentActivityId, PurchaseId},
    listing::{Clause, Condition},
};

/// Since when, a name in filters.
pub const START_DATE: &str = "startDate";
/// Until when, exclusive, a name in filters.
pub const END_DATE: &str = "endDate";

/// One transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArActivity {
    /// Id of the ledger transaction, which is also that of the charge, payment, refund, credit, debit or write-off.
    pub id: i64,
    /// Whose balance it moved.
    pub customer: CustomerId,
    /// When it counts.
    pub effective_at: Instant,
    /// What happened.
    pub kind: TransactionKind,
    /// In which currency.
    pub currency: Currency,
    /// The charge's name, or the tax's.
    pub name: Option<String>,
    /// The charge's description.
    pub description: Option<String>,
    /// Code of the product that was charged.
    pub product_code: Option<String>,
    /// The attempt that brought a payment or a refund.
    pub payment_activity: Option<PaymentActivityId>,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// Units of a charge.
    pub quantity: Option<Quantity>,
    /// Price of one.
    pub unit_price: Option<Price>,
    /// What it added to the balance; nothing when it took from it.
    pub debit: Amount,
    /// What it took from the balance; nothing when it added to it.
    pub credit: Amount,
    /// General-ledger label of the charge.
    pub gl_code: Option<String>,
    /// What it is about: the charge of a discount, a tax or a reversal, the payment of a refund, the credit of a debit.
    pub associated_id: Option<i64>,
    /// The purchase of the charge that it is about.
    pub purchase: Option<PurchaseId>,
    /// The number of the credit note that took a charge back; on its other parts, discount and taxes, it is not told.
    pub credit_note: Option<String>,
    /// The invoices that it went to, or was taken back from.
    pub invoices: Vec<ActivityAllocation>,
}

/// The part of a transaction that is one invoice's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityAllocation {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: i64,
    /// How much.
    pub amount: Amount,
}

impl ArActivity {
    /// The purchase that it charges; none for what is only about a charge.
    pub fn sold(&self) -> Option<PurchaseId> {
        self.purchase.filter(|_| self.kind == TransactionKind::Charge)
    }
}

/// The condition that a filter means: [`START_DATE`] and [`END_DATE`] are single dates that bound a range
/// (conventions.md §8); any other stays as it is.
#[must_use]
pub fn bounded(clause: Clause) -> Clause {
    let Clause { field, condition } = clause;
    let condition = match (field, condition) {
        (START_DATE, Condition::Equals(date)) => Condition::Range { from: Some(date), to: None },
        (END_DATE, Condition::Equals(date)) => Condition::Range { from: None, to: Some(date) },
        (_, other) => other,
    };
    Clause { field, condition }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Operand;

    #[test]
    fn single_dates_bound_a_range_and_other_filters_stay() {
        let date = Operand::Instant(Instant::from_millis(5));
        let bound = |field| bounded(Clause { field, condition: Condition::Equals(date.clone()) }).condition;
        assert_eq!(bound(START_DATE), Condition::Range { from: Some(date.clone()), to: None });
        assert_eq!(bound(END_DATE), Condition::Range { from: None, to: Some(date.clone()) });
        assert_eq!(bound("effectiveTimestamp"), Condition::Equals(date));
        let range = Condition::Range { from: None, to: None };
        let clause = Clause { field: START_DATE, condition: range };
        assert_eq!(bounded(clause.clone()), clause);
    }
}
