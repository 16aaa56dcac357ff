//! What may be changed of a posted invoice: when it falls due, who sees it, and what is printed on it (receivables.md §2.6).

use calendar::{Instant, Zone, add_days};

use super::{Invoice, Revision};
use crate::{purchase::Change, term::Term};

/// What a caller changes of a posted invoice; every value is within its own limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvoiceChange {
    /// Other terms; the default ones when cleared.
    pub term: Change<Term>,
    /// Whether the self-service portal hides it.
    pub is_hidden_on_portal: Option<bool>,
    /// Another purchase-order number, at most 255 characters.
    pub po_number: Change<String>,
    /// Other notes, at most 2000 characters.
    pub notes: Change<String>,
}

impl Invoice {
    /// Changes the invoice. Other terms count from the posting and move every instalment, whatever was paid of it. When what
    /// is printed becomes another text, the earlier one is kept under `revision`.
    pub fn amend(&mut self, change: &InvoiceChange, revision: i64, zone: &Zone, now: Instant) {
        let mut term = Some(self.term);
        change.term.apply(&mut term);
        self.term = term.unwrap_or(self.default_term);
        let due_on = self.term.due_on(zone.date_of(self.posted_at));
        for schedule in &mut self.schedules {
            schedule.due_at = zone.start_of(add_days(due_on, schedule.days_due_after_term));
        }
        self.is_hidden_on_portal = change.is_hidden_on_portal.unwrap_or(self.is_hidden_on_portal);
        let earlier = Revision { id: revision, po_number: self.po_number.clone(), notes: self.notes.clone(), at: now };
        change.po_number.apply(&mut self.po_number);
        change.notes.apply(&mut self.notes);
        if (&earlier.po_number, &earlier.notes) != (&self.po_number, &self.notes) {
            self.revisions.push(earlier);
        }
        self.modified_at = now;
    }
}
