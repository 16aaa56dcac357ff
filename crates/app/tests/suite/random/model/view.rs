//! What can be seen of a customer from outside.

use std::collections::{BTreeMap, BTreeSet};

use ledger::LedgerAccount;

use super::{Customer, Kind};

/// What every account of the chart holds, debits above zero, in cents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::random) struct Chart(BTreeMap<&'static str, i64>);

impl Chart {
    pub(super) fn post(&mut self, debit: LedgerAccount, credit: LedgerAccount, amount: i64) {
        assert!(amount >= 0, "{debit} {credit} {amount}");
        *self.0.entry(debit.name()).or_default() += amount;
        *self.0.entry(credit.name()).or_default() -= amount;
    }

    /// The accounts that hold anything.
    pub(in crate::random) fn held(&self) -> BTreeMap<String, i64> {
        self.0.iter().filter(|(_, held)| **held != 0).map(|(name, held)| ((*name).to_owned(), *held)).collect()
    }
}

/// All figures of a customer by id; comparing two of them compares everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::random) struct View {
    pub(in crate::random) balance: i64,
    /// Where the customer stands, and since which day it does not stand well.
    pub(in crate::random) standing: (String, Option<i64>),
    /// Amount, payments, credits, credit notes, write-offs, outstanding.
    pub(in crate::random) invoices: BTreeMap<i64, Vec<i64>>,
    /// By purchase: gross, discount, earned of both, reversed of both and of tax.
    pub(in crate::random) charges: BTreeMap<i64, Vec<i64>>,
    /// Whether it was paid, what it says; day, amount and rest of its instalments.
    pub(in crate::random) papers: BTreeMap<i64, (String, Vec<i64>)>,
    /// Everything that posting them later follows from: of two who change a draft it must be known who was first.
    pub(in crate::random) drafts: BTreeMap<i64, String>,
    /// By purchase that waits: what it sells; draft, gross, discount.
    pub(in crate::random) waiting: BTreeMap<i64, (String, Vec<i64>)>,
    /// By payment, credit or deposit: amount, unallocated, not given back.
    pub(in crate::random) funds: BTreeMap<i64, Vec<i64>>,
    /// By opening deferral: amount, earned, reversed.
    pub(in crate::random) deferrals: BTreeMap<i64, Vec<i64>>,
    /// By payment, credit or deposit, and invoice.
    pub(in crate::random) allocations: BTreeMap<(i64, i64), i64>,
    pub(in crate::random) held: BTreeMap<String, i64>,
}

impl Customer {
    /// The customer as it must look.
    pub(in crate::random) fn view(&self) -> View {
        let invoices = self.invoices.iter().map(|invoice| {
            let taken = [invoice.payments, invoice.credits, invoice.credit_notes, invoice.write_offs];
            (invoice.id.0, [&[invoice.amount], &taken[..], &[invoice.outstanding()]].concat())
        });
        let charges = self.invoices.iter().flat_map(|invoice| &invoice.charges).map(|charge| {
            let pairs = [charge.posted, charge.earned, charge.reversed].map(|pair| [pair.gross, pair.discount]);
            (charge.purchase.0, [pairs.as_flattened(), &[charge.reversed_tax]].concat())
        });
        let papers = self.invoices.iter().map(|invoice| (invoice.id.0, (invoice.says(), invoice.instalments())));
        let drafts = self.drafts.iter().map(|draft| (draft.id.0, draft.says()));
        let waiting = self.drafts.iter().flat_map(|draft| {
            draft
                .lines
                .iter()
                .map(|line| (line.purchase.0, (line.says(), vec![draft.id.0, line.gross(), line.discount()])))
        });
        let funds = self.funds.iter().map(|fund| {
            let left = if fund.kind == Kind::Deposit { fund.unallocated } else { fund.left };
            (fund.id, vec![fund.amount, fund.unallocated, left])
        });
        let deferrals = self.deferrals.iter().map(|one| (one.id, vec![one.amount, one.earned, one.reversed]));
        let standing = if self.poor_since.is_some() { "PoorStanding" } else { "Good" };
        let given = self.funds.iter().flat_map(|fund| fund.given.iter().map(|(id, part)| ((fund.id, id.0), *part)));
        View {
            balance: self.balance(),
            standing: (standing.to_owned(), self.poor_since),
            invoices: invoices.collect(),
            charges: charges.collect(),
            papers: papers.collect(),
            drafts: drafts.collect(),
            waiting: waiting.collect(),
            funds: funds.collect(),
            deferrals: deferrals.collect(),
            allocations: given.filter(|(_, part)| *part > 0).collect(),
            held: self.chart.held(),
        }
    }
}

impl View {
    /// What is here and not there, a line a figure.
    pub(in crate::random) fn without(&self, other: &Self) -> BTreeSet<String> {
        &self.lines() - &other.lines()
    }

    fn lines(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::from([format!("balance {}", self.balance), format!("{:?}", self.standing)]);
        lines.extend(self.invoices.iter().map(|(id, figures)| format!("invoice {id} {figures:?}")));
        lines.extend(self.charges.iter().map(|(id, figures)| format!("purchase {id} {figures:?}")));
        lines.extend(self.papers.iter().map(|(id, (says, parts))| format!("invoice {id} {says} {parts:?}")));
        lines.extend(self.drafts.iter().map(|(id, says)| format!("draft {id} {says}")));
        lines.extend(self.waiting.iter().map(|(id, waiting)| format!("waiting {id} {waiting:?}")));
        lines.extend(self.funds.iter().map(|(id, figures)| format!("fund {id} {figures:?}")));
        lines.extend(self.deferrals.iter().map(|(id, figures)| format!("deferral {id} {figures:?}")));
        lines.extend(self.allocations.iter().map(|(ids, amount)| format!("allocation {ids:?} {amount}")));
        lines.extend(self.held.iter().map(|(account, amount)| format!("{account} {amount}")));
        lines
    }
}
