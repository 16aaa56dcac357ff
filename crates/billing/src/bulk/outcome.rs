//! What became of records, as far as files of results tell them apart.

use super::BulkRecordStatus;
use crate::named::named;

named! {
    /// Which records a file of results has.
    pub enum BulkOutcome {
        /// Every record.
        All => "All",
        /// Those that were applied, or would have been in a dry run.
        Succeeded => "Succeeded",
        /// Those that were checked or tried, and refused.
        Failed => "Failed",
        /// Those that nobody refused and nobody applied: not yet, or never, because their job was given up before.
        Unprocessed => "Unprocessed",
    }
}

impl BulkOutcome {
    /// Where the records stand by themselves, before [`BulkJob::outcome`](super::BulkJob::outcome) says what their job made
    /// of them.
    pub fn statuses(self) -> &'static [BulkRecordStatus] {
        use BulkRecordStatus::{FailedProcessing, FailedValidation, NotStarted, PassedValidation, Processed};
        match self {
            Self::All => &[NotStarted, PassedValidation, FailedValidation, Processed, FailedProcessing],
            Self::Succeeded => &[Processed],
            Self::Failed => &[FailedValidation, FailedProcessing],
            Self::Unprocessed => &[NotStarted, PassedValidation],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::named::Named as _;

    #[test]
    fn every_record_has_one_outcome() {
        use BulkOutcome::{All, Failed, Succeeded, Unprocessed};
        for status in BulkRecordStatus::ALL {
            let having: Vec<_> =
                [Succeeded, Failed, Unprocessed].into_iter().filter(|one| one.statuses().contains(status)).collect();
            assert_eq!(having.len(), 1, "{status}");
            assert!(All.statuses().contains(status), "{status}");
            assert_eq!(having[0] == Unprocessed, !status.has_ended(), "{status}");
        }
    }
}
