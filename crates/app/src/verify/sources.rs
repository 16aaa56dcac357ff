//! Payments, credits and deposits: the amount against where it went and what was taken back; opening balances.

use std::collections::BTreeMap;

use billing::id::{AccountId, CustomerId, InvoiceId};
use db::{Error, Tx};
use money::Amount;
use store::verify::{SourceKind, SourceRow, StoredAllocation, StoredMovement, StoredSource};

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// How the parts of a kind are named, and what holds for them.
struct Names {
    table: &'static str,
    allocations: &'static str,
    takings: &'static str,
    left: &'static str,
    amount_rule: Rule,
    left_rule: Rule,
    customer_rule: Rule,
    agreement_rule: Rule,
}

const PAYMENTS: Names = Names {
    table: "payment",
    allocations: "payment_allocation",
    takings: "refund",
    left: "refundable",
    amount_rule: Rule::PaymentAmount,
    left_rule: Rule::PaymentRefundable,
    customer_rule: Rule::PaymentCustomer,
    agreement_rule: Rule::PaymentActivity,
};

const CREDITS: Names = Names {
    table: "credit",
    allocations: "credit_allocation",
    takings: "debit",
    left: "reversable",
    amount_rule: Rule::CreditAmount,
    left_rule: Rule::CreditReversable,
    customer_rule: Rule::CreditCustomer,
    agreement_rule: Rule::CreditOwner,
};

const DEPOSITS: Names = Names {
    table: "opening_balance",
    allocations: "deposit_allocation",
    takings: "opening_balance",
    left: "amount",
    amount_rule: Rule::OpeningBalance,
    left_rule: Rule::OpeningBalance,
    customer_rule: Rule::DepositCustomer,
    agreement_rule: Rule::OpeningBalance,
};

/// A payment, a credit or a deposit under way.
#[derive(Default)]
struct Open {
    /// `None` when there is only what belongs to it.
    source: Option<(StoredSource, Amount)>,
    allocated: Sum,
    taken_back: Sum,
    /// What each invoice should have left.
    left: BTreeMap<InvoiceId, Sum>,
    /// What each invoice has left.
    found: BTreeMap<InvoiceId, Sum>,
    /// What each invoice was given, at first and later.
    given: BTreeMap<InvoiceId, Sum>,
    /// What of that it was given later.
    spent: BTreeMap<InvoiceId, Sum>,
}

/// Compares every payment, credit and opening balance with what belongs to it (receivables.md §15.3, §15.4).
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    check_kind(tx, account, SourceKind::Payment, &PAYMENTS, findings)?;
    check_kind(tx, account, SourceKind::Credit, &CREDITS, findings)?;
    check_kind(tx, account, SourceKind::Deposit, &DEPOSITS, findings)?;
    store::verify::each_opening_balance(tx, account, |stored| {
        if stored.is_owed {
            let place = place("opening_balance", stored.id, "unallocated");
            findings.compare(Rule::OpeningBalance, place, Amount::ZERO, stored.unallocated);
        }
        agree(Rule::OpeningBalance, "opening_balance", stored.id, stored.differs_in, findings);
    })
}

fn check_kind(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: SourceKind,
    names: &Names,
    findings: &mut Findings,
) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_source_row(tx, account, kind, |id, row| {
        let open = group.of(id, |id, open| open.finish(id, names, kind, findings));
        match row {
            SourceRow::Source(source, movement) => {
                compare_movement(names.table, id, movement, names, findings);
                open.source = Some((source, movement.amount));
            }
            SourceRow::Allocation(allocation) => open.add(id, allocation, names, findings),
            SourceRow::Taken(invoice, amount) => open.left.entry(invoice).or_default().subtract(amount),
            SourceRow::Freed(invoice, amount, has_note) => {
                open.left.entry(invoice).or_default().subtract(amount);
                let place = place("freed_allocation", id, "created_at");
                let text = |has_note| if has_note { "a credit note of then" } else { "none" };
                findings.compare(Rule::AllocationFreed, place, text(true), text(has_note));
            }
            SourceRow::Spent(invoice, amount, is_later) => {
                open.spent.entry(invoice).or_default().add(amount);
                let place = place("spent_allocation", id, "created_at");
                let text = |is_later| if is_later { "after its source" } else { "before its source" };
                findings.compare(Rule::AllocationSpent, place, text(true), text(is_later));
            }
            SourceRow::Taking(taking, movement) => {
                compare_movement(names.takings, taking, movement, names, findings);
                open.taken_back.add(movement.amount);
            }
        }
    })?;
    group.end(|id, open| open.finish(id, names, kind, findings));
    Ok(())
}

impl Open {
    fn add(&mut self, id: i64, allocation: StoredAllocation, names: &Names, findings: &mut Findings) {
        self.allocated.add(allocation.amount);
        self.left.entry(allocation.invoice).or_default().add(allocation.allocated);
        self.found.entry(allocation.invoice).or_default().add(allocation.amount);
        self.given.entry(allocation.invoice).or_default().add(allocation.allocated);
        let owner = self.source.map(|(source, _)| source.customer);
        compare_customers(id, owner, allocation.debtor, names, findings);
        if let Some((source, _)) = self.source {
            let place = place(names.allocations, id, "effective_at");
            findings.compare(Rule::AllocationDate, place, source.effective_at, allocation.effective_at);
        }
    }

    /// What was given later is part of what was given; of a deposit it is all.
    fn compare_spent(&self, id: i64, names: &Names, kind: SourceKind, findings: &mut Findings) {
        for invoice in self.given.keys().chain(self.spent.keys()) {
            let of = |sums: &BTreeMap<InvoiceId, Sum>| sums.get(invoice).copied().unwrap_or_default();
            let (given, spent) = (of(&self.given), of(&self.spent));
            let expected = match kind {
                SourceKind::Payment | SourceKind::Credit => spent.min(given),
                SourceKind::Deposit => given,
            };
            findings.compare(Rule::AllocationSpent, place(names.allocations, id, "allocated"), expected, spent);
        }
    }

    fn finish(self, id: i64, names: &Names, kind: SourceKind, findings: &mut Findings) {
        self.compare_spent(id, names, kind, findings);
        for (invoice, expected) in &self.left {
            let found = self.found.get(invoice).copied().unwrap_or_default();
            findings.compare(Rule::AllocationLeft, place(names.allocations, id, "amount"), *expected, found);
        }
        let Some((source, amount)) = self.source else { return };
        let mut gone = self.allocated.plus(&[source.unallocated]);
        gone.add_sum(self.taken_back);
        findings.compare(names.amount_rule, place(names.table, id, "amount"), gone, amount.into());
        let mut accounted = self.taken_back;
        accounted.add(source.left);
        findings.compare(names.left_rule, place(names.table, id, names.left), accounted, amount.into());
    }
}

/// Compares a payment or refund with the attempt that made it, a credit or debit with its owner.
fn compare_movement(
    table: &'static str,
    id: i64,
    movement: StoredMovement<'_>,
    names: &Names,
    findings: &mut Findings,
) {
    let attempted = movement.attempted.unwrap_or_default();
    findings.compare(names.agreement_rule, place(table, id, "amount"), attempted, movement.amount);
    agree(names.agreement_rule, table, id, movement.differs_in, findings);
}

fn agree(rule: Rule, table: &'static str, id: i64, differs_in: &str, findings: &mut Findings) {
    let found = if differs_in.is_empty() { "rows that agree" } else { differs_in };
    findings.compare(rule, place(table, id, "id"), "rows that agree", found);
}

/// `None` is a payment, a credit, a deposit or an invoice that does not exist.
fn compare_customers(
    id: i64,
    owner: Option<CustomerId>,
    debtor: Option<CustomerId>,
    names: &Names,
    findings: &mut Findings,
) {
    if owner.is_some() && owner == debtor {
        return findings.agrees(names.customer_rule);
    }
    let text = |id: Option<CustomerId>| id.map_or_else(|| "of nobody".to_owned(), |id| format!("of customer {}", id.0));
    findings.disagrees(names.customer_rule, place(names.allocations, id, "invoice_id"), text(owner), text(debtor));
}
