//! One transaction of a chain: its names, its lines, its hash.

use std::fmt::Display;

use billing::id::{AccountId, CustomerId};
use calendar::Instant;
use ledger::{ChainHash, LedgerAccount, Line, Terms, Transaction, TransactionKind};
use money::Currency;
use store::verify::{StoredLine, StoredTransaction};

use crate::verify::{
    Rule,
    findings::{Findings, place},
};

/// A transaction under way.
pub(super) struct Open {
    pub(super) id: i64,
    sequence: i64,
    effective_at: Instant,
    kind: Option<TransactionKind>,
    currency: Option<Currency>,
    hash: Option<ChainHash>,
    terms: Terms,
    lines: Vec<Line>,
    line_count: i64,
}

impl Open {
    /// Reads the head, and the terms of the row that it posts.
    pub(super) fn new(head: StoredTransaction<'_>, terms: Terms, findings: &mut Findings) -> Self {
        let place = |column| place("ledger_transaction", head.id, column);
        let mut known = |column, value: &str, is_known| {
            if is_known {
                findings.agrees(Rule::LedgerName);
            } else {
                findings.disagrees(Rule::LedgerName, place(column), "a known value", value);
            }
        };
        let (kind, currency) = (TransactionKind::parse(head.kind), Currency::parse(head.currency));
        let hash = ChainHash::parse_hex(head.hash);
        known("kind", head.kind, kind.is_some());
        known("currency", head.currency, currency.is_some());
        known("hash", head.hash, hash.is_some());
        Self {
            id: head.id,
            sequence: head.sequence,
            effective_at: head.effective_at,
            kind,
            currency,
            hash,
            terms,
            lines: Vec::with_capacity(1),
            line_count: 0,
        }
    }

    /// Reads the next line; its sides, as far as they are known: the account debited and the one credited.
    pub(super) fn add(&mut self, line: StoredLine<'_>, findings: &mut Findings) -> [Option<LedgerAccount>; 2] {
        let place = |column| place("ledger_line", self.id, column);
        self.line_count += 1;
        findings.compare(Rule::LedgerLineNumber, place("line_number"), self.line_count, line.number);
        let sides = [("debit", line.debit), ("credit", line.credit)].map(|(column, name)| {
            let known = LedgerAccount::parse(name);
            match known {
                Some(_) => findings.agrees(Rule::LedgerName),
                None => findings.disagrees(Rule::LedgerName, place(column), "a known account", name),
            }
            known
        });
        let wrong = |expected: &'static str, column, found: &dyn Display, findings: &mut Findings| {
            findings.disagrees(Rule::LedgerLine, place(column), expected, found);
        };
        if !line.amount.is_positive() {
            wrong("above zero", "amount", &line.amount, findings);
        } else if line.debit == line.credit {
            wrong("another account than the debit's", "credit", &line.credit, findings);
        } else {
            findings.agrees(Rule::LedgerLine);
        }
        if let [Some(debit), Some(credit)] = sides {
            self.lines.extend(Line::new(debit, credit, line.amount));
        }
        sides
    }

    /// Compares the hash; the one that the next transaction goes on from.
    pub(super) fn finish(
        self,
        account: AccountId,
        customer: CustomerId,
        previous: ChainHash,
        findings: &mut Findings,
    ) -> ChainHash {
        if self.line_count == 0 {
            let place = place("ledger_transaction", self.id, "id");
            findings.disagrees(Rule::LedgerLineNumber, place, "at least one line", "none");
        }
        let stored = self.hash;
        let is_whole = i64::try_from(self.lines.len()) == Ok(self.line_count);
        let (Some(kind), Some(currency), true) = (self.kind, self.currency, is_whole) else {
            // What cannot be read is named by another rule.
            return stored.unwrap_or(previous);
        };
        let Ok(transaction) = Transaction::new(kind, self.effective_at, currency, self.lines) else {
            return stored.unwrap_or(previous);
        };
        let expected =
            ChainHash::next(previous, account.0, customer.0, self.sequence, self.id, &transaction.on(self.terms));
        let found = stored.unwrap_or(expected);
        findings.compare(Rule::LedgerHash, place("ledger_transaction", self.id, "hash"), expected, found);
        found
    }
}
