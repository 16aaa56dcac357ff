//! Transactions that cannot be out of balance, because each of their lines has two sides.

use calendar::Instant;
use money::{Amount, Currency, NumberError};

use crate::{LedgerAccount, Terms, TransactionKind};

/// Why two sides and an amount make no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    /// The direction is told by the sides, so the amount is above zero.
    #[error("the amount of a line must be above zero, not {0}")]
    NotPositive(Amount),
    /// A line moves money from one account to another.
    #[error("a line cannot debit and credit {0}")]
    SameAccount(LedgerAccount),
}

/// Why something cannot be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// One of the lines is not possible.
    #[error(transparent)]
    Line(#[from] Unbalanced),
    /// A transaction posts something.
    #[error("a transaction has at least one line")]
    NoLines,
    /// A sum does not fit.
    #[error("the amount {0}")]
    Number(#[from] NumberError),
}

/// An amount above zero that leaves one account for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: Amount,
}

impl Line {
    /// A line of two different accounts and an amount above zero.
    pub fn new(debit: LedgerAccount, credit: LedgerAccount, amount: Amount) -> Result<Self, Unbalanced> {
        if !amount.is_positive() {
            return Err(Unbalanced::NotPositive(amount));
        }
        if debit == credit {
            return Err(Unbalanced::SameAccount(debit));
        }
        Ok(Self { debit, credit, amount })
    }

    /// The account whose balance grows.
    pub const fn debit(self) -> LedgerAccount {
        self.debit
    }

    /// The account whose balance shrinks.
    pub const fn credit(self) -> LedgerAccount {
        self.credit
    }

    /// How much, above zero.
    pub const fn amount(self) -> Amount {
        self.amount
    }

    /// How much the line adds to the balance of an account, debits positive; zero for one it does not name.
    pub fn change_of(self, account: LedgerAccount) -> Amount {
        if account == self.debit {
            self.amount
        } else if account == self.credit {
            self.amount.negated()
        } else {
            Amount::ZERO
        }
    }
}

/// One money fact: what happened, when it counts, and the lines it posts. At least one line, all in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transaction {
    kind: TransactionKind,
    effective_at: Instant,
    currency: Currency,
    lines: Vec<Line>,
    terms: Terms,
}

impl Transaction {
    /// A transaction of those lines, in that order; refuses to be empty.
    pub fn new(
        kind: TransactionKind,
        effective_at: Instant,
        currency: Currency,
        lines: Vec<Line>,
    ) -> Result<Self, LedgerError> {
        if lines.is_empty() {
            return Err(LedgerError::NoLines);
        }
        Ok(Self { kind, effective_at, currency, lines, terms: Terms::default() })
    }

    /// The same transaction of a row that fixes these terms.
    #[must_use]
    pub fn on(self, terms: Terms) -> Self {
        Self { terms, ..self }
    }

    /// What happened.
    pub const fn kind(&self) -> TransactionKind {
        self.kind
    }

    /// When it counts, which may differ from when it was recorded.
    pub const fn effective_at(&self) -> Instant {
        self.effective_at
    }

    /// The currency of every line.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// What is posted, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What the row that it posts fixes beside the amount; nothing unless [`Transaction::on`] said it.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How much more the customer owes by it: accounts-receivable debits less credits.
    pub fn receivable_change(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.lines.iter().map(|line| line.change_of(LedgerAccount::AccountsReceivable)))
    }
}
