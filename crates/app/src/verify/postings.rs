//! The ledger beside the rows that it posts. A transaction has the id of its row; what is earned has no row, but the
//! charge or the opening deferral that it is about.

mod charge;
mod deferral;
mod fact;
mod revenue;
mod schedule;
mod sides;

use billing::{account::Account, id::CustomerId};
use calendar::{Instant, Zone};
use db::Tx;
use ledger::TransactionKind;
use store::verify::{FactSource, PostingRow, StoredFact, StoredLine, StoredPosting, StoredSchedule, StoredTier};

use self::{charge::Charge, deferral::Deferral, fact::Fact, revenue::Revenue, sides::Sides};
use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};
use crate::Error;

/// Compares everything that was posted with what posts it, subject by subject.
pub(super) fn check(tx: &mut Tx<'_>, account: &Account, findings: &mut Findings) -> Result<(), Error> {
    let sides = Sides::of_all()?;
    let mut group = Group::<Subject>::new();
    store::verify::each_posting_row(tx, account.id, |id, row| {
        let subject = group.of(id, |id, subject| subject.finish(id, &account.zone, findings));
        match row {
            PostingRow::Fact(stored) => subject.add_fact(stored),
            PostingRow::Schedule(schedule) => subject.schedule = Some(schedule),
            PostingRow::Tier(tier) => subject.tiers.push(tier),
            PostingRow::Line(posting, line) => subject.add_line(posting, line, &sides, findings),
        }
    })?;
    group.end(|id, subject| subject.finish(id, &account.zone, findings));
    Ok(())
}

/// A charge, an opening deferral, a payment, a credit or the like under way, with all that was posted about it.
#[derive(Default)]
struct Subject {
    charge: Option<Charge>,
    deferral: Option<Deferral>,
    /// Those that no transaction has matched yet.
    facts: Vec<Fact>,
    schedule: Option<StoredSchedule>,
    tiers: Vec<StoredTier>,
    discounts: Sum,
    reversed: [Sum; 3],
    reversed_at: Vec<Instant>,
    transaction: Option<Posted>,
    revenue: Revenue,
}

/// A transaction under way.
struct Posted {
    id: i64,
    customer: CustomerId,
    effective_at: Instant,
    /// `None` is a kind that this version does not know, which another rule names.
    kind: Option<TransactionKind>,
    amount: Sum,
}

impl Subject {
    fn add_fact(&mut self, stored: StoredFact<'_>) {
        match stored.source {
            FactSource::Charge(charge) => self.charge = Some(Charge::new(&stored, &charge)),
            FactSource::Discount => self.discounts.add(stored.amount),
            FactSource::Reversal(reversal) => {
                let parts = [reversal.amount, reversal.discount, reversal.tax];
                for (sum, part) in self.reversed.iter_mut().zip(parts) {
                    sum.add(part);
                }
                self.reversed_at.extend(stored.effective_at);
            }
            FactSource::OpeningDeferral(deferral) => self.deferral = Some(Deferral::new(&stored, &deferral)),
            FactSource::Tax
            | FactSource::Payment
            | FactSource::Refund
            | FactSource::Credit
            | FactSource::Debit
            | FactSource::WriteOff
            | FactSource::OpeningBalance
            | FactSource::DeferralReversal => {}
        }
        self.facts.push(Fact::of(stored));
    }

    fn add_line(
        &mut self,
        posting: StoredPosting<'_>,
        line: Option<StoredLine<'_>>,
        sides: &Sides,
        findings: &mut Findings,
    ) {
        let StoredPosting { id, customer, effective_at, kind } = posting;
        if self.transaction.as_ref().is_none_or(|open| open.id != id) {
            self.finish_transaction(findings);
            let kind = TransactionKind::parse(kind);
            self.transaction = Some(Posted { id, customer, effective_at, kind, amount: Sum::default() });
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
            self.facts.swap_remove(index).compare(Some(&posted), findings);
        } else if posted.kind.is_some_and(fact::has_row) {
            findings.disagrees(Rule::PostingSource, row, "the row that it posts", "none");
        } else if self.charge.is_none() && self.deferral.is_none() && posted.kind.is_some_and(fact::is_about_charge) {
            findings.disagrees(Rule::PostingSource, row, "the charge that it is about", "none");
        } else {
            findings.agrees(Rule::PostingSource);
        }
        // A charge without an invoice is named by another rule.
        let of_deferral = || self.deferral.as_ref().and_then(|deferral| deferral.customer);
        if let Some(customer) = self.charge.as_ref().and_then(|charge| charge.customer).or_else(of_deferral) {
            let place = place("ledger_transaction", posted.id, "customer_id");
            findings.compare(Rule::PostingCustomer, place, customer.0, posted.customer.0);
        }
    }

    fn finish(mut self, id: i64, zone: &Zone, findings: &mut Findings) {
        self.finish_transaction(findings);
        for fact in &self.facts {
            fact.compare(None, findings);
        }
        if let Some(deferral) = &self.deferral {
            deferral.compare(id, &self.revenue, findings);
        }
        let Some(charge) = &self.charge else { return };
        charge.compare_reversed(id, self.reversed, findings);
        charge.compare_tiers(id, &self.tiers, findings);
        let reversed = charge.reversed;
        let gross = Sum::from(charge.amount).minus(&[reversed.amount]);
        self.revenue.compare_total(id, gross, self.discounts.minus(&[reversed.discount]), findings);
        self.revenue.compare_place(id, self.schedule, findings);
        if let Some(schedule) = &self.schedule {
            schedule::compare(id, charge, schedule, zone, findings);
            schedule::compare_recalculated(id, schedule, &self.reversed_at, zone, findings);
        }
    }
}
