//! Payments: the amount against where it came from and where it went.

use billing::id::{AccountId, CustomerId};
use calendar::Instant;
use db::{Error, Tx};
use money::Amount;
use store::verify::{PaymentRow, StoredPayment};

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// A payment under way.
#[derive(Default)]
struct Open {
    /// `None` when there are only allocations of it.
    payment: Option<Payment>,
    allocated: Sum,
}

#[derive(Clone, Copy)]
struct Payment {
    customer: CustomerId,
    effective_at: Instant,
    amount: Amount,
    unallocated: Amount,
}

/// Compares every payment with its attempt and its allocations (receivables.md §15.3).
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_payment_row(tx, account, |id, row| {
        let open = group.of(id.0, |id, open| open.finish(id, findings));
        match row {
            PaymentRow::Payment(stored) => {
                compare_attempt(id.0, &stored, findings);
                let StoredPayment { customer, effective_at, amount, unallocated, .. } = stored;
                open.payment = Some(Payment { customer, effective_at, amount, unallocated });
            }
            PaymentRow::Allocation(amount, customer, effective_at) => {
                open.allocated.add(amount);
                compare_customers(id.0, open.payment.map(|payment| payment.customer), customer, findings);
                if let Some(payment) = open.payment {
                    let place = place("payment_allocation", id.0, "effective_at");
                    findings.compare(Rule::AllocationDate, place, payment.effective_at, effective_at);
                }
            }
        }
    })?;
    group.end(|id, open| open.finish(id, findings));
    Ok(())
}

impl Open {
    fn finish(self, id: i64, findings: &mut Findings) {
        let Some(payment) = self.payment else { return };
        let gone = self.allocated.plus(&[payment.unallocated]);
        findings.compare(Rule::PaymentAmount, place("payment", id, "amount"), gone, payment.amount.into());
    }
}

/// Compares a payment with the attempt that brought it.
fn compare_attempt(id: i64, payment: &StoredPayment<'_>, findings: &mut Findings) {
    let place = |column| place("payment", id, column);
    findings.compare(Rule::PaymentRefundable, place("refundable"), payment.amount, payment.refundable);
    findings.compare(Rule::PaymentActivity, place("amount"), payment.attempted.unwrap_or_default(), payment.amount);
    let place = place("activity_id");
    findings.compare(
        Rule::PaymentActivity,
        place,
        "an attempt that agrees",
        match payment.differs_in {
            "" => "an attempt that agrees",
            column => column,
        },
    );
}

/// `None` is a payment or an invoice that does not exist.
fn compare_customers(payment: i64, payer: Option<CustomerId>, debtor: Option<CustomerId>, findings: &mut Findings) {
    if payer.is_some() && payer == debtor {
        return findings.agrees(Rule::PaymentCustomer);
    }
    let text = |id: Option<CustomerId>| id.map_or_else(|| "of nobody".to_owned(), |id| format!("of customer {}", id.0));
    let place = place("payment_allocation", payment, "invoice_id");
    findings.disagrees(Rule::PaymentCustomer, place, text(payer), text(debtor));
}
