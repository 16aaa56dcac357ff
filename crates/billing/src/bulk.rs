//! Bulk jobs: the states of a job and of its records, and which may follow which (bulk-jobs.md §5).

use calendar::Instant;

use crate::{
    id::{BulkJobId, BulkRecordId},
    named::named,
    refusal::Refusal,
};

named! {
    /// Every type that a job can be read with; [`BulkJobType::is_submittable`] says which may be created.
    pub enum BulkJobType {
        /// Customers with all columns.
        CustomerImport => "CustomerImport",
        /// Older form of subscription creation.
        SubscriptionImport => "SubscriptionImport",
        /// Deferred revenue at the start.
        OpeningDeferredRevenueBalance => "OpeningDeferredRevenueBalance",
        /// Link to QuickBooks.
        QuickBooksLatch => "QuickBooksLatch",
        /// Unlink from QuickBooks.
        QuickBooksUnlatch => "QuickBooksUnlatch",
        /// Payment methods to delete.
        DeletePaymentMethods => "DeletePaymentMethods",
        /// Payment methods to move.
        MovePaymentMethods => "MovePaymentMethods",
        /// Payments by file.
        PaymentImport => "PaymentImport",
        /// Subscriptions to activate.
        SubscriptionActivationImport => "SubscriptionActivationImport",
        /// Subscriptions to change.
        UpdateSubscriptionImport => "UpdateSubscriptionImport",
        /// Quantities of subscription products.
        SubscriptionProductQuantities => "SubscriptionProductQuantities",
        /// Catalogue to Salesforce.
        SalesforceCatalogSync => "SalesforceCatalogSync",
        /// Customers with few columns.
        CustomerImportBasic => "CustomerImportBasic",
        /// Customers to change.
        CustomerImportEdit => "CustomerImportEdit",
        /// Customers to activate.
        CustomerActivationImport => "CustomerActivationImport",
        /// Subscriptions to create.
        CreateSubscriptionImport => "CreateSubscriptionImport",
        /// Cards to another vault.
        PushToThirdPartyVaultImport => "PushToThirdPartyVaultImport",
        /// Subscriptions to cancel.
        CancelSubscriptionImport => "CancelSubscriptionImport",
        /// Tracked items of a purchase.
        CreatePurchaseProductItem => "CreatePurchaseProductItem",
        /// Geotab subscriptions.
        GeotabSubscriptionCreateImport => "GeotabSubscriptionCreateImport",
        /// Write-offs of whole invoices.
        BulkWriteOff => "BulkWriteOff",
        /// Payments.
        BulkPayment => "BulkPayment",
    }
}

named! {
    /// Where a job stands.
    pub enum BulkJobStatus {
        /// Its records are being checked.
        Validating => "Validating",
        /// Ended without a second phase.
        Done => "Done",
        /// Every record passed.
        Validated => "Validated",
        /// At least one record failed.
        ValidatedWithErrors => "ValidatedWithErrors",
        /// Its records are being applied.
        Processing => "Processing",
        /// Every applied record succeeded.
        Processed => "Processed",
        /// At least one record failed, or the job was cancelled.
        ProcessedWithErrors => "ProcessedWithErrors",
        /// Nobody processed it in time.
        Expired => "Expired",
        /// Accepted, not begun.
        NotStarted => "NotStarted",
        /// The run itself broke.
        Failed => "Failed",
    }
}

named! {
    /// Where a record stands.
    pub enum BulkRecordStatus {
        /// Not looked at yet.
        NotStarted => "NotStarted",
        /// May be applied.
        PassedValidation => "PassedValidation",
        /// Will not be applied.
        FailedValidation => "FailedValidation",
        /// Applied.
        Processed => "Processed",
        /// Tried and refused, or given up by a cancellation.
        FailedProcessing => "FailedProcessing",
    }
}

impl BulkJobType {
    /// May be created over the API (bulk-jobs.md §1).
    pub fn is_submittable(self) -> bool {
        matches!(self, Self::BulkWriteOff | Self::BulkPayment)
    }

    /// The job's `reference` on the wire.
    pub fn reference(self) -> &'static str {
        use crate::named::Named;
        match self {
            Self::BulkWriteOff => "Bulk write off",
            Self::BulkPayment => "Bulk Payment",
            other => other.name(),
        }
    }
}

impl BulkJobStatus {
    /// Blocks the submission of another job of the account (bulk-jobs.md §5).
    pub fn is_open(self) -> bool {
        match self {
            Self::NotStarted | Self::Validating | Self::Validated | Self::ValidatedWithErrors | Self::Processing => {
                true
            }
            Self::Done | Self::Processed | Self::ProcessedWithErrors | Self::Expired | Self::Failed => false,
        }
    }

    /// Waits for a call to process it.
    pub fn is_validated(self) -> bool {
        matches!(self, Self::Validated | Self::ValidatedWithErrors)
    }
}

/// How many records stand where; the job's counters always equal its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulkCounts {
    /// Records supplied.
    pub total: i64,
    /// Passed validation.
    pub successful: i64,
    /// Failed validation.
    pub failed: i64,
    /// Applied.
    pub processed: i64,
    /// Tried and refused, or given up.
    pub failed_processed: i64,
}

/// A job without its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkJob {
    /// Its id.
    pub id: BulkJobId,
    /// What its records are.
    pub job_type: BulkJobType,
    /// Where it stands.
    pub status: BulkJobStatus,
    /// How many records stand where.
    pub counts: BulkCounts,
    /// Submission.
    pub created_at: Instant,
    /// End of validation.
    pub validated_at: Option<Instant>,
    /// Start of processing.
    pub processing_at: Option<Instant>,
    /// End of processing.
    pub processed_at: Option<Instant>,
    /// Name of the file it stands for.
    pub file_name: String,
    /// A label.
    pub reference: String,
    /// The entity it belongs to, if any.
    pub related_id: Option<i64>,
    /// The system started it.
    pub is_internal: bool,
}

/// One input of a job and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRecord {
    /// Its id; consecutive within a job, in input order.
    pub id: BulkRecordId,
    /// Where it stands.
    pub status: BulkRecordStatus,
    /// The input as text.
    pub data: String,
    /// Why it failed.
    pub details: Option<String>,
    /// What it created.
    pub created_id: Option<i64>,
}

/// Text of every record that a cancellation gave up (bulk-jobs.md §2.4).
pub const GIVEN_UP: &str = "Manually marked as Failed.";

impl BulkJob {
    /// Only a validated job may be processed.
    pub fn may_be_processed(&self) -> Result<(), Refusal> {
        if self.status.is_validated() { Ok(()) } else { Err(Refusal::JobNotValidated(self.id)) }
    }

    /// Only an unfinished job may be cancelled.
    pub fn may_be_cancelled(&self) -> Result<(), Refusal> {
        if self.status.is_open() { Ok(()) } else { Err(Refusal::JobEnded(self.id, self.status)) }
    }

    /// The status after validation.
    pub fn validated(counts: BulkCounts) -> BulkJobStatus {
        if counts.failed == 0 { BulkJobStatus::Validated } else { BulkJobStatus::ValidatedWithErrors }
    }

    /// The status after processing; all records failing is still not `Failed` (bulk-jobs.md §5).
    pub fn processed(counts: BulkCounts) -> BulkJobStatus {
        if counts.failed_processed == 0 { BulkJobStatus::Processed } else { BulkJobStatus::ProcessedWithErrors }
    }
}
