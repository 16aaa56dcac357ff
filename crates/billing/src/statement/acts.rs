//! What a customer knows a period by: an invoice is one line and not its charges, discounts and taxes.

use calendar::Instant;
use ledger::TransactionKind;
use money::{Amount, NumberError};

use super::{Entry, Statement};
use crate::id::PurchaseId;

/// What happened, as the customer knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    /// An invoice was posted.
    Invoice,
    /// A part of an invoice was taken back.
    CreditNote,
    /// Money was received.
    Payment,
    /// Money was given back.
    Refund,
    /// Goodwill was given.
    Credit,
    /// Goodwill was taken back.
    Debit,
    /// What an invoice owed was given up.
    WriteOff,
    /// What was owed or paid before was taken over.
    OpeningBalance,
}

/// One line of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When it counts.
    pub at: Instant,
    /// What happened.
    pub kind: ActKind,
    /// The number of the invoice that it is about; payments and credits may be about several, and tell none.
    pub invoice: Option<i64>,
    /// The number of the credit note that it is.
    pub credit_note: Option<String>,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// What it added to the balance, less what it took; below zero when it took more.
    pub change: Amount,
    /// What the customer owed after it.
    pub balance: Amount,
    /// What was sold by it.
    pub purchases: Vec<PurchaseId>,
}

impl ActKind {
    /// What a transaction is a part of; `None` for one that moves no balance.
    fn of(kind: TransactionKind) -> Option<Self> {
        Some(match kind {
            TransactionKind::Charge | TransactionKind::Discount | TransactionKind::Tax => Self::Invoice,
            TransactionKind::ReverseCharge | TransactionKind::ReverseDiscount | TransactionKind::ReverseTax => {
                Self::CreditNote
            }
            TransactionKind::Payment => Self::Payment,
            TransactionKind::Refund => Self::Refund,
            TransactionKind::Credit => Self::Credit,
            TransactionKind::Debit => Self::Debit,
            TransactionKind::WriteOff => Self::WriteOff,
            TransactionKind::OpeningBalance => Self::OpeningBalance,
            TransactionKind::Earning
            | TransactionKind::DiscountEarning
            | TransactionKind::OpeningDeferral
            | TransactionKind::ReverseOpeningDeferral => return None,
        })
    }

    /// Whether it is about one invoice and no other.
    fn is_of_an_invoice(self) -> bool {
        match self {
            Self::Invoice | Self::CreditNote | Self::WriteOff | Self::OpeningBalance => true,
            Self::Payment | Self::Refund | Self::Credit | Self::Debit => false,
        }
    }

    /// Whether several transactions are parts of one.
    fn has_parts(self) -> bool {
        match self {
            Self::Invoice | Self::CreditNote => true,
            Self::Payment | Self::Refund | Self::Credit | Self::Debit | Self::WriteOff | Self::OpeningBalance => false,
        }
    }
}

impl Statement {
    /// The entries as the customer knows them. The parts of an invoice, and of a credit note, follow each other.
    pub fn acts(&self) -> Result<Vec<Act>, NumberError> {
        let mut acts: Vec<Act> = Vec::new();
        for entry in &self.entries {
            let Some(act) = Act::of(entry)? else { continue };
            match acts.last_mut().filter(|last| last.is_continued_by(&act)) {
                Some(last) => last.add(act)?,
                None => acts.push(act),
            }
        }
        Ok(acts)
    }
}

impl Act {
    fn of(Entry { activity, balance }: &Entry) -> Result<Option<Self>, NumberError> {
        let Some(kind) = ActKind::of(activity.kind) else { return Ok(None) };
        let invoice = activity.invoices.first().filter(|_| kind.is_of_an_invoice());
        Ok(Some(Self {
            at: activity.effective_at,
            kind,
            invoice: invoice.map(|invoice| invoice.number),
            credit_note: activity.credit_note.clone(),
            reference: activity.reference.clone(),
            change: activity.debit.checked_sub(activity.credit)?,
            balance: *balance,
            purchases: activity.sold().into_iter().collect(),
        }))
    }

    /// A credit note is named by the charges that it takes back; what goes back of discounts and taxes follows them.
    fn is_continued_by(&self, next: &Self) -> bool {
        self.kind.has_parts()
            && (self.at, self.kind, self.invoice) == (next.at, next.kind, next.invoice)
            && next.credit_note.as_ref().is_none_or(|number| self.credit_note.as_ref() == Some(number))
    }

    fn add(&mut self, next: Self) -> Result<(), NumberError> {
        self.change = self.change.checked_add(next.change)?;
        self.balance = next.balance;
        self.purchases.extend(next.purchases);
        Ok(())
    }
}
