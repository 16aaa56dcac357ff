//! Payments: the amount against where it came from and where it went.

use billing::id::{AccountId, CustomerId};
use db::{Error, Tx};
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
    payment: Option<StoredPayment>,
    allocated: Sum,
}

/// Compares every payment with its attempt and its allocations (receivables.md §15.3).
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_payment_row(tx, account, |id, row| {
        let open = group.of(id.0, |id, open| open.finish(id, findings));
        match row {
            PaymentRow::Payment(payment) => open.payment = Some(payment),
            PaymentRow::Allocation(amount, customer) => {
                open.allocated.add(amount);
                compare_customers(id.0, open.payment.map(|payment| payment.customer), customer, findings);
            }
        }
    })?;
    group.end(|id, open| open.finish(id, findings));
    Ok(())
}

impl Open {
    fn finish(self, id: i64, findings: &mut Findings) {
        let Some(payment) = self.payment else { return };
        let place = |column| place("payment", id, column);
        let amount = Sum::from(payment.amount);
        let gone = self.allocated.plus(&[payment.unallocated]);
        let attempted = payment.attempted.unwrap_or_default();
        findings.compare(Rule::PaymentAmount, place("amount"), gone, amount);
        findings.compare(Rule::PaymentRefundable, place("refundable"), amount, payment.refundable.into());
        findings.compare(Rule::PaymentActivity, place("amount"), attempted.into(), amount);
    }
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
