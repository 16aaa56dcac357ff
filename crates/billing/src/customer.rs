//! Who is billed: the status machine and the fields.

use calendar::Instant;
use ledger::ChainHash;
use money::{Amount, Currency};

use crate::{id::CustomerId, named::named, refusal::Refusal};

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

named! {
    /// Accounting status (customers.md §1.4).
    pub enum AccountStatus {
        /// No overdue invoice.
        Good => "Good",
        /// At least one overdue invoice.
        PoorStanding => "PoorStanding",
        /// Set by hand.
        Collection => "Collection",
    }
}

named! {
    /// How a person is addressed.
    pub enum Title {
        /// Mr
        Mr => "Mr",
        /// Mrs
        Mrs => "Mrs",
        /// Ms
        Ms => "Ms",
        /// Miss
        Miss => "Miss",
        /// Dr
        Dr => "Dr",
    }
}

impl CustomerStatus {
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

    /// Invoices of active and cancelled customers may be written off (bulk-jobs.md §6.1).
    pub fn may_be_written_off(self) -> Result<(), Refusal> {
        match self {
            Self::Active | Self::Cancelled => Ok(()),
            Self::Draft | Self::Hold | Self::Suspended => Err(Refusal::CustomerCannotBeWrittenOff(self)),
        }
    }
}

/// What a command needs to know of the customer it has locked, and what postings change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedCustomer {
    /// Its id.
    pub id: CustomerId,
    /// Service status.
    pub status: CustomerStatus,
    /// Its one currency.
    pub currency: Currency,
    /// What it owes, less unallocated money: Σ of its accounts-receivable lines.
    pub balance: Amount,
    /// Number of ledger transactions so far.
    pub ledger_sequence: i64,
    /// Hash of the last one.
    pub ledger_hash: ChainHash,
}

/// The names and contacts that an invoice remembers as they were when it was posted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// At most 50 characters, as all names.
    pub first_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// At most 255 characters.
    pub company_name: Option<String>,
    /// Free text such as Jr.
    pub suffix: Option<String>,
    /// How the person is addressed.
    pub title: Option<Title>,
    /// One or several addresses, separated by semicolons.
    pub primary_email: Option<String>,
    /// At most 50 characters.
    pub primary_phone: Option<String>,
    /// For information only.
    pub secondary_email: Option<String>,
    /// At most 50 characters.
    pub secondary_phone: Option<String>,
    /// The caller's own id of the customer; not unique.
    pub reference: Option<String>,
}

/// When a customer came to be and was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Creation.
    pub created_at: Instant,
    /// Last change.
    pub modified_at: Instant,
}
