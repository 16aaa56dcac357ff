//! Facts that others may be told of: one row each, written with the fact itself.

use calendar::Instant;

use crate::{id::CustomerId, named::named};

named! {
    /// What happened (conventions.md §13).
    pub enum EventType {
        /// A customer was created.
        CustomerCreated => "CustomerCreated",
        /// A customer was changed.
        CustomerUpdated => "CustomerUpdated",
        /// A customer became active.
        CustomerActivated => "CustomerActivated",
        /// A customer was paused by a person.
        CustomerHold => "CustomerHold",
        /// The pause ended.
        CustomerUnhold => "CustomerUnhold",
        /// A customer was stopped for unpaid invoices.
        CustomerSuspended => "CustomerSuspended",
        /// A stopped customer goes on.
        CustomerResumed => "CustomerResumed",
        /// A customer was cancelled.
        CustomerCancelled => "CustomerCancelled",
        /// A cancelled customer came back.
        CustomerUncancelled => "CustomerUncancelled",
        /// A draft customer was deleted.
        CustomerDeleted => "CustomerDeleted",
        /// A note about a customer was written.
        CustomerNoteCreated => "CustomerNoteCreated",
        /// A note about a customer was changed.
        CustomerNoteUpdated => "CustomerNoteUpdated",
        /// A note about a customer was deleted.
        CustomerNoteDeleted => "CustomerNoteDeleted",
        /// Something that a customer owes became overdue, where nothing was.
        CustomerPoorStanding => "CustomerPoorStanding",
        /// Nothing that a customer owes is overdue any more.
        CustomerGoodStanding => "CustomerGoodStanding",
        /// How the account collects, or its terms, were changed.
        CollectionSettingUpdated => "CollectionSettingUpdated",
        /// A product was created.
        ProductCreated => "ProductCreated",
        /// A product was changed.
        ProductUpdated => "ProductUpdated",
        /// A product that nothing used was deleted.
        ProductDeleted => "ProductDeleted",
        /// A plan was created.
        PlanCreated => "PlanCreated",
        /// A plan, or one of its products, was changed.
        PlanUpdated => "PlanUpdated",
        /// A plan family was created.
        PlanFamilyCreated => "PlanFamilyCreated",
        /// A plan family was changed.
        PlanFamilyUpdated => "PlanFamilyUpdated",
        /// A plan family was deleted.
        PlanFamilyDeleted => "PlanFamilyDeleted",
        /// A discount of the catalogue was created.
        DiscountCreated => "DiscountCreated",
        /// A discount of the catalogue was changed.
        DiscountUpdated => "DiscountUpdated",
        /// A discount of the catalogue was deleted.
        DiscountDeleted => "DiscountDeleted",
        /// A coupon was created.
        CouponCreated => "CouponCreated",
        /// A coupon was changed.
        CouponUpdated => "CouponUpdated",
        /// A coupon was deleted.
        CouponDeleted => "CouponDeleted",
        /// A custom field was defined.
        CustomFieldCreated => "CustomFieldCreated",
        /// The definition of a custom field was changed.
        CustomFieldUpdated => "CustomFieldUpdated",
        /// The definition of a custom field was deleted.
        CustomFieldDeleted => "CustomFieldDeleted",
        /// A general-ledger label was created.
        GlCodeCreated => "GlCodeCreated",
        /// A general-ledger label was changed.
        GlCodeUpdated => "GlCodeUpdated",
        /// A rate of tax was created.
        TaxRateCreated => "TaxRateCreated",
        /// A rate of tax was changed or retired.
        TaxRateUpdated => "TaxRateUpdated",
        /// A draft purchase was made.
        PurchaseCreated => "PurchaseCreated",
        /// A draft purchase was changed, or the items of a purchase were.
        PurchaseUpdated => "PurchaseUpdated",
        /// A draft purchase was deleted.
        PurchaseDeleted => "PurchaseDeleted",
        /// A purchase was charged.
        PurchaseFinalized => "PurchaseFinalized",
        /// A purchase was cancelled.
        PurchaseCancelled => "PurchaseCancelled",
        /// A draft invoice waits to be posted.
        DraftInvoiceReady => "DraftInvoiceReady",
        /// A draft invoice was changed, or a part of it was posted.
        DraftInvoiceUpdated => "DraftInvoiceUpdated",
        /// A draft invoice was cancelled.
        DraftInvoiceCancelled => "DraftInvoiceCancelled",
        /// An invoice was posted.
        InvoicePosted => "InvoicePosted",
        /// The terms of a posted invoice, or what is printed on it, were changed.
        InvoiceUpdated => "InvoiceUpdated",
        /// An invoice's balance was written off.
        InvoiceWrittenOff => "InvoiceWrittenOff",
        /// Charges of an invoice were taken back.
        CreditNoteCreated => "CreditNoteCreated",
        /// Everything that a purchase was charged was taken back.
        PurchaseReversed => "PurchaseReversed",
        /// Money was received.
        PaymentCreated => "PaymentCreated",
        /// A card or bank account was stored.
        PaymentMethodCreated => "PaymentMethodCreated",
        /// A stored card or bank account became the default of a customer, or was given to another one: then both are told.
        PaymentMethodUpdated => "PaymentMethodUpdated",
        /// A stored card or bank account was deleted.
        PaymentMethodDeleted => "PaymentMethodDeleted",
        /// Money that was asked for, or was to be given back, did not move.
        PaymentFailed => "PaymentFailed",
        /// Money was given back.
        RefundCreated => "RefundCreated",
        /// Goodwill was given.
        CreditCreated => "CreditCreated",
        /// Goodwill was taken back.
        DebitCreated => "DebitCreated",
        /// What a customer owed or had before was recorded.
        OpeningBalanceCreated => "OpeningBalanceCreated",
        /// What a customer had been charged for before and is not yet earned was recorded.
        OpeningDeferralCreated => "OpeningDeferralCreated",
        /// The same was taken back.
        OpeningDeferralReversed => "OpeningDeferralReversed",
        /// Money, goodwill or a deposit that was available was given to an invoice.
        FundsAllocated => "FundsAllocated",
        /// What an account says of itself was changed.
        AccountProfileUpdated => "AccountProfileUpdated",
        /// A bulk job was submitted.
        BulkJobCreated => "BulkJobCreated",
        /// A bulk job's records were checked.
        BulkJobValidated => "BulkJobValidated",
        /// A bulk job's records are being processed.
        BulkJobStarted => "BulkJobStarted",
        /// The processing of a bulk job was paused.
        BulkJobPaused => "BulkJobPaused",
        /// A paused bulk job goes on.
        BulkJobResumed => "BulkJobResumed",
        /// A bulk job's records were processed, or given up by a cancellation.
        BulkJobProcessed => "BulkJobProcessed",
        /// A validated bulk job was not processed in time.
        BulkJobExpired => "BulkJobExpired",
        /// A bulk job broke off.
        BulkJobFailed => "BulkJobFailed",
        /// A record of a bulk job was applied.
        BulkRecordProcessed => "BulkRecordProcessed",
        /// A record of a bulk job was tried and refused.
        BulkRecordFailed => "BulkRecordFailed",
        /// A record of a bulk job did not pass validation.
        BulkRecordRefused => "BulkRecordRefused",
    }
}

/// One fact: what happened, to which entity, of which customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub event_type: EventType,
    /// The customer it belongs to, if any: events of one customer are delivered in order.
    pub customer: Option<CustomerId>,
    /// Id of the entity that the type names.
    pub subject_id: i64,
}

/// A fact as it was written down. Facts are told in the order of their times, and of their ids where those are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its id.
    pub id: i64,
    /// The fact.
    pub event: Event,
    /// When it was written.
    pub told_at: Instant,
}
