//! Recompute everything of an account that is stored twice, from the rows up, and name the first row that disagrees.
//!
//! Every noun is read once, as an ordered stream beside the rows that it is made of, so memory does not grow with the
//! account. Sums are taken in 128 bits: no stored number, however wrong, ends the run.

mod bulk;
mod chain;
mod checkpoints;
mod credit_notes;
mod findings;
mod group;
mod invoices;
mod postings;
mod purchases;
mod receivables;
mod rule;
mod sources;

use billing::id::AccountId;
use db::Tx;

use self::findings::Findings;
pub use self::{
    findings::{Check, Disagreement},
    rule::Rule,
};
use crate::Error;

/// What was found in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The account.
    pub account: AccountId,
    /// Every rule of [`Rule::ALL`], in that order.
    pub checks: Vec<Check>,
}

impl Report {
    /// Whether every row agrees.
    pub fn is_clean(&self) -> bool {
        self.checks.iter().all(|check| check.wrong == 0)
    }

    /// The first thing that is wrong of each rule that does not hold.
    pub fn disagreements(&self) -> impl Iterator<Item = (Rule, &Disagreement)> {
        self.checks.iter().filter_map(|check| Some((check.rule, check.first.as_ref()?)))
    }
}

/// Checks every rule of an account in the snapshot of the transaction; read-only. An error is a database that could not
/// be read, never a rule that does not hold.
pub fn run(tx: &mut Tx<'_>, account: AccountId) -> Result<Report, Error> {
    let stored = store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    let mut findings = Findings::new();
    chain::check(tx, account, &mut findings)?;
    checkpoints::check(tx, account, &mut findings)?;
    postings::check(tx, &stored, &mut findings)?;
    invoices::check(tx, &stored, &mut findings)?;
    credit_notes::check(tx, account, &mut findings)?;
    sources::check(tx, account, &mut findings)?;
    receivables::check(tx, account, &mut findings)?;
    purchases::check(tx, account, &mut findings)?;
    bulk::check(tx, account, &mut findings)?;
    Ok(Report { account, checks: findings.into_checks() })
}
