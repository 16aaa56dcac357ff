//! The ledger beside the rows that it posts: each has the other, with the same amount. They share their id, and what is
//! earned of a charge at once has the id after it.

mod sides;

use billing::{
    earning::EarningTimingInterval,
    id::{AccountId, CustomerId},
    named::Named as _,
};
use db::Tx;
use ledger::TransactionKind;
use money::Amount;
use store::verify::{PostingRow, StoredFact};

use self::sides::Sides;
use super::{
    Rule,
    findings::{Findings, Sum, place},
};
use crate::Error;

/// Compares every id of the ledger with the row that it posts.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut walk = Walk { findings, sides: Sides::of_all()?, open: None, earning: None };
    store::verify::each_posting_row(tx, account, |id, row| {
        if walk.open.as_ref().is_none_or(|open| open.id != id) {
            walk.finish();
            walk.open = Some(Open { id, transaction: None, fact: None, posted: Sum::default() });
        }
        walk.add(row);
    })?;
    walk.finish();
    walk.expect_earning(None);
    Ok(())
}

/// An id under way.
struct Open {
    id: i64,
    transaction: Option<(CustomerId, Option<TransactionKind>)>,
    fact: Option<(Fact, Amount)>,
    /// Sum of the transaction's lines.
    posted: Sum,
}

#[derive(Clone, Copy)]
enum Fact {
    Charge { earns_at_once: bool },
    Payment(CustomerId),
    WriteOff(CustomerId),
}

impl Fact {
    fn of(stored: StoredFact<'_>) -> Self {
        match stored {
            StoredFact::Charge { earning } => {
                Self::Charge { earns_at_once: earning == EarningTimingInterval::EarnImmediately.name() }
            }
            StoredFact::Payment(customer) => Self::Payment(customer),
            StoredFact::WriteOff(customer) => Self::WriteOff(customer),
        }
    }

    fn kind(self) -> TransactionKind {
        match self {
            Self::Charge { .. } => TransactionKind::Charge,
            Self::Payment(_) => TransactionKind::Payment,
            Self::WriteOff(_) => TransactionKind::WriteOff,
        }
    }

    /// What holds of it, and where it is stored.
    fn rule(self) -> (Rule, &'static str) {
        match self {
            Self::Charge { .. } => (Rule::ChargePosting, "charge"),
            Self::Payment(_) => (Rule::PaymentPosting, "payment"),
            Self::WriteOff(_) => (Rule::WriteOffPosting, "write_off"),
        }
    }

    /// Whose it is; a charge's customer is its invoice's.
    fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Charge { .. } => None,
            Self::Payment(customer) | Self::WriteOff(customer) => Some(customer),
        }
    }
}

/// An earning that must be there: the id after its charge's, and the charge's amount.
struct Earning {
    id: i64,
    amount: Amount,
}

struct Walk<'f> {
    findings: &'f mut Findings,
    sides: Sides,
    open: Option<Open>,
    earning: Option<Earning>,
}

impl Walk<'_> {
    fn add(&mut self, row: PostingRow<'_>) {
        let Some(open) = &mut self.open else { return };
        match row {
            PostingRow::Transaction(customer, kind) => {
                open.transaction = Some((customer, TransactionKind::parse(kind)));
            }
            PostingRow::Line(line) => {
                open.posted.add(line.amount);
                if let Some((_, kind)) = open.transaction {
                    self.findings.agrees(Rule::LedgerOwner);
                    if let Some(kind) = kind {
                        self.sides.compare(open.id, kind, line, self.findings);
                    }
                } else {
                    let place = place("ledger_line", open.id, "transaction_id");
                    self.findings.disagrees(Rule::LedgerOwner, place, "a ledger transaction", "none");
                }
            }
            PostingRow::Fact(fact, amount) => open.fact = Some((Fact::of(fact), amount)),
        }
    }

    fn finish(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.expect_earning(Some(&open));
        match open.fact {
            Some((fact, amount)) => self.compare_fact(&open, fact, amount),
            None => self.compare_source(&open),
        }
    }

    /// A row that must be posted.
    fn compare_fact(&mut self, open: &Open, fact: Fact, amount: Amount) {
        let (rule, table) = fact.rule();
        self.findings.compare(rule, place(table, open.id, "amount"), open.posted, amount.into());
        if let Some((customer, kind)) = open.transaction {
            self.findings.agrees(Rule::PostingSource);
            let found = kind.map_or("another", TransactionKind::name);
            let place_of_kind = place("ledger_transaction", open.id, "kind");
            self.findings.compare(rule, place_of_kind, fact.kind().name(), found);
            let owner = fact.customer().unwrap_or(customer);
            self.findings.compare(rule, place(table, open.id, "customer_id"), customer.0, owner.0);
        }
        if matches!(fact, Fact::Charge { earns_at_once: true }) && amount.is_positive() {
            self.earning = Some(Earning { id: open.id.saturating_add(1), amount });
        }
    }

    /// A transaction that posts no row of its own id.
    fn compare_source(&mut self, open: &Open) {
        use TransactionKind::{Charge, Payment, WriteOff};
        // What earns over a period, and the kinds that nothing posts yet, have no row of their own to compare with.
        if let Some((_, Some(Charge | Payment | WriteOff))) = open.transaction {
            let place = place("ledger_transaction", open.id, "id");
            self.findings.disagrees(Rule::PostingSource, place, "the row that it posts", "none");
        }
    }

    /// Sees whether the earning that is awaited is the next id; none is next at the end.
    fn expect_earning(&mut self, next: Option<&Open>) {
        let is_earning =
            next.and_then(|open| open.transaction).is_some_and(|(_, kind)| kind == Some(TransactionKind::Earning));
        match (self.earning.take(), next) {
            (Some(earning), Some(open)) if is_earning && open.id == earning.id => {
                let place = place("ledger_line", open.id, "amount");
                self.findings.compare(Rule::ChargeEarning, place, earning.amount.into(), open.posted);
                self.findings.agrees(Rule::PostingSource);
            }
            (Some(earning), _) => {
                let place = place("charge", earning.id.saturating_sub(1), "earning_timing_interval");
                self.findings.disagrees(Rule::ChargeEarning, place, "no earning, as there is none", earning.amount);
            }
            (None, Some(open)) if is_earning => {
                let place = place("ledger_transaction", open.id, "id");
                self.findings.disagrees(Rule::PostingSource, place, "the charge that it earns", "none");
            }
            (None, _) => {}
        }
    }
}
