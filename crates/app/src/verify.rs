//! Recompute everything of an account that is stored twice, from the rows up, and name the first row that disagrees.
//!
//! Every noun is read once, as an ordered stream beside the rows that it is made of, so memory does not grow with the
//! account. Sums are taken in 128 bits: no stored number, however wrong, ends the run.

mod bulk;
mod chain;
mod checkpoints;
mod collections;
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
    /// Attempts to move money of which nobody knows yet how they end; that is no disagreement.
    pub open_collections: i64,
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

/// What the database itself finds broken, to be asked before the rules: they read by its indexes, which a single byte may part
/// from their rows.
pub fn damage(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    Ok(tx.damage()?)
}

/// Checks every rule of an account in the snapshot of the transaction; read-only. An error is a database that could not
/// be read, never a rule that does not hold.
pub fn run(tx: &mut Tx<'_>, account: AccountId) -> Result<Report, Error> {
    let stored = store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    let mut findings = Findings::new();
    reading("the ledger", chain::check(tx, account, &mut findings))?;
    reading("the checkpoints", checkpoints::check(tx, account, &mut findings))?;
    reading("the postings", postings::check(tx, &stored, &mut findings))?;
    reading("the invoices", invoices::check(tx, &stored, &mut findings))?;
    reading("the credit notes", credit_notes::check(tx, account, &mut findings))?;
    reading("the payments and credits", sources::check(tx, account, &mut findings))?;
    reading("the balances", receivables::check(tx, account, &mut findings))?;
    reading("the collections", collections::check(tx, account, &mut findings))?;
    reading("the purchases", purchases::check(tx, account, &mut findings))?;
    reading("the bulk jobs", bulk::check(tx, account, &mut findings))?;
    let open_collections = store::collection::count_open(tx, account)?;
    Ok(Report { account, checks: findings.into_checks(), open_collections })
}

/// Says where a value lies that is of no type that can be there; what is stored behind it was not compared.
fn reading<E: Into<Error>>(what: &str, checked: Result<(), E>) -> Result<(), Error> {
    checked.map_err(|error| match error.into() {
        Error::Database(db::Error::Value(text)) => {
            Error::Database(db::Error::Value(format!("{what} cannot be read: {text}")))
        }
        other => other,
    })
}
