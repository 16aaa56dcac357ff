//! Rows that the ledger posts under their own id.

use billing::id::CustomerId;
use ledger::TransactionKind;
use money::Amount;
use store::verify::StoredFact;

use crate::verify::{
    Rule,
    findings::{Findings, Sum, place},
};

/// A row that must be posted.
pub(super) struct Fact {
    pub(super) id: i64,
    kind: TransactionKind,
    rule: Rule,
    table: &'static str,
    amount: Amount,
    /// Whose it is, where the row says so.
    customer: Option<CustomerId>,
}

impl Fact {
    pub(super) fn of(id: i64, stored: StoredFact<'_>, amount: Amount) -> Self {
        let (kind, rule, table, customer) = match stored {
            StoredFact::Charge(..) => (TransactionKind::Charge, Rule::ChargePosting, "charge", None),
            StoredFact::Discount => (TransactionKind::Discount, Rule::DiscountPosting, "charge_discount", None),
            StoredFact::Tax => (TransactionKind::Tax, Rule::TaxPosting, "charge_tax", None),
            StoredFact::Reversal(_) => (TransactionKind::ReverseCharge, Rule::ReversalPosting, "reversal", None),
            StoredFact::Payment(customer) => {
                (TransactionKind::Payment, Rule::PaymentPosting, "payment", Some(customer))
            }
            StoredFact::WriteOff(customer) => {
                (TransactionKind::WriteOff, Rule::WriteOffPosting, "write_off", Some(customer))
            }
        };
        Self { id, kind, rule, table, amount, customer }
    }

    /// Compares the row with the transaction of its id; without one, nothing was posted.
    pub(super) fn compare(
        &self,
        posted: Sum,
        transaction: Option<(CustomerId, Option<TransactionKind>)>,
        findings: &mut Findings,
    ) {
        let Self { id, rule, table, .. } = *self;
        findings.compare(rule, place(table, id, "amount"), posted, self.amount.into());
        let Some((customer, kind)) = transaction else { return };
        let found = kind.map_or("another", TransactionKind::name);
        findings.compare(rule, place("ledger_transaction", id, "kind"), self.kind.name(), found);
        let owner = self.customer.unwrap_or(customer);
        findings.compare(rule, place(table, id, "customer_id"), customer.0, owner.0);
    }
}

/// Whether transactions of the kind have a row of their own id.
pub(super) fn has_row(kind: TransactionKind) -> bool {
    match kind {
        TransactionKind::Charge
        | TransactionKind::Discount
        | TransactionKind::Tax
        | TransactionKind::Payment
        | TransactionKind::WriteOff
        | TransactionKind::ReverseCharge => true,
        TransactionKind::Earning
        | TransactionKind::DiscountEarning
        | TransactionKind::Refund
        | TransactionKind::Credit
        | TransactionKind::Debit
        | TransactionKind::ReverseDiscount
        | TransactionKind::ReverseTax
        | TransactionKind::OpeningBalance => false,
    }
}

/// Whether transactions of the kind are about a charge.
pub(super) fn is_about_charge(kind: TransactionKind) -> bool {
    match kind {
        TransactionKind::Charge
        | TransactionKind::Discount
        | TransactionKind::Tax
        | TransactionKind::Earning
        | TransactionKind::DiscountEarning
        | TransactionKind::ReverseCharge
        | TransactionKind::ReverseDiscount
        | TransactionKind::ReverseTax => true,
        TransactionKind::Payment
        | TransactionKind::Refund
        | TransactionKind::Credit
        | TransactionKind::Debit
        | TransactionKind::WriteOff
        | TransactionKind::OpeningBalance => false,
    }
}
