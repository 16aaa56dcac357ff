//! Who is billed: what commands lock, and what invoices remember of a customer.

mod billing_setting;
mod email;
mod email_preference;
mod fields;
mod hierarchy;
mod identity;
mod note;
mod position;
mod status;

use calendar::Instant;
use ledger::ChainHash;
use money::{Amount, Currency};

pub use self::{
    billing_setting::{AutoCollectSettingType, BillingSetting, InvoiceDisplay, RECHARGE_TYPE, ServiceStartOption},
    email_preference::{EmailCategory, EmailPreferences, EmailType},
    fields::{
        Acquisition, CustomerFields, Integrations, QuickBooksLatchType, SalesforceAccountType, SynchStatus,
        TrackingCode, TrackingPlace,
    },
    hierarchy::{Family, LEVELS_MAX, Relative},
    identity::Identity,
    note::{NOTE_LENGTH_MAX, Note, SOURCE_LENGTH_MAX},
    position::{LastPayment, Position},
    status::{CustomerStatus, StatusChange},
};
use crate::{id::CustomerId, named::named};

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

impl AccountStatus {
    /// Whether something is overdue, as far as it is counted.
    pub fn is_poor(self) -> bool {
        match self {
            Self::PoorStanding => true,
            Self::Good | Self::Collection => false,
        }
    }

    /// What an update that names `asked` makes of this status: a person sets and removes `Collection`, everything else
    /// is the system's to say (customers.md §1.4).
    #[must_use]
    pub fn after_update(self, asked: Option<Self>) -> Self {
        match (self, asked) {
            (_, Some(Self::Collection)) => Self::Collection,
            (Self::Collection, Some(Self::Good | Self::PoorStanding)) => Self::Good,
            (current, Some(Self::Good | Self::PoorStanding) | None) => current,
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
    /// Accounting status.
    pub account_status: AccountStatus,
    /// It is in poor standing with less than this in advance, if it is judged by that too.
    pub standing_threshold: Option<Amount>,
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

/// A customer as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Service status.
    pub status: CustomerStatus,
    /// Accounting status.
    pub account_status: AccountStatus,
    /// Its one currency.
    pub currency: Currency,
    /// It is a draft of which nothing is in that currency yet: an update may name another one.
    pub can_change_currency: bool,
    /// What it owes, less unallocated money.
    pub balance: Amount,
    /// What callers write.
    pub fields: CustomerFields,
    /// Other customers name it as their parent.
    pub is_parent: bool,
    /// Creation.
    pub created_at: Instant,
    /// Last change of the fields or the status.
    pub modified_at: Instant,
    /// When it became active.
    pub activated_at: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_sets_and_removes_collection_and_nothing_else() {
        use AccountStatus::{Collection, Good, PoorStanding};
        let rows = [
            (Good, None, Good),
            (Good, Some(PoorStanding), Good),
            (Good, Some(Collection), Collection),
            (PoorStanding, Some(Good), PoorStanding),
            (PoorStanding, Some(Collection), Collection),
            (Collection, None, Collection),
            (Collection, Some(Collection), Collection),
            (Collection, Some(Good), Good),
            (Collection, Some(PoorStanding), Good),
        ];
        for (current, asked, expected) in rows {
            assert_eq!(current.after_update(asked), expected, "{current} {asked:?}");
        }
    }
}
