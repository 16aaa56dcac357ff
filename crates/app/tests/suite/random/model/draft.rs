//! A draft invoice as it must be: lines that nobody owes, and what is to become of them.

use billing::id::{DraftInvoiceId, PurchaseId};

use super::{Refused, invoice::Paper, line::Line};
use crate::random::operation::{OfCharge, OfDraft};

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::random) enum Standing {
    Ready,
    Cancelled,
    Posted,
}

/// The same words for what must be and for what is there.
pub(in crate::random) fn told(standing: &str, term: &str, parts: &[(i64, i64)]) -> String {
    format!("{standing}, {term}, {parts:?}")
}

#[derive(Debug, Clone)]
pub(in crate::random) struct Draft {
    pub(in crate::random) id: DraftInvoiceId,
    pub(in crate::random) standing: Standing,
    pub(in crate::random) lines: Vec<Line>,
    term: i64,
    /// Cents, and days after the terms.
    parts: Vec<(i64, i64)>,
}

impl Draft {
    pub(super) fn new(id: i64, lines: Vec<Line>) -> Self {
        Self { id: DraftInvoiceId(id), standing: Standing::Ready, lines, term: 0, parts: Vec::new() }
    }

    /// What posting it would ask for.
    pub(in crate::random) fn total(&self, is_taxed: bool) -> i64 {
        self.lines.iter().map(|line| line.net(is_taxed)).sum()
    }

    /// Changes it; what is posted is the customer's business.
    pub(super) fn change(&mut self, act: &OfDraft, is_taxed: bool) -> Result<(), Refused> {
        let needed = if matches!(act, OfDraft::Restore) { Standing::Cancelled } else { Standing::Ready };
        if self.standing != needed {
            return Err(Refused);
        }
        match act {
            OfDraft::Post(_) => {}
            OfDraft::Cancel => self.standing = Standing::Cancelled,
            OfDraft::Restore => self.standing = Standing::Ready,
            OfDraft::Term(days) => self.term = days.unwrap_or(0),
            OfDraft::Charge(purchase, change) => self.change_line(*purchase, *change)?,
            OfDraft::Schedule(parts) => {
                if parts.iter().map(|(part, _)| part).sum::<i64>() != self.total(is_taxed) {
                    return Err(Refused);
                }
                self.parts.clone_from(parts);
            }
        }
        Ok(())
    }

    fn change_line(&mut self, purchase: PurchaseId, change: OfCharge) -> Result<(), Refused> {
        let place = self.lines.iter().position(|line| line.purchase == purchase).ok_or(Refused)?;
        let line = &mut self.lines[place];
        match change {
            OfCharge::Delete => {
                self.lines.remove(place);
            }
            OfCharge::Reprice(hundredths, cents) => (line.hundredths, line.cents) = (hundredths, cents),
            OfCharge::Discount(_) if line.taken.is_none() => return Err(Refused),
            OfCharge::Discount(taken) => line.taken = taken,
        }
        Ok(())
    }

    /// Takes out what is posted: the lines of these purchases, or all. It ends with its last line.
    pub(super) fn take(&mut self, only: Option<&[PurchaseId]>) -> Result<(Vec<Line>, Paper), Refused> {
        let is_here = |purchase: &PurchaseId| self.lines.iter().any(|line| line.purchase == *purchase);
        if self.standing != Standing::Ready || self.lines.is_empty() || !only.unwrap_or_default().iter().all(is_here) {
            return Err(Refused);
        }
        let is_taken = |line: &Line| only.is_none_or(|only| only.contains(&line.purchase));
        let (taken, left) = std::mem::take(&mut self.lines).into_iter().partition(is_taken);
        self.lines = left;
        let paper = Paper::new(self.term, self.parts.clone());
        if self.lines.is_empty() {
            self.standing = Standing::Posted;
            self.parts.clear();
        }
        Ok((taken, paper))
    }

    /// Where it stands, and when it is to be paid once it is posted.
    pub(super) fn says(&self) -> String {
        told(&format!("{:?}", self.standing), &format!("Net{}", self.term), &self.parts)
    }
}
