//! An invoice as it must be.

use billing::id::InvoiceId;

use super::{Kind, charge::Charge};

/// What was charged at once, and what was taken from it.
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
}

impl Invoice {
    pub(super) fn of(id: InvoiceId, at: i64, charges: Vec<Charge>) -> Self {
        let amount = charges.iter().map(Charge::net).sum();
        Self { id, at, charges, amount, payments: 0, credits: 0, credit_notes: 0, write_offs: 0 }
    }

    pub(in crate::random) fn outstanding(&self) -> i64 {
        self.amount - self.payments - self.credits - self.credit_notes - self.write_offs
    }

    /// What was given to it of a kind.
    pub(super) fn taken(&mut self, kind: Kind) -> &mut i64 {
        match kind {
            Kind::Payment => &mut self.payments,
            Kind::Credit => &mut self.credits,
        }
    }
}
