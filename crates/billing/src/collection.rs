//! Collections: attempts to move money through a payment gateway, from the intent to the end, and what follows.
//!
//! Between the intent and the end no transaction is open, so all that has to be done at the end is kept with the intent.

use calendar::{Date, Instant};
use money::{Amount, Currency};

use crate::{
    id::{CustomerId, DraftInvoiceId, GatewayId, PaymentActivityId, PaymentId, PaymentMethodId, PurchaseId},
    named::named,
    payment::{self, AllocateOrder, Allocation, OpenInvoice, PaymentMethod, PaymentSource, Split},
    payment_activity::ActivityStatus,
    refusal::Refusal,
};

/// How long a collection may be under way before a person may say how it ended, if nobody has said that nothing is known.
pub const CALL_MS_MAX: i64 = 120_000;

/// How long whoever talks to the gateway may show no sign of life before somebody else asks it what became of the collection,
/// if nobody says otherwise.
pub const SIGN_OF_LIFE_MS_MAX: i64 = 30_000;

named! {
    /// Where a collection stands.
    pub enum CollectionState {
        /// Somebody talks to the gateway.
        Calling => "Calling",
        /// The gateway gave no clear answer, and is asked again later.
        Unclear => "Unclear",
        /// It is known whether the money moved.
        Ended => "Ended",
    }
}

named! {
    /// What the money is for.
    pub enum CollectionPurpose {
        /// For invoices that are posted, and the rest for available funds.
        Pay => "Pay",
        /// For purchases that are finalized only if the money comes.
        Finalize => "Finalize",
        /// For draft invoices that are posted only if the money comes.
        PostDrafts => "PostDrafts",
        /// To give a payment back.
        Refund => "Refund",
    }
}

/// What is to be done when the money moved, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the money is for.
    pub purpose: CollectionPurpose,
    /// Invoices that are to get it, with as much of it; for a refund, that give it back.
    pub allocations: Vec<Allocation>,
    /// Give the rest to outstanding invoices in this order.
    pub auto_allocate: Option<AllocateOrder>,
    /// The purchases that are collected for, in the order of the request; those of [`CollectionPurpose::Finalize`] are
    /// reserved.
    pub purchases: Vec<PurchaseId>,
    /// The drafts of [`CollectionPurpose::PostDrafts`]; they are reserved.
    pub drafts: Vec<DraftInvoiceId>,
    /// Makes the customer active first.
    pub activates_customer: bool,
    /// Gives available funds to the invoices before the money.
    pub uses_funds_first: bool,
    /// When the money does not come, the invoices stay open and the caller gets its answer all the same.
    pub tolerates_failure: bool,
    /// The payment that is given back.
    pub refunds: Option<PaymentId>,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// As the caller gave it.
    pub reference_date: Option<Date>,
    /// When the money counts; when it moved, if nobody said.
    pub effective_at: Option<Instant>,
}

impl Plan {
    /// Nothing but money of this purpose.
    pub fn new(purpose: CollectionPurpose) -> Self {
        Self {
            purpose,
            allocations: Vec::new(),
            auto_allocate: None,
            purchases: Vec::new(),
            drafts: Vec::new(),
            activates_customer: false,
            uses_funds_first: false,
            tolerates_failure: false,
            refunds: None,
            reference: None,
            reference_date: None,
            effective_at: None,
        }
    }

    /// Whether what is collected for must stay as it is until the end.
    pub fn reserves(&self) -> bool {
        match self.purpose {
            CollectionPurpose::Finalize | CollectionPurpose::PostDrafts => true,
            CollectionPurpose::Pay | CollectionPurpose::Refund => false,
        }
    }
}

/// Money to be collected without a caller, from the default payment method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automatic {
    /// Who pays.
    pub customer: CustomerId,
    /// How much; positive.
    pub amount: Amount,
    /// Invoices that are to get it; the rest becomes available funds.
    pub invoices: Vec<Allocation>,
    /// Which attempt at the same debt it is; the first is 1.
    pub attempt: i64,
}

/// How the money was to move, and whose instrument it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// The gateway.
    pub gateway: GatewayId,
    /// The stored payment method; `None` for one that is not kept.
    pub stored: Option<PaymentMethodId>,
    /// The stored one becomes the default when the money moved.
    pub becomes_default: bool,
    /// The stored one was stored for this collection, and stays only if the money moved.
    pub is_new: bool,
}

/// What the gateway calls money that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The charge or refund.
    pub transaction: String,
    /// The authorization code, where there is one.
    pub authorization: Option<String>,
}

/// How a collection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The money moved, and what was to follow did.
    Moved(Moved),
    /// The money moved, and what was to follow is not possible any more: the money is available funds.
    Stranded(Moved, String),
    /// It did not move.
    Failed(String),
}

impl End {
    /// The gateway's name of money that moved.
    pub fn transaction(&self) -> Option<&str> {
        match self {
            Self::Moved(moved) | Self::Stranded(moved, _) => Some(&moved.transaction),
            Self::Failed(_) => None,
        }
    }
}

/// One attempt, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The attempt.
    pub activity: PaymentActivityId,
    /// Whose money it is.
    pub customer: CustomerId,
    /// Where it stands.
    pub state: CollectionState,
    /// Names it at the gateway, for good.
    pub key: String,
    /// How the money was to move.
    pub via: Via,
    /// Where the order came from.
    pub source: PaymentSource,
    /// By what kind of instrument.
    pub method: PaymentMethod,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// What follows when it moved.
    pub plan: Plan,
    /// Which attempt at the same debt it is; the first is 1.
    pub attempt: i64,
    /// How it ended; `None` while nobody knows.
    pub end: Option<End>,
}

impl Plan {
    /// What stays a draft when the money does not come, by its ids.
    fn left_as_drafts(&self) -> Option<String> {
        let (kind, ids) = match self.purpose {
            CollectionPurpose::Finalize => ("Purchase", self.purchases.iter().map(ToString::to_string).collect()),
            CollectionPurpose::PostDrafts => ("Draft invoice", self.drafts.iter().map(ToString::to_string).collect()),
            CollectionPurpose::Pay | CollectionPurpose::Refund => ("", Vec::<String>::new()),
        };
        match ids.as_slice() {
            [] => None,
            [id] => Some(format!("{kind} {id} stays a draft.")),
            ids => Some(format!("{kind}s {} stay drafts.", ids.join(", "))),
        }
    }

    /// Which invoices get how much of the money: what was planned, as far as it reaches and is still owed; then others, if
    /// that was asked for. `open` holds every invoice that is named and, for automatic allocation, all that owe.
    pub fn split(&self, amount: Amount, open: &[OpenInvoice]) -> Result<Split, Refusal> {
        let mut left = amount;
        let mut wanted = Vec::with_capacity(self.allocations.len());
        for Allocation { invoice, amount } in &self.allocations {
            let owed = open.iter().find(|open| open.id == *invoice).map_or(Amount::ZERO, |open| open.outstanding);
            let part = left.min(owed).min(*amount);
            if part.is_positive() {
                left = left.checked_sub(part)?;
                wanted.push(Allocation { invoice: *invoice, amount: part });
            }
        }
        payment::split(amount, &wanted, self.auto_allocate, open)
    }
}

impl Collection {
    /// Whether a person may say how it ended (receivables.md §6): not while somebody may be talking to the gateway.
    pub fn may_be_resolved(&self, is_abandoned: bool) -> Result<(), Refusal> {
        match (self.state, &self.end) {
            (CollectionState::Unclear, None) => Ok(()),
            (CollectionState::Calling, None) if is_abandoned => Ok(()),
            (CollectionState::Calling, None) => Err(Refusal::Collecting(self.activity)),
            (_, Some(End::Moved(_) | End::Stranded(..))) => {
                Err(Refusal::ActivityNotUnknown(self.activity, ActivityStatus::Successful))
            }
            (_, Some(End::Failed(_))) | (CollectionState::Ended, None) => {
                Err(Refusal::ActivityNotUnknown(self.activity, ActivityStatus::Failed))
            }
        }
    }

    /// What the caller reads instead of an answer, when the collection did not bring what was asked for: why, and what
    /// stays as it was. Nothing when it did.
    pub fn complaints(&self) -> Vec<String> {
        match &self.end {
            Some(End::Failed(_)) if self.plan.tolerates_failure => Vec::new(),
            Some(End::Failed(text)) => [text.clone()].into_iter().chain(self.plan.left_as_drafts()).collect(),
            Some(End::Stranded(_, text)) => vec![format!(
                "The payment was collected, but what it was for is not possible any more: {text} The money is kept as \
                 available funds; see payment activity {}.",
                self.activity
            )],
            Some(End::Moved(_)) | None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::InvoiceId;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn given(asked: &[(i64, &str)], owed: &[(i64, &str)], auto: bool) -> (Vec<(i64, String)>, String) {
        let allocations = asked.iter().map(|(id, text)| Allocation { invoice: InvoiceId(*id), amount: amount(text) });
        let open = owed.iter().map(|(id, text)| OpenInvoice {
            id: InvoiceId(*id),
            outstanding: amount(text),
            posted_at: Instant::from_millis(*id),
        });
        let plan = Plan {
            allocations: allocations.collect(),
            auto_allocate: auto.then_some(AllocateOrder::OldestToNewest),
            ..Plan::new(CollectionPurpose::Pay)
        };
        let split = plan.split(amount("30"), &open.collect::<Vec<_>>()).unwrap();
        let allocations = split.allocations.iter().map(|part| (part.invoice.0, part.amount.to_string()));
        (allocations.collect(), split.unallocated.to_string())
    }

    #[test]
    fn invoices_get_what_they_still_owe() {
        let whole = given(&[(1, "10"), (2, "20")], &[(1, "10"), (2, "20")], false);
        assert_eq!(whole, (vec![(1, "10".to_owned()), (2, "20".to_owned())], "0".to_owned()));
        let paid_meanwhile = given(&[(1, "10"), (2, "20")], &[(1, "4"), (2, "0")], false);
        assert_eq!(paid_meanwhile, (vec![(1, "4".to_owned())], "26".to_owned()));
    }

    #[test]
    fn money_goes_as_far_as_it_reaches() {
        let dearer = given(&[(1, "40"), (2, "5")], &[(1, "40"), (2, "5")], false);
        assert_eq!(dearer, (vec![(1, "30".to_owned())], "0".to_owned()));
    }

    #[test]
    fn the_rest_goes_to_others_if_asked_for() {
        let rest = given(&[(2, "10")], &[(1, "15"), (2, "3"), (3, "50")], true);
        assert_eq!(rest, (vec![(2, "3".to_owned()), (1, "15".to_owned()), (3, "12".to_owned())], "0".to_owned()));
    }

    #[test]
    fn what_stays_a_draft_is_named() {
        let of = |purpose, ids: &[i64]| Plan {
            purchases: ids.iter().copied().map(PurchaseId).collect(),
            drafts: ids.iter().copied().map(DraftInvoiceId).collect(),
            ..Plan::new(purpose)
        };
        for (purpose, ids, expected) in [
            (CollectionPurpose::Finalize, &[7][..], Some("Purchase 7 stays a draft.")),
            (CollectionPurpose::Finalize, &[7, 9], Some("Purchases 7, 9 stay drafts.")),
            (CollectionPurpose::PostDrafts, &[3, 4], Some("Draft invoices 3, 4 stay drafts.")),
            (CollectionPurpose::PostDrafts, &[], None),
            (CollectionPurpose::Pay, &[7], None),
        ] {
            assert_eq!(of(purpose, ids).left_as_drafts().as_deref(), expected, "{purpose}");
        }
    }
}
