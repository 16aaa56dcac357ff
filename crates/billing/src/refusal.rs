//! What the rules of billing say no to, in the words of the wire.

use money::{Amount, Currency};

use crate::{
    bulk::BulkJobStatus,
    customer::{CustomerStatus, LEVELS_MAX, StatusChange},
    gateway::GatewayKind,
    id::{
        BulkJobId, ChargeId, CustomerId, CustomerNoteId, DraftInvoiceId, GatewayId, InvoiceId, OpeningDeferralId,
        PaymentActivityId, PaymentMethodId, ProductId,
    },
    payment_activity::ActivityStatus,
    pricing::RangeError,
};

/// A business rule's "no". The text is what the caller reads (purchases.md §11, bulk-jobs.md §9).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The product is retired, not for sale on its own, or has no price at all.
    #[error("Product with id {0} is not available for purchase.")]
    NotForSale(ProductId),
    /// The product is sold by subscription.
    #[error("Product with id {0} is a recurring service, which only subscriptions sell; there are none yet.")]
    OnlyBySubscription(ProductId),
    /// Deleting what purchases or plans use.
    #[error("Product with id {0} is in use and cannot be deleted.")]
    ProductInUse(ProductId),
    /// No price in the customer's currency.
    #[error("Product with id {0} has no price in {code}.", code = .1.code())]
    NoPrice(ProductId, Currency),
    /// Ranges that price nothing.
    #[error(transparent)]
    Ranges(#[from] RangeError),
    /// The customer's status stands in the way of a purchase.
    #[error("Customer is in status {0} and cannot make purchases.")]
    CustomerCannotPurchase(CustomerStatus),
    /// The status machine has no such move from where the customer is.
    #[error("Only customers in {from} status can be {done}.", from = .0.sources(), done = .0.done())]
    CustomerStatusForbids(StatusChange),
    /// Changing a customer that is gone.
    #[error("Customer is in status Cancelled and cannot be changed until it is uncancelled.")]
    CustomerCancelled,
    /// Deleting a customer that was more than a draft.
    #[error("Only customers in Draft status can be deleted.")]
    CustomerNotDeletable,
    /// Deleting a customer whose money was moved or was to be, or whom a gateway knows.
    #[error("Customer with id {0} has transactions or payment methods and cannot be deleted; cancel it instead.")]
    CustomerHasTransactions(CustomerId),
    /// Changing or deleting a note that was written to stay.
    #[error("Customer note with id {0} is not editable.")]
    NoteNotEditable(CustomerNoteId),
    /// A parent that is not billed itself (customers.md §3.6).
    #[error("Parent customer must be in Active status.")]
    ParentNotActive,
    /// A parent that is billed in other money.
    #[error("Parent customer must have the same currency.")]
    ParentCurrencyDiffers,
    /// A parent that is the customer itself or one of its descendants.
    #[error("A customer cannot be its own ancestor.")]
    OwnAncestor,
    /// A hierarchy that would have too many levels.
    #[error("A customer hierarchy cannot have more than {LEVELS_MAX} levels.")]
    HierarchyTooDeep,
    /// Deleting what is no longer a draft.
    #[error("Only purchases in status Draft may be deleted.")]
    PurchaseNotDeletable,
    /// Changing what is no longer a draft, or what hangs on it.
    #[error("Only purchases in status Draft may be modified.")]
    PurchaseNotModifiable,
    /// Splitting a purchase that waits for no number of items (purchases.md §3.13).
    #[error("Only purchases with a target order quantity may be split.")]
    SplitWithoutTarget,
    /// Splitting off what is already there.
    #[error("Target order quantity has already been reached.")]
    TargetReached,
    /// Splitting a purchase that would keep nothing.
    #[error("Purchases without product items cannot be split.")]
    SplitWithoutItems,
    /// Tracked items of a purchase that tracks none.
    #[error("Product items are only valid when tracking items.")]
    ItemsNotTracked,
    /// Changing a tracked item that was removed.
    #[error("Only product items in status Active may be modified.")]
    ItemDeleted,
    /// A code that stands for no coupon, or for one that does not hold now (purchases.md §11.2).
    #[error("Coupon code {0} is not valid.")]
    CouponNotValid(String),
    /// A code that the purchase does not have.
    #[error("Coupon code {0} is not applied to the purchase.")]
    CouponNotApplied(String),
    /// Deleting what purchases refer to.
    #[error("Only coupons that were never applied may be deleted.")]
    CouponNotDeletable,
    /// Deleting what coupons refer to.
    #[error("Only discounts that no coupon includes may be deleted.")]
    DiscountNotDeletable,
    /// Deleting a definition while there are values under it.
    #[error("Only custom fields without values may be deleted.")]
    CustomFieldNotDeletable,
    /// Finalizing what is no longer a draft.
    #[error("Only purchases in status Draft may be purchased.")]
    PurchaseNotDraft,
    /// Cancelling what was not purchased, or no longer is.
    #[error("Only purchases in status Purchased may be cancelled.")]
    PurchaseNotPurchased,
    /// Cancelling a purchase that is to stay charged, before it is charged.
    #[error("The charge of the purchase waits on draft invoice {0}; post it first, or cancel with Full.")]
    ChargeNotPosted(DraftInvoiceId),
    /// Posting, changing or cancelling a draft invoice that is not ready.
    #[error("Only draft invoices in status Ready may be {0}.")]
    DraftInvoiceNotReady(&'static str),
    /// Restoring a draft invoice that was not cancelled.
    #[error("Only draft invoices in status Cancelled may be restored.")]
    DraftInvoiceNotCancelled,
    /// Posting a draft invoice of which everything was taken out.
    #[error("Draft invoice with id {0} has no charges.")]
    DraftInvoiceEmpty(DraftInvoiceId),
    /// Instalments of something else than the whole draft.
    #[error("The sum of the payment schedules ({0}) must equal the total of the draft invoice ({1}).")]
    InstalmentsDiffer(Amount, Amount),
    /// The status of the customer forbids posting.
    #[error("Customer is in status {0}; draft invoices can be posted for Active and Cancelled customers only.")]
    CustomerCannotBeBilled(CustomerStatus),
    /// A tracked purchase with fewer items than its target.
    #[error("Target order quantity has not been reached.")]
    TargetNotReached,
    /// A draft without earning settings of its own, of a product that has none any more.
    #[error(
        "Purchase with id {purchase} cannot be purchased: product {product} has no pricing any more, and the purchase no \
         earningSettings of its own."
    )]
    EarningMissing {
        /// The draft.
        purchase: crate::id::PurchaseId,
        /// The product's code.
        product: String,
    },
    /// Several finalizations of one purchase in one call.
    #[error("Purchase with id {0} is listed more than once.")]
    PurchaseListedTwice(crate::id::PurchaseId),
    /// A field whose behaviour this version does not have, where acting on it would matter.
    #[error("{0}")]
    NotSupported(&'static str),
    /// Nobody to charge or store with.
    #[error("No payment gateway is configured for {code}.", code = .0.code())]
    NoGateway(Currency),
    /// A gateway that the server cannot open as it is set up.
    #[error("Payment gateway {0} cannot be used as it is configured.")]
    GatewayUnusable(GatewayId),
    /// A gateway gave no clear answer, or cannot be used as it is set up.
    #[error("{0}")]
    GatewayFailed(String),
    /// A second gateway for the same currency.
    #[error("Payment gateway {0} is in use for the same currency; remove it first.")]
    GatewayInUse(GatewayId),
    /// A gateway that knows its accounts by a secret, without one.
    #[error("A gateway of type {0} needs a secret.")]
    GatewayNeedsSecret(GatewayKind),
    /// Removing a gateway at which customers have payment methods.
    #[error("Payment gateway {0} stores {1} payment methods, which could not be charged any more.")]
    GatewayHasMethods(GatewayId, i64),
    /// A new secret that does not open what the old one did.
    #[error(
        "The secret is of another account than the one with which payment gateway {0} has charged and stored; add a gateway \
         for that account instead."
    )]
    SecretOfAnother(GatewayId),
    /// Nothing secret can be stored or read.
    #[error(
        "Payment methods and payment gateways need a vault key: make one with `billfold vault new-key`, and name its file by --vault-key-file."
    )]
    VaultClosed,
    /// A secret that is longer than any.
    #[error("The secret is too long.")]
    SecretTooLong,
    /// Deleting the default payment method while there are others (customers.md §4.7).
    #[error("Cannot delete a default payment method. Please mark another payment method as default first.")]
    DefaultNotDeletable,
    /// Giving a payment method to whoever has it.
    #[error("Payment method with id {0} belongs to customer {1} already.")]
    MethodIsTheirs(PaymentMethodId, CustomerId),
    /// Giving a payment method to a customer who is charged by another gateway.
    #[error(
        "Payment method with id {0} is stored at payment gateway {1}, and customers billed in {code} are charged by another \
         one.",
        code = .2.code()
    )]
    MethodStoredElsewhere(PaymentMethodId, GatewayId, Currency),
    /// More money on an invoice than it owes.
    #[error(
        "Invoice with id {invoice} has an outstanding balance of {outstanding}; {amount} cannot be allocated to it."
    )]
    OverAllocated {
        /// The invoice.
        invoice: InvoiceId,
        /// What it owes.
        outstanding: Amount,
        /// What was to be put on it.
        amount: Amount,
    },
    /// Allocations beyond the money at hand.
    #[error("The sum of the allocations ({0}) exceeds the amount ({1}).")]
    AllocationsExceedAmount(Amount, Amount),
    /// The same invoice in two allocations of one request.
    #[error("Invoice with id {0} is allocated more than once.")]
    InvoiceAllocatedTwice(InvoiceId),
    /// More taken back of a payment or credit than was not taken back before.
    #[error("Only {0} is left to take back, not {1}.")]
    BeyondLeft(Amount, Amount),
    /// More taken back from an invoice than it has of the payment or credit.
    #[error("Invoice with id {invoice} has {allocated} of it; {amount} cannot be taken back from there.")]
    BeyondAllocated {
        /// The invoice.
        invoice: InvoiceId,
        /// What it has.
        allocated: Amount,
        /// What was to be taken back from it.
        amount: Amount,
    },
    /// More taken back without saying from where than no invoice has.
    #[error(
        "The allocations leave {rest} of the amount, but only {unallocated} is unallocated; say which invoices give back \
         the rest."
    )]
    BeyondUnallocated {
        /// The amount less its allocations.
        rest: Amount,
        /// What no invoice has.
        unallocated: Amount,
    },
    /// A write-off of something else than the whole balance.
    #[error("The amount must equal the outstanding balance of {0}.")]
    WriteOffNotWhole(Amount),
    /// A partial write-off of more than is owed.
    #[error("The amount must not exceed the outstanding balance of {0}.")]
    WriteOffBeyond(Amount),
    /// Nothing to write off.
    #[error("Invoice with id {0} has no outstanding balance.")]
    NothingOutstanding(InvoiceId),
    /// Taking back a charge of which earlier reversals took everything, or that charged nothing.
    #[error("Nothing of charge with id {0} is left to be reversed.")]
    NothingLeftOfCharge(ChargeId),
    /// Taking back what is not yet earned of a charge that is.
    #[error("Nothing of charge with id {0} is unearned.")]
    NothingUnearnedOfCharge(ChargeId),
    /// Taking back an invoice of whose charges nothing is left.
    #[error("Nothing of invoice with id {0} is left to be reversed.")]
    NothingLeftOfInvoice(InvoiceId),
    /// Taking back an invoice of what was owed before, which has no charges.
    #[error("Invoice with id {0} is an opening balance and cannot be reversed. Write it off, or give a credit for it.")]
    OpeningBalanceNotReversible(InvoiceId),
    /// Taking back what is not yet earned of an invoice whose charges all are.
    #[error("Nothing of invoice with id {0} is unearned.")]
    NothingUnearnedOfInvoice(InvoiceId),
    /// The same charge twice in one request.
    #[error("Charge with id {0} is listed more than once.")]
    ChargeListedTwice(ChargeId),
    /// A charge named beside an invoice that does not have it.
    #[error("Charge with id {0} is not on invoice with id {1}.")]
    ChargeNotOnInvoice(ChargeId, InvoiceId),
    /// Taking back what was given up already; what can be taken back is what was paid, and what is owed still.
    #[error(
        "Invoice with id {invoice} was written off: at most {most} of it can be reversed, as NetAmount of charges."
    )]
    WrittenOff {
        /// The invoice.
        invoice: InvoiceId,
        /// What can be, less discounts and with tax.
        most: Amount,
    },
    /// The status of the customer forbids writing off.
    #[error("Customer is in status {0}; invoices can be written off for Active and Cancelled customers only.")]
    CustomerCannotBeWrittenOff(CustomerStatus),
    /// The status of the customer forbids opening balances.
    #[error("Customer is in status {0}; opening balances can be recorded for Active customers only.")]
    CustomerCannotHaveOpeningBalance(CustomerStatus),
    /// Taking back what a customer had been charged for before, of which nothing is left, or nothing that is not earned.
    #[error("Nothing of opening deferral with id {0} is {1}.")]
    NothingLeftOfDeferral(OpeningDeferralId, &'static str),
    /// Settling an attempt whose end is known.
    #[error("Payment activity with id {0} is in status {1}; only Unknown ones can be resolved.")]
    ActivityNotUnknown(PaymentActivityId, ActivityStatus),
    /// Another collection of the same customer is under way, or nobody knows how it ended.
    #[error("Payment activity {0} of this customer is not finished; its end has to be known first.")]
    Collecting(PaymentActivityId),
    /// Changing what is being paid for.
    #[error("It is being paid for by payment activity {0} and cannot be changed until that has ended.")]
    Reserved(PaymentActivityId),
    /// Charging the default payment method of a customer that has none.
    #[error("The customer has no default payment method.")]
    NoDefaultPaymentMethod,
    /// Collecting an invoice at once that is to wait as a draft.
    #[error("temporarilyDisableAutoPost is not valid with invoiceCollectOptions.")]
    CollectWithoutPosting,
    /// Giving money back through a gateway that did not come through one.
    #[error(
        "Payment with id {0} was not collected through a payment gateway; refund it by Check, Cash or DirectDeposit."
    )]
    NotThroughGateway(crate::id::PaymentId),
    /// Processing from another status. The capital I is on the wire.
    #[error("Cannot process Upload {0} that is not in status Validated or ValidatedWIthErrors")]
    JobNotValidated(BulkJobId),
    /// Cancelling what has ended.
    #[error("Cannot cancel Upload {0} that is in status {1}.")]
    JobEnded(BulkJobId, BulkJobStatus),
    /// One unfinished job an account.
    #[error("Bulk job {0} is being processed or is waiting to be processed. Process or cancel it first.")]
    JobOpen(BulkJobId),
    /// Records of a job that was cancelled, or given up, meanwhile.
    #[error("Bulk job {0} ended while its records were still arriving.")]
    UploadOver(BulkJobId),
    /// The same records within a day.
    #[error("Bulk job {0} has the same records. Send allowRepeat=true to have them done once more.")]
    JobRepeated(BulkJobId),
    /// Pausing what is not being processed.
    #[error("Cannot pause Upload {0} that is in status {1}.")]
    JobNotProcessing(BulkJobId, BulkJobStatus),
    /// Pausing what has no middle.
    #[error("Upload {0} is done in one piece and cannot be paused.")]
    JobInOnePiece(BulkJobId),
    /// Resuming what goes on.
    #[error("Upload {0} is not paused.")]
    JobNotPaused(BulkJobId),
    /// Posted invoice lines that add up beyond what can be stored.
    #[error("The amount is too large.")]
    TooLarge,
}

impl From<money::NumberError> for Refusal {
    fn from(_: money::NumberError) -> Self {
        Self::TooLarge
    }
}
