//! Draft invoices: priced charges that wait to be posted (receivables.md §3). Nothing of a draft is in the ledger; its
//! taxes, totals and due dates are what posting it now would make.

mod bill;
mod change;
mod charge;

use calendar::{Date, Instant};
use money::{Amount, Currency, NumberError};

pub use self::{
    bill::Bill,
    change::{ChargeChange, DiscountChange, DraftChange, Operation, TierChange},
    charge::{DraftCharge, DraftDiscount, DraftTier},
};
use crate::{
    customer::{AccountStatus, Contact, CustomerStatus},
    id::{ChargeId, CustomerId, DraftInvoiceId, PaymentActivityId, PurchaseId},
    named::named,
    problem::Problems,
    refusal::Refusal,
    term::Term,
};

named! {
    /// Where a draft invoice stands (receivables.md §3.1). The reference does not name the last two.
    pub enum DraftInvoiceStatus {
        /// May be changed, posted and cancelled.
        Ready => "Ready",
        /// Waits for the end of its billing period; subscriptions only.
        Pending => "Pending",
        /// Foretells a billing period; subscriptions only.
        Projected => "Projected",
        /// Will not be posted, unless it is restored.
        Cancelled => "Cancelled",
        /// All of it was posted; shown to nobody.
        Posted => "Posted",
    }
}

/// Longest purchase-order number, in characters.
pub const PO_NUMBER_LENGTH_MAX: usize = 255;
/// Longest notes, in characters.
pub const NOTES_LENGTH_MAX: usize = 2_000;
/// Longest texts of charges, discounts and tiers, in characters.
pub const TEXT_LENGTH_MAX: usize = 2_000;

/// What a draft says beside its charges, and its invoice will.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftTerms {
    /// Terms of its own; `None` for the customer's.
    pub term: Option<Term>,
    /// A purchase-order number of its own; `None` for the customer's standing one.
    pub po_number: Option<String>,
    /// Printed on it.
    pub notes: Option<String>,
    /// A date that the merchant knows it by.
    pub reference_date: Option<Date>,
}

/// A draft invoice as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftInvoice {
    /// Its id.
    pub id: DraftInvoiceId,
    /// Who will owe.
    pub customer: CustomerId,
    /// Where it stands.
    pub status: DraftInvoiceStatus,
    /// The collection that it waits for, during which nothing of it may change.
    pub reserved_by: Option<PaymentActivityId>,
    /// What it says.
    pub terms: DraftTerms,
    /// Creation.
    pub created_at: Instant,
    /// Last change.
    pub modified_at: Instant,
    /// Its lines.
    pub charges: Vec<DraftCharge>,
    /// How it is to be paid in parts; empty when it is not.
    pub instalments: Vec<Instalment>,
}

/// A part in which an invoice is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// Its id, which it keeps when the draft is posted.
    pub id: i64,
    /// What was asked for. When the total becomes another one, the instalments share it in proportion.
    pub amount: Amount,
    /// Days after the invoice's own terms; not negative.
    pub days_due_after_term: i64,
}

/// A draft invoice as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftInvoiceSummary {
    /// Its id.
    pub id: DraftInvoiceId,
    /// Where it stands.
    pub status: DraftInvoiceStatus,
    /// Creation.
    pub created_at: Instant,
    /// Last change.
    pub modified_at: Instant,
    /// Its charges less their discounts, before tax.
    pub pending: Amount,
    /// Who will owe.
    pub customer: CustomerId,
    /// The customer's names and contacts.
    pub contact: Contact,
    /// The customer's currency.
    pub currency: Currency,
    /// The customer's parent.
    pub parent: Option<CustomerId>,
    /// Whether other customers name it as their parent.
    pub is_parent: bool,
    /// The customer's accounting status.
    pub account_status: AccountStatus,
    /// The customer's service status.
    pub customer_status: CustomerStatus,
}

impl DraftInvoice {
    /// Only what is ready is posted.
    pub fn may_be_posted(&self) -> Result<(), Refusal> {
        self.is_ready_to("posted")?;
        if self.charges.is_empty() { Err(Refusal::DraftInvoiceEmpty(self.id)) } else { Ok(()) }
    }

    /// Only what is ready is changed.
    pub fn may_be_modified(&self) -> Result<(), Refusal> {
        self.is_ready_to("modified")
    }

    /// Only what is ready is cancelled.
    pub fn may_be_cancelled(&self) -> Result<(), Refusal> {
        self.is_ready_to("cancelled")
    }

    fn is_ready_to(&self, act: &'static str) -> Result<(), Refusal> {
        match self.status {
            DraftInvoiceStatus::Ready => self.reserved_by.map_or(Ok(()), |activity| Err(Refusal::Reserved(activity))),
            DraftInvoiceStatus::Pending
            | DraftInvoiceStatus::Projected
            | DraftInvoiceStatus::Cancelled
            | DraftInvoiceStatus::Posted => Err(Refusal::DraftInvoiceNotReady(act)),
        }
    }

    /// Only what is cancelled is restored.
    pub fn may_be_restored(&self) -> Result<(), Refusal> {
        match self.status {
            DraftInvoiceStatus::Cancelled => Ok(()),
            DraftInvoiceStatus::Ready
            | DraftInvoiceStatus::Pending
            | DraftInvoiceStatus::Projected
            | DraftInvoiceStatus::Posted => Err(Refusal::DraftInvoiceNotCancelled),
        }
    }

    /// Takes the charges that are to be posted out of the draft: those that are named, or all. Names that are no charges of
    /// the draft go to `problems`.
    pub fn take(&mut self, only: Option<&[ChargeId]>, problems: &mut Problems) -> Vec<DraftCharge> {
        let Some(only) = only else { return std::mem::take(&mut self.charges) };
        for (index, id) in only.iter().enumerate() {
            if !self.charges.iter().any(|charge| charge.id == *id) {
                let text = format!("DraftCharge with id {id} not found.");
                problems.item("DraftChargeIds", index, |problems| problems.push("", text));
            }
        }
        let (taken, left) = std::mem::take(&mut self.charges).into_iter().partition(|charge| only.contains(&charge.id));
        self.charges = left;
        taken
    }

    /// Takes the charge of a purchase out of the draft.
    pub fn withdraw(&mut self, purchase: PurchaseId) {
        self.charges.retain(|charge| charge.purchase != purchase);
    }
}

/// What each instalment is of a total: as it was asked for, or in proportion when the total is another one. Instalments
/// that ask for nothing leave everything to the first.
pub fn shares(total: Amount, instalments: &[Instalment], currency: Currency) -> Result<Vec<Amount>, NumberError> {
    let mut weights: Vec<i64> = instalments.iter().map(|instalment| instalment.amount.millionths()).collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights.iter_mut().take(1).for_each(|weight| *weight = 1);
    }
    total.allocate(&weights, currency)
}

/// Refuses instalments that do not add up to the total of their draft (receivables.md §4.3).
pub fn check_sum(total: Amount, instalments: &[Instalment]) -> Result<(), Refusal> {
    let sum = Amount::sum(instalments.iter().map(|instalment| instalment.amount))?;
    if sum == total { Ok(()) } else { Err(Refusal::InstalmentsDiffer(sum, total)) }
}
