//! The ledger beside the rows that it posts. A transaction has the id of its row; what is earned has no row, but the
//! charge that it is about.

mod fact;
mod revenue;
mod sides;

use billing::id::{AccountId, CustomerId};
use db::Tx;
use ledger::TransactionKind;
use money::Amount;
use store::verify::{PostingRow, StoredFact, StoredLine, StoredReversal, StoredSchedule};

use self::{fact::Fact, revenue::Revenue, sides::Sides};
use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};
use crate::Error;

/// Compares everything that was posted with what posts it, subject by subject.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let sides = Sides::of_all()?;
    let mut group = Group::<Subject>::new();
    store::verify::each_posting_row(tx, account, |id, row| {
        let subject = group.of(id, |id, subject| subject.finish(id, findings));
        match row {
            PostingRow::Fact(id, stored, amount) => subject.add_fact(id, stored, amount),
            PostingRow::Schedule(schedule) => subject.schedule = Some(schedule),
            PostingRow::Line(id, customer, kind, line) => subject.add_line(id, customer, kind, line, &sides, findings),
        }
    })?;
    group.end(|id, subject| subject.finish(id, findings));
    Ok(())
}

/// A charge, a payment or a write-off under way, with all that was posted about it.
#[derive(Default)]
struct Subject {
    charge: Option<Charge>,
    /// Those that no transaction has matched yet.
    facts: Vec<Fact>,
    schedule: Option<StoredSchedule>,
    discounts: Sum,
    reversed: [Sum; 3],
    transaction: Option<Posted>,
    revenue: Revenue,
}

/// What a charge says of itself.
struct Charge {
    amount: Amount,
    earns: bool,
    reversed: StoredReversal,
}

/// A transaction under way.
struct Posted {
    id: i64,
    customer: CustomerId,
    /// `None` is a kind that this version does not know, which another rule names.
    kind: Option<TransactionKind>,
    amount: Sum,
}

impl Subject {
    fn add_fact(&mut self, id: i64, stored: StoredFact<'_>, amount: Amount) {
        match stored {
            StoredFact::Charge(timing, reversed) => {
                self.charge = Some(Charge { amount, earns: revenue::earns(timing), reversed });
            }
            StoredFact::Discount => self.discounts.add(amount),
            StoredFact::Reversal(reversal) => {
                let parts = [reversal.amount, reversal.discount, reversal.tax];
                for (sum, part) in self.reversed.iter_mut().zip(parts) {
                    sum.add(part);
                }
            }
            StoredFact::Tax | StoredFact::Payment(_) | StoredFact::WriteOff(_) => {}
        }
        self.facts.push(Fact::of(id, stored, amount));
    }

    fn add_line(
        &mut self,
        id: i64,
        customer: CustomerId,
        kind: &str,
        line: Option<StoredLine<'_>>,
        sides: &Sides,
        findings: &mut Findings,
    ) {
        if self.transaction.as_ref().is_none_or(|open| open.id != id) {
            self.finish_transaction(findings);
            let kind = TransactionKind::parse(kind);
            self.transaction = Some(Posted { id, customer, kind, amount: Sum::default() });
        }
        let (Some(open), Some(line)) = (&mut self.transaction, line) else { return };
        open.amount.add(line.amount);
        if let Some(kind) = open.kind {
            sides.compare(id, kind, line, findings);
        }
        self.revenue.add(line);
    }

    /// Matches a whole transaction with its row.
    fn finish_transaction(&mut self, findings: &mut Findings) {
        let Some(posted) = self.transaction.take() else { return };
        let row = place("ledger_transaction", posted.id, "id");
        if let Some(index) = self.facts.iter().position(|fact| fact.id == posted.id) {
            findings.agrees(Rule::PostingSource);
            self.facts.swap_remove(index).compare(posted.amount, Some((posted.customer, posted.kind)), findings);
        } else if posted.kind.is_some_and(fact::has_row) {
            findings.disagrees(Rule::PostingSource, row, "the row that it posts", "none");
        } else if self.charge.is_none() && posted.kind.is_some_and(fact::is_about_charge) {
            findings.disagrees(Rule::PostingSource, row, "the charge that it is about", "none");
        } else {
            findings.agrees(Rule::PostingSource);
        }
    }

    fn finish(mut self, id: i64, findings: &mut Findings) {
        self.finish_transaction(findings);
        for fact in &self.facts {
            fact.compare(Sum::default(), None, findings);
        }
        let Some(charge) = &self.charge else { return };
        let StoredReversal { amount, discount, tax } = charge.reversed;
        let stored = [("reversed", amount), ("reversed_discount", discount), ("reversed_tax", tax)];
        for ((column, found), expected) in stored.into_iter().zip(self.reversed) {
            findings.compare(Rule::ChargeReversed, place("charge", id, column), expected, found.into());
        }
        let gross = Sum::from(charge.amount).minus(&[amount]);
        self.revenue.compare_total(id, gross, self.discounts.minus(&[discount]), findings);
        self.revenue.compare_place(id, self.schedule, charge.earns, findings);
    }
}
