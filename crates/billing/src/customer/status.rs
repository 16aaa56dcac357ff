//! The status machine: which changes there are, and what a status forbids.

use crate::{event::EventType, named::named, refusal::Refusal};

named! {
    /// Service status (customers.md §1.3).
    pub enum CustomerStatus {
        /// New; not billed.
        Draft => "Draft",
        /// Billed.
        Active => "Active",
        /// Paused by a person.
        Hold => "Hold",
        /// Stopped by the system for unpaid invoices.
        Suspended => "Suspended",
        /// Gone, unless uncancelled.
        Cancelled => "Cancelled",
    }
}

/// What is done to the status of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusChange {
    /// A new customer is billed from now on.
    Activate,
    /// A person pauses an active one.
    Hold,
    /// A person ends the pause.
    Unhold,
    /// The system stops an active one whose invoices are overdue for too long.
    Suspend,
    /// The system lets it go on: nothing is overdue any more.
    Resume,
    /// The customer goes.
    Cancel,
    /// The customer comes back.
    Uncancel,
}

impl StatusChange {
    /// Every change.
    pub const ALL: &[Self] =
        &[Self::Activate, Self::Hold, Self::Unhold, Self::Suspend, Self::Resume, Self::Cancel, Self::Uncancel];

    /// From where it leads to where: all moves that there are (customers.md §1.3 and §5). Nothing leads to Draft.
    const fn rule(self) -> (&'static [CustomerStatus], CustomerStatus) {
        use CustomerStatus::{Active, Cancelled, Draft, Hold, Suspended};
        match self {
            Self::Activate => (&[Draft], Active),
            Self::Hold => (&[Active], Hold),
            Self::Unhold => (&[Hold], Active),
            Self::Suspend => (&[Active], Suspended),
            Self::Resume => (&[Suspended], Active),
            Self::Cancel => (&[Draft, Active, Hold, Suspended], Cancelled),
            Self::Uncancel => (&[Cancelled], Active),
        }
    }

    /// How others are told of it.
    #[must_use]
    pub const fn event(self) -> EventType {
        match self {
            Self::Activate => EventType::CustomerActivated,
            Self::Hold => EventType::CustomerHold,
            Self::Unhold => EventType::CustomerUnhold,
            Self::Suspend => EventType::CustomerSuspended,
            Self::Resume => EventType::CustomerResumed,
            Self::Cancel => EventType::CustomerCancelled,
            Self::Uncancel => EventType::CustomerUncancelled,
        }
    }

    /// The statuses from which it leads, for a sentence.
    pub(crate) fn sources(self) -> String {
        let mut names = self.rule().0.iter().map(ToString::to_string).collect::<Vec<_>>();
        let last = names.pop().unwrap_or_default();
        if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) }
    }

    /// What happens to the customer, for a sentence.
    pub(crate) const fn done(self) -> &'static str {
        match self {
            Self::Activate => "activated",
            Self::Hold => "put on hold",
            Self::Unhold => "taken off hold",
            Self::Suspend => "suspended",
            Self::Resume => "resumed",
            Self::Cancel => "cancelled",
            Self::Uncancel => "uncancelled",
        }
    }
}

impl CustomerStatus {
    /// The status after a change, or why there is no such change.
    pub fn after(self, change: StatusChange) -> Result<Self, Refusal> {
        let (from, to) = change.rule();
        if from.contains(&self) { Ok(to) } else { Err(Refusal::CustomerStatusForbids(change)) }
    }

    /// Draft purchases may be made for customers that are new, active or on hold (purchases.md §2.1).
    pub fn may_draft_purchases(self) -> Result<(), Refusal> {
        match self {
            Self::Draft | Self::Active | Self::Hold => Ok(()),
            Self::Suspended | Self::Cancelled => Err(Refusal::CustomerCannotPurchase(self)),
        }
    }

    /// Only active customers are charged (purchases.md §2.1).
    pub fn may_purchase(self) -> Result<(), Refusal> {
        match self {
            Self::Active => Ok(()),
            Self::Draft | Self::Hold | Self::Suspended | Self::Cancelled => Err(Refusal::CustomerCannotPurchase(self)),
        }
    }

    /// Cancelled customers stay as they are until they are uncancelled (customers.md §1.3).
    pub fn may_be_changed(self) -> Result<(), Refusal> {
        match self {
            Self::Draft | Self::Active | Self::Hold | Self::Suspended => Ok(()),
            Self::Cancelled => Err(Refusal::CustomerCancelled),
        }
    }

    /// Only customers that were never more than drafts are deleted (customers.md §2.6).
    pub fn may_be_deleted(self) -> Result<(), Refusal> {
        match self {
            Self::Draft => Ok(()),
            Self::Active | Self::Hold | Self::Suspended | Self::Cancelled => Err(Refusal::CustomerNotDeletable),
        }
    }

    /// Draft invoices of active customers may be posted, and those that a cancelled one left behind (customers.md §1.3).
    pub fn may_be_billed(self) -> Result<(), Refusal> {
        match self {
            Self::Active | Self::Cancelled => Ok(()),
            Self::Draft | Self::Hold | Self::Suspended => Err(Refusal::CustomerCannotBeBilled(self)),
        }
    }

    /// What was owed or paid before is recorded for active customers (bulk-jobs.md §7.12).
    pub fn may_have_opening_balance(self) -> Result<(), Refusal> {
        match self {
            Self::Active => Ok(()),
            Self::Draft | Self::Hold | Self::Suspended | Self::Cancelled => {
                Err(Refusal::CustomerCannotHaveOpeningBalance(self))
            }
        }
    }

    /// Invoices of active and cancelled customers may be written off (bulk-jobs.md §6.1).
    pub fn may_be_written_off(self) -> Result<(), Refusal> {
        match self {
            Self::Active | Self::Cancelled => Ok(()),
            Self::Draft | Self::Hold | Self::Suspended => Err(Refusal::CustomerCannotBeWrittenOff(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::named::Named;

    #[test]
    fn every_move() {
        use CustomerStatus::{Active, Cancelled, Draft, Hold, Suspended};
        let moves: Vec<_> = StatusChange::ALL
            .iter()
            .flat_map(|change| CustomerStatus::ALL.iter().map(move |from| (*change, *from)))
            .filter_map(|(change, from)| Some((change, from, from.after(change).ok()?)))
            .collect();
        let expected = [
            (StatusChange::Activate, Draft, Active),
            (StatusChange::Hold, Active, Hold),
            (StatusChange::Unhold, Hold, Active),
            (StatusChange::Suspend, Active, Suspended),
            (StatusChange::Resume, Suspended, Active),
            (StatusChange::Cancel, Draft, Cancelled),
            (StatusChange::Cancel, Active, Cancelled),
            (StatusChange::Cancel, Hold, Cancelled),
            (StatusChange::Cancel, Suspended, Cancelled),
            (StatusChange::Uncancel, Cancelled, Active),
        ];
        assert_eq!(moves, expected);
    }

    #[test]
    fn a_move_that_there_is_not_says_which_there_are() {
        let refused = |from: CustomerStatus, change| from.after(change).unwrap_err().to_string();
        assert_eq!(
            refused(CustomerStatus::Active, StatusChange::Activate),
            "Only customers in Draft status can be activated."
        );
        assert_eq!(
            refused(CustomerStatus::Cancelled, StatusChange::Cancel),
            "Only customers in Draft, Active, Hold or Suspended status can be cancelled."
        );
    }

    #[test]
    fn only_active_customers_are_charged() {
        for status in CustomerStatus::ALL {
            assert_eq!(status.may_purchase().is_ok(), *status == CustomerStatus::Active, "{status}");
        }
    }
}
