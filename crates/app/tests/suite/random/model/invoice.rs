//! An invoice as it must be.

use billing::id::InvoiceId;

use super::{Kind, charge::Charge, line::split};
use crate::random::operation::Amended;

/// What was charged at once, or owed before, and what was taken from it.
#[derive(Debug, Clone)]
pub(in crate::random) struct Invoice {
    pub(in crate::random) id: InvoiceId,
    pub(super) at: i64,
    pub(in crate::random) charges: Vec<Charge>,
    pub(in crate::random) amount: i64,
    pub(in crate::random) payments: i64,
    pub(in crate::random) credits: i64,
    pub(in crate::random) credit_notes: i64,
    pub(in crate::random) write_offs: i64,
    paper: Paper,
}

/// When it is to be paid, and what it says.
#[derive(Debug, Clone, Default)]
pub(super) struct Paper {
    term: i64,
    /// Cents, and days after the terms; the cents share what the invoice asks for.
    parts: Vec<(i64, i64)>,
    notes: Option<u64>,
    revision_count: u64,
    is_hidden: bool,
}

impl Invoice {
    pub(super) fn of(id: InvoiceId, at: i64, charges: Vec<Charge>, paper: Paper) -> Self {
        let amount = charges.iter().map(Charge::net).sum();
        Self { charges, paper: paper.of(amount), ..Self::over(id, at, amount) }
    }

    /// What was owed before.
    pub(super) fn over(id: InvoiceId, at: i64, amount: i64) -> Self {
        let paper = Paper::default().of(amount);
        let (charges, payments, credits, credit_notes, write_offs) = (Vec::new(), 0, 0, 0, 0);
        Self { id, at, charges, amount, payments, credits, credit_notes, write_offs, paper }
    }

    pub(in crate::random) fn outstanding(&self) -> i64 {
        self.amount - self.payments - self.credits - self.credit_notes - self.write_offs
    }

    /// What was given to it of a kind.
    pub(super) fn taken(&mut self, kind: Kind) -> &mut i64 {
        match kind {
            Kind::Payment | Kind::Deposit => &mut self.payments,
            Kind::Credit => &mut self.credits,
        }
    }

    pub(super) fn amend(&mut self, amended: Amended) {
        match amended {
            Amended::Term(days) => self.paper.term = days.unwrap_or(0),
            Amended::Hidden(is_hidden) => self.paper.is_hidden = is_hidden,
            Amended::Notes(notes) => {
                self.paper.revision_count += u64::from(notes != self.paper.notes);
                self.paper.notes = notes;
            }
        }
    }

    /// Whether it was paid, what it says, and how often that was another text.
    pub(super) fn says(&self) -> String {
        let is_void = self.credit_notes > 0 && self.credit_notes == self.amount;
        let is_paid = self.outstanding() == 0 && !is_void;
        // Whether what was given up in part counts as paid is nobody's concern.
        let paid = if self.write_offs > 0 { "given up" } else { ["open", "paid"][usize::from(is_paid)] };
        let notes = self.paper.notes.map(|note| format!("Note {note}"));
        told(paid, self.paper.is_hidden, self.paper.revision_count, notes)
    }

    /// Whether something was due on this day or before, of what was posted before it.
    pub(super) fn is_overdue(&self, today: i64) -> bool {
        let was_posted_before = self.at.div_euclid(86_400_000) < today;
        was_posted_before && self.instalments().chunks(3).any(|part| part[0] <= today && part[2] > 0)
    }

    /// Day, amount and rest of every instalment; what is given fills them as they fall due.
    pub(super) fn instalments(&self) -> Vec<i64> {
        let mut filled = self.amount - self.outstanding();
        let mut parts = self.paper.parts.clone();
        parts.sort_by_key(|(_, days)| *days);
        let due_on = self.at.div_euclid(86_400_000) + self.paper.term;
        let instalment = |(part, days): (i64, i64)| {
            let taken = filled.min(part);
            filled -= taken;
            [due_on + days, part, part - taken]
        };
        parts.into_iter().flat_map(instalment).collect()
    }
}

/// The same words for what must be and for what is there.
pub(in crate::random) fn told(paid: &str, is_hidden: bool, revision_count: u64, notes: Option<String>) -> String {
    let hidden = if is_hidden { "hidden" } else { "shown" };
    format!("{paid}, {hidden}, {revision_count} revisions, {}", notes.unwrap_or_default())
}

impl Paper {
    pub(super) fn new(term: i64, parts: Vec<(i64, i64)>) -> Self {
        Self { term, parts, ..Self::default() }
    }

    /// As it is to be paid for this amount.
    fn of(mut self, amount: i64) -> Self {
        if self.parts.is_empty() {
            self.parts = vec![(amount, 0)];
            return self;
        }
        let weights: Vec<i64> = self.parts.iter().map(|(part, _)| *part).collect();
        let shares = split(amount, &weights);
        self.parts.iter_mut().zip(shares).for_each(|((part, _), share)| *part = share);
        self
    }
}
