//! Bulk jobs: the states of a job and of its records, and which may follow which (bulk-jobs.md §5).

mod lane;
mod options;
mod outcome;
mod total;

use calendar::Instant;
use money::Amount;

pub use self::{
    lane::{Lane, Mark, Part, SLOT_COUNT, Share, lane_count, slot_of},
    options::{BulkMode, BulkOptions, UNDONE},
    outcome::BulkOutcome,
    total::BulkTotal,
};
use crate::{
    id::{BulkJobId, BulkRecordId},
    named::named,
    refusal::Refusal,
};

named! {
    /// Every type that a job can be read with; [`SubmittedJobType`] are those that the original's call creates.
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
        /// Draft customers to delete. The original has no name for it, nor for those that follow.
        CustomerDraftCancelImport => "CustomerDraftCancelImport",
        /// Opening balances.
        OpeningBalanceImport => "OpeningBalanceImport",
        /// Purchases to make.
        PurchaseImport => "PurchaseImport",
        /// Draft purchases to finalize.
        PurchaseActivationImport => "PurchaseActivationImport",
    }
}

named! {
    /// What may be submitted record by record (bulk-jobs.md §1).
    pub enum SubmittedJobType {
        /// Write-offs of whole invoices.
        BulkWriteOff => "BulkWriteOff",
        /// Payments.
        BulkPayment => "BulkPayment",
    }
}

impl From<SubmittedJobType> for BulkJobType {
    fn from(submitted: SubmittedJobType) -> Self {
        match submitted {
            SubmittedJobType::BulkWriteOff => Self::BulkWriteOff,
            SubmittedJobType::BulkPayment => Self::BulkPayment,
        }
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
    /// Has not ended: something may still become of its records.
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

impl BulkCounts {
    /// With what others count.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            successful: self.successful + other.successful,
            failed: self.failed + other.failed,
            processed: self.processed + other.processed,
            failed_processed: self.failed_processed + other.failed_processed,
        }
    }

    /// Without what others count.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            total: self.total - other.total,
            successful: self.successful - other.successful,
            failed: self.failed - other.failed,
            processed: self.processed - other.processed,
            failed_processed: self.failed_processed - other.failed_processed,
        }
    }

    /// Counts a record that has come to `status`, and is counted as stored already.
    pub fn count(&mut self, status: BulkRecordStatus) {
        match status {
            BulkRecordStatus::NotStarted => {}
            BulkRecordStatus::PassedValidation => self.successful += 1,
            BulkRecordStatus::FailedValidation => self.failed += 1,
            BulkRecordStatus::Processed => self.processed += 1,
            BulkRecordStatus::FailedProcessing => self.failed_processed += 1,
        }
    }
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
    /// What every record tells that had not ended when the job did; absent where nothing was given up.
    pub given_up: Option<String>,
    /// How many had not.
    pub given_up_count: i64,
    /// How it is to be done.
    pub options: BulkOptions,
    /// Since when processing is paused; absent while it is not.
    pub paused_at: Option<Instant>,
    /// SHA-256 of its type and records, where they came as a file.
    pub content_hash: Option<String>,
    /// The columns of the file that its records came from, as a JSON array; absent where it had none.
    pub columns: Option<String>,
    /// When its records were deleted for their age: the counters are all that is left.
    pub records_deleted_at: Option<Instant>,
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
    /// How much money it moved, or would have moved in a dry run.
    pub amount: Option<Amount>,
}

/// Text of every record that a cancellation gave up (bulk-jobs.md §2.4).
pub const CANCELLED: &str = "Manually marked as Failed.";

/// Text of every record of a job whose submission was never completed.
pub const CUT_OFF: &str = "The submission of the job was cut off.";

/// Text of every record that was left when its job failed.
pub const BROKEN_OFF: &str = "The job failed because of an internal error.";

impl BulkRecordStatus {
    /// Nothing becomes of the record any more.
    pub fn has_ended(self) -> bool {
        match self {
            Self::NotStarted | Self::PassedValidation => false,
            Self::FailedValidation | Self::Processed | Self::FailedProcessing => true,
        }
    }
}

impl BulkJob {
    /// Takes the account's place for a job, so that no other may be submitted (bulk-jobs.md §5). A validated job without a
    /// record that could be processed waits for nothing, and leaves the place to the corrected one. One that starts by itself
    /// waits for nobody, and leaves it from its validation on.
    pub fn takes_place(&self) -> bool {
        let is_being_stored = matches!(self.status, BulkJobStatus::NotStarted | BulkJobStatus::Validating);
        self.may_do_something() && (is_being_stored || self.options.starts_at.is_none())
    }

    /// Has not ended, and has records of which something may become.
    pub(super) fn may_do_something(&self) -> bool {
        self.status.is_open() && !self.has_nothing_to_process()
    }

    /// Validated, and no record can be processed: none passed, or one failed and the job is atomic.
    pub fn has_nothing_to_process(&self) -> bool {
        let is_spoiled = self.options.mode == BulkMode::Atomic && self.counts.failed > 0;
        self.status.is_validated() && (self.counts.successful == 0 || is_spoiled)
    }

    /// Ends the job with every record that has not ended: who has not failed validation counts as passed, and who was not
    /// applied as failed (bulk-jobs.md §4). The records themselves need no change: [`outcome`](Self::outcome) tells.
    pub fn give_up(&mut self, status: BulkJobStatus, reason: &str, now: Instant) {
        let ended = self.counts.failed + self.counts.processed + self.counts.failed_processed;
        self.given_up_count = self.counts.total - ended;
        self.counts.successful = self.counts.total - self.counts.failed;
        self.counts.failed_processed = self.counts.successful - self.counts.processed;
        self.status = status;
        self.processed_at = Some(now);
        self.paused_at = None;
        self.given_up = Some(reason.to_owned());
    }

    /// A record of the job as its job leaves it.
    pub fn outcome(&self, record: BulkRecord) -> BulkRecord {
        match &self.given_up {
            Some(reason) if !record.status.has_ended() => {
                BulkRecord { status: BulkRecordStatus::FailedProcessing, details: Some(reason.clone()), ..record }
            }
            Some(_) | None => record,
        }
    }

    /// Its processing has begun, or has ended before it could.
    pub fn is_in_processing(&self) -> bool {
        self.processing_at.is_some() || self.processed_at.is_some()
    }

    /// When somebody cancelled it; the status says nothing of it (bulk-jobs.md §2.4).
    pub fn cancelled_at(&self) -> Option<Instant> {
        self.processed_at.filter(|_| self.given_up.as_deref() == Some(CANCELLED))
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::named::Named;

    pub(super) fn job(status: BulkJobStatus, counts: BulkCounts) -> BulkJob {
        BulkJob {
            id: BulkJobId(7),
            job_type: BulkJobType::BulkWriteOff,
            status,
            counts,
            created_at: Instant::NEVER_SET,
            validated_at: None,
            processing_at: None,
            processed_at: None,
            file_name: String::new(),
            reference: String::new(),
            related_id: None,
            is_internal: false,
            given_up: None,
            given_up_count: 0,
            options: BulkOptions::default(),
            paused_at: None,
            content_hash: None,
            columns: None,
            records_deleted_at: None,
        }
    }

    fn record(status: BulkRecordStatus) -> BulkRecord {
        let details = status.has_ended().then(|| "own".to_owned());
        BulkRecord { id: BulkRecordId(8), status, data: "1".to_owned(), details, created_id: None, amount: None }
    }

    #[test]
    fn a_validated_job_takes_the_place_only_while_a_record_passed() {
        for status in BulkJobStatus::ALL.iter().copied() {
            let some = job(status, BulkCounts { total: 2, successful: 1, failed: 1, ..BulkCounts::default() });
            assert_eq!(some.takes_place(), status.is_open(), "{status}");
            let none = job(status, BulkCounts { total: 2, failed: 2, ..BulkCounts::default() });
            assert_eq!(none.takes_place(), status.is_open() && !status.is_validated(), "{status}");
            let options = BulkOptions { mode: BulkMode::Atomic, ..BulkOptions::default() };
            let spoiled = BulkJob { options, ..some.clone() };
            assert_eq!(spoiled.takes_place(), status.is_open() && !status.is_validated(), "{status}");
            let options = BulkOptions { starts_at: Some(Instant::NEVER_SET), ..BulkOptions::default() };
            let scheduled = BulkJob { options, ..some };
            let is_stored = matches!(status, BulkJobStatus::NotStarted | BulkJobStatus::Validating);
            assert_eq!(scheduled.takes_place(), is_stored, "{status}");
        }
    }

    #[test]
    fn giving_up_fails_what_has_not_ended_and_nothing_else() {
        let counts = BulkCounts { total: 9, successful: 5, failed: 2, processed: 3, failed_processed: 1 };
        let mut job = job(BulkJobStatus::Processing, counts);
        let passed = record(BulkRecordStatus::PassedValidation);
        assert_eq!(job.outcome(passed.clone()), passed, "while the job goes on, a record stands where it stands");
        job.give_up(BulkJobStatus::ProcessedWithErrors, CANCELLED, Instant::NEVER_SET);
        let expected = BulkCounts { total: 9, successful: 7, failed: 2, processed: 3, failed_processed: 4 };
        assert_eq!((job.counts, job.given_up_count), (expected, 3));
        assert_eq!((job.processed_at, job.cancelled_at()), (Some(Instant::NEVER_SET), Some(Instant::NEVER_SET)));
        assert_eq!(BulkJob { given_up: Some(UNDONE.to_owned()), ..job.clone() }.cancelled_at(), None);
        for status in BulkRecordStatus::ALL.iter().copied() {
            let after = job.outcome(record(status));
            if status.has_ended() {
                assert_eq!(after, record(status));
            } else {
                assert_eq!(
                    (after.status, after.details.as_deref()),
                    (BulkRecordStatus::FailedProcessing, Some(CANCELLED))
                );
            }
        }
    }
}
