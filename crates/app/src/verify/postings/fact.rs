//! Rows that the ledger posts under their own id.

use billing::id::CustomerId;
use calendar::Instant;
use ledger::TransactionKind;
use money::Amount;
use store::verify::{FactSource, StoredFact};

use super::Posted;
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
    /// Whose it is, where the row itself says so.
    customer: Option<CustomerId>,
    /// When it counts, where the row says so.
    effective_at: Option<Instant>,
}

impl Fact {
    pub(super) fn of(stored: StoredFact<'_>) -> Self {
        let StoredFact { id, customer, effective_at, amount, source } = stored;
        let (kind, rule, table, customer) = match source {
            // Whose a charge is, is compared for all transactions about it.
            FactSource::Charge(_) => (TransactionKind::Charge, Rule::ChargePosting, "charge", None),
            FactSource::Discount => (TransactionKind::Discount, Rule::DiscountPosting, "charge_discount", None),
            FactSource::Tax => (TransactionKind::Tax, Rule::TaxPosting, "charge_tax", None),
            FactSource::Reversal(_) => (TransactionKind::ReverseCharge, Rule::ReversalPosting, "reversal", customer),
            FactSource::Payment => (TransactionKind::Payment, Rule::PaymentPosting, "payment", customer),
            FactSource::WriteOff => (TransactionKind::WriteOff, Rule::WriteOffPosting, "write_off", customer),
            FactSource::Refund => (TransactionKind::Refund, Rule::RefundPosting, "refund", customer),
            FactSource::Credit => (TransactionKind::Credit, Rule::CreditPosting, "credit", customer),
            FactSource::Debit => (TransactionKind::Debit, Rule::DebitPosting, "debit", customer),
            FactSource::OpeningBalance => {
                (TransactionKind::OpeningBalance, Rule::OpeningBalancePosting, "opening_balance", customer)
            }
            FactSource::OpeningDeferral(_) => {
                (TransactionKind::OpeningDeferral, Rule::OpeningDeferralPosting, "opening_deferral", customer)
            }
            FactSource::DeferralReversal => {
                (TransactionKind::ReverseOpeningDeferral, Rule::OpeningDeferralPosting, "opening_deferral", customer)
            }
        };
        Self { id, kind, rule, table, amount, customer, effective_at }
    }

    /// Compares the row with the transaction of its id; without one, nothing was posted.
    pub(super) fn compare(&self, posted: Option<&Posted>, findings: &mut Findings) {
        let Self { id, rule, table, .. } = *self;
        let amount = posted.map_or(Sum::default(), |posted| posted.amount);
        findings.compare(rule, place(table, id, "amount"), amount, self.amount.into());
        let Some(posted) = posted else { return };
        let found = posted.kind.map_or("another", TransactionKind::name);
        findings.compare(rule, place("ledger_transaction", id, "kind"), self.kind.name(), found);
        let owner = self.customer.unwrap_or(posted.customer);
        findings.compare(rule, place(table, id, "customer_id"), posted.customer.0, owner.0);
        let effective_at = self.effective_at.unwrap_or(posted.effective_at);
        findings.compare(rule, place(table, id, "effective_at"), posted.effective_at, effective_at);
    }
}

/// Whether transactions of the kind have a row of their own id.
pub(super) fn has_row(kind: TransactionKind) -> bool {
    match kind {
        TransactionKind::Charge
        | TransactionKind::Discount
        | TransactionKind::Tax
        | TransactionKind::Payment
        | TransactionKind::Refund
        | TransactionKind::Credit
        | TransactionKind::Debit
        | TransactionKind::WriteOff
        | TransactionKind::ReverseCharge
        | TransactionKind::OpeningBalance
        | TransactionKind::OpeningDeferral
        | TransactionKind::ReverseOpeningDeferral => true,
        TransactionKind::Earning
        | TransactionKind::DiscountEarning
        | TransactionKind::ReverseDiscount
        | TransactionKind::ReverseTax => false,
    }
}

/// Whether transactions of the kind are about a charge, or may be about an opening deferral instead.
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
        | TransactionKind::OpeningBalance
        | TransactionKind::OpeningDeferral
        | TransactionKind::ReverseOpeningDeferral => false,
    }
}
