//! What a client may ask for.

mod act;
mod change;

use app::purchases::cancel;
use billing::{
    id::{CustomerId, DraftInvoiceId, InvoiceId, PurchaseId},
    payment::AllocateOrder,
};

use super::model::Kind;

/// What there is to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    /// A dollar a unit, earned as each sale says.
    Service,
    /// 37 cents a unit, earned at once.
    Good,
}

/// When a sale is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earning {
    AtOnce,
    Never,
    /// Over so many months, in parts.
    Over {
        months: i64,
        cut: Cut,
        is_at_end: bool,
    },
}

/// How the time over which is earned is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Days,
    Months,
    Whole,
}

/// What a discount takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    PerMille(i64),
    Cents(i64),
}

/// How much of what an invoice owes is given up, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenUp {
    Whole,
    Exactly(i64),
    Part(i64),
}

/// How much of a charge is taken back, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    Unearned,
    Full,
    /// Before discounts and taxes.
    Gross(i64),
    /// After them, or as near as can be.
    Net(i64),
}

/// How a purchase is paid at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Card {
    Pays,
    IsRefused,
}

/// A purchase of hundredths of a unit.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) product: Product,
    pub(super) hundredths: i64,
    pub(super) taken: Option<Taken>,
    pub(super) asked_earning: Earning,
}

/// What becomes of a draft invoice.
#[derive(Debug, Clone)]
pub(super) enum OfDraft {
    /// It is posted: the charges of these purchases, or all.
    Post(Option<Vec<PurchaseId>>),
    Cancel,
    Restore,
    /// It falls due so many days after it is posted, or as the customer's invoices do.
    Term(Option<i64>),
    Charge(PurchaseId, OfCharge),
    /// It is paid in parts: cents, and days after its terms.
    Schedule(Vec<(i64, i64)>),
}

/// What becomes of a charge that waits.
#[derive(Debug, Clone, Copy)]
pub(super) enum OfCharge {
    Delete,
    /// Hundredths of a unit, and cents a unit.
    Reprice(i64, i64),
    /// Another discount in place of its only one, or none.
    Discount(Option<Taken>),
}

/// What is amended of a posted invoice.
#[derive(Debug, Clone, Copy)]
pub(super) enum Amended {
    /// It falls due so many days after it was posted, or as the customer's invoices do.
    Term(Option<i64>),
    /// It says this, or nothing.
    Notes(Option<u64>),
    /// Whether the portal hides it.
    Hidden(bool),
}

/// Something that moves money, or what money hangs on; amounts are in cents. What is reversed are the charges of the
/// purchases that are named, or of all on the invoice.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Sell {
        customer: CustomerId,
        sales: Vec<Sale>,
        waits: bool,
    },
    /// Sold if the card pays, else not at all.
    Buy {
        customer: CustomerId,
        sales: Vec<Sale>,
        card: Card,
    },
    OfDraft {
        customer: CustomerId,
        draft: DraftInvoiceId,
        act: OfDraft,
    },
    PostReady {
        customer: CustomerId,
    },
    Amend {
        customer: CustomerId,
        invoice: InvoiceId,
        amended: Amended,
    },
    Open {
        customer: CustomerId,
        amount: i64,
        is_owed: bool,
    },
    /// Revenue of before, earned from so many days from today through so many.
    Defer {
        customer: CustomerId,
        amount: i64,
        starts_in: i64,
        ends_in: i64,
    },
    /// All of it, or what is not yet earned.
    TakeDeferralBack {
        customer: CustomerId,
        deferral: i64,
        is_full: bool,
    },
    Give {
        customer: CustomerId,
        kind: Kind,
        amount: i64,
        to: Vec<(InvoiceId, i64)>,
        rest: Option<AllocateOrder>,
    },
    TakeBack {
        customer: CustomerId,
        kind: Kind,
        source: i64,
        amount: i64,
        from: Vec<(InvoiceId, i64)>,
    },
    /// The invoice gets what its customer has available.
    Spend {
        customer: CustomerId,
        invoice: InvoiceId,
    },
    WriteOff {
        customer: CustomerId,
        invoice: InvoiceId,
        given_up: GivenUp,
    },
    Cancel {
        customer: CustomerId,
        order: cancel::Order,
    },
    Reverse {
        customer: CustomerId,
        invoice: InvoiceId,
        purchases: Option<Vec<PurchaseId>>,
        back: Back,
    },
}

/// The ids of what an operation made; nothing and zero where it makes none.
#[derive(Debug, Clone, Default)]
pub(super) struct Made {
    pub(super) invoices: Vec<InvoiceId>,
    pub(super) purchases: Vec<PurchaseId>,
    pub(super) draft: i64,
    /// A payment, a credit, an opening balance or an opening deferral.
    pub(super) fund: i64,
}

impl Made {
    /// The only invoice; no real one where none was made.
    pub(super) fn first_invoice(&self) -> InvoiceId {
        self.invoices.first().copied().unwrap_or(InvoiceId(0))
    }
}

impl Product {
    pub(super) fn cents(self) -> i64 {
        match self {
            Self::Service => 100,
            Self::Good => 37,
        }
    }
}

impl Sale {
    /// When it is earned: a good always at once.
    pub(super) fn earning(&self) -> Earning {
        match self.product {
            Product::Service => self.asked_earning,
            Product::Good => Earning::AtOnce,
        }
    }
}

impl Operation {
    pub(super) fn customer(&self) -> CustomerId {
        match self {
            Self::Sell { customer, .. }
            | Self::Buy { customer, .. }
            | Self::Spend { customer, .. }
            | Self::OfDraft { customer, .. }
            | Self::PostReady { customer }
            | Self::Amend { customer, .. }
            | Self::Open { customer, .. }
            | Self::Defer { customer, .. }
            | Self::TakeDeferralBack { customer, .. }
            | Self::Give { customer, .. }
            | Self::TakeBack { customer, .. }
            | Self::WriteOff { customer, .. }
            | Self::Cancel { customer, .. }
            | Self::Reverse { customer, .. } => *customer,
        }
    }
}
