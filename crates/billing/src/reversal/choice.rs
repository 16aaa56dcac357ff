//! Which charges of an invoice are taken back in one act.

use std::collections::{HashMap, HashSet};

use super::{Extent, Taken};
use crate::{
    id::ChargeId,
    invoice::{Charge, Invoice},
    refusal::Refusal,
};

/// Charges of one invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// All of which anything is left.
    All,
    /// Each of these.
    These(Vec<ChargeId>),
}

impl Choice {
    /// The chosen charges. Something must be left of each that is named, and of one at least.
    pub fn of<'i>(&self, invoice: &'i Invoice) -> Result<Vec<&'i Charge>, Refusal> {
        match self {
            Self::All => {
                if invoice.owed_before.is_some() {
                    return Err(Refusal::OpeningBalanceNotReversible(invoice.id));
                }
                let left: Vec<_> = invoice.charges.iter().filter(|charge| charge.is_reversible()).collect();
                if left.is_empty() { Err(Refusal::NothingLeftOfInvoice(invoice.id)) } else { Ok(left) }
            }
            Self::These(ids) => {
                let on_invoice: HashMap<_, _> = invoice.charges.iter().map(|charge| (charge.id, charge)).collect();
                let mut seen = HashSet::new();
                let charges = ids.iter().map(|id| {
                    if !seen.insert(*id) {
                        return Err(Refusal::ChargeListedTwice(*id));
                    }
                    let charge = *on_invoice.get(id).ok_or(Refusal::ChargeNotOnInvoice(*id, invoice.id))?;
                    if charge.is_reversible() { Ok(charge) } else { Err(Refusal::NothingLeftOfCharge(*id)) }
                });
                charges.collect()
            }
        }
    }

    /// Refuses what took nothing back: of a charge that is named, or of all of them.
    pub fn check(&self, invoice: &Invoice, extent: Extent, taken: &[Taken]) -> Result<(), Refusal> {
        let is_unearned = extent == Extent::Unearned;
        match self {
            Self::All if taken.iter().all(Taken::is_nothing) => Err(if is_unearned {
                Refusal::NothingUnearnedOfInvoice(invoice.id)
            } else {
                Refusal::NothingLeftOfInvoice(invoice.id)
            }),
            Self::All => Ok(()),
            Self::These(ids) => match ids.iter().zip(taken).find(|(_, taken)| taken.is_nothing()) {
                Some((id, _)) if is_unearned => Err(Refusal::NothingUnearnedOfCharge(*id)),
                Some((id, _)) => Err(Refusal::NothingLeftOfCharge(*id)),
                None => Ok(()),
            },
        }
    }
}
