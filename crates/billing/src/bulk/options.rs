//! How a job is to be done, beyond what the original knows: in one piece, for show, in two steps, at a time.

use calendar::Instant;

use super::{BulkJob, BulkJobStatus};
use crate::{named::named, problem::Problems, refusal::Refusal};

named! {
    /// What a record that fails means to the others.
    pub enum BulkMode {
        /// Nothing: each record is applied or fails by itself.
        Continue => "Continue",
        /// Everything: all records are applied, or none.
        Atomic => "Atomic",
    }
}

/// How a job is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkOptions {
    /// What a record that fails means to the others.
    pub mode: BulkMode,
    /// Its records are applied to see what comes of it, and taken back.
    pub is_dry_run: bool,
    /// Processing pauses after so many records, until somebody has looked.
    pub pause_after: Option<i64>,
    /// When processing begins by itself; absent where it waits for a call.
    pub starts_at: Option<Instant>,
}

impl Default for BulkOptions {
    /// As the original does every job.
    fn default() -> Self {
        Self { mode: BulkMode::Continue, is_dry_run: false, pause_after: None, starts_at: None }
    }
}

/// What a record tells that was applied and taken back, because the job is atomic and another one failed.
pub const UNDONE: &str = "Not applied, because another record of the atomic job failed.";

impl BulkOptions {
    /// Processing is one transaction, not one a chunk.
    pub fn is_whole(self) -> bool {
        self.is_dry_run || self.mode == BulkMode::Atomic
    }

    /// Refuses what contradicts itself, and a start in the past: nearly always a mistake, after which money would move at once.
    pub fn check(self, now: Instant, problems: &mut Problems) {
        if self.pause_after.is_some_and(|count| count < 1) {
            problems.push("PauseAfter", "PauseAfter must be at least 1.");
        }
        if self.pause_after.is_some() && self.is_whole() {
            problems.push("PauseAfter", "An atomic job and a dry run are done in one piece and cannot pause.");
        }
        if self.starts_at.is_some_and(|starts_at| starts_at <= now) {
            problems.push(
                "StartAt",
                "StartAt must be in the future. Leave it out, and process the job when it is validated.",
            );
        }
    }
}

impl BulkJob {
    /// Only a job whose records are being applied may be paused, and only in between them.
    pub fn may_be_paused(&self) -> Result<(), Refusal> {
        if self.status != BulkJobStatus::Processing {
            return Err(Refusal::JobNotProcessing(self.id, self.status));
        }
        if self.options.is_whole() { Err(Refusal::JobInOnePiece(self.id)) } else { Ok(()) }
    }

    /// Only a paused job may be resumed.
    pub fn may_be_resumed(&self) -> Result<(), Refusal> {
        if self.paused_at.is_some() { Ok(()) } else { Err(Refusal::JobNotPaused(self.id)) }
    }

    /// Has done, or may yet do, what a second job with the same records would do again.
    pub fn guards_against_repeat(&self) -> bool {
        !self.options.is_dry_run && (self.counts.processed > 0 || self.may_do_something())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bulk::{BulkCounts, tests::job},
        named::Named,
    };

    fn with(status: BulkJobStatus, options: BulkOptions, processed: i64) -> BulkJob {
        let counts = BulkCounts { total: 9, successful: 9, processed, ..BulkCounts::default() };
        BulkJob { options, ..job(status, counts) }
    }

    #[test]
    fn a_job_in_one_piece_has_no_pause() {
        for (options, expected) in [
            (BulkOptions::default(), 0),
            (BulkOptions { pause_after: Some(1), ..BulkOptions::default() }, 0),
            (BulkOptions { pause_after: Some(0), ..BulkOptions::default() }, 1),
            (BulkOptions { pause_after: Some(1), is_dry_run: true, ..BulkOptions::default() }, 1),
            (BulkOptions { pause_after: Some(-1), mode: BulkMode::Atomic, ..BulkOptions::default() }, 2),
        ] {
            let mut problems = Problems::new();
            options.check(Instant::NEVER_SET, &mut problems);
            assert_eq!(problems.into_found().len(), expected, "{options:?}");
        }
    }

    #[test]
    fn a_job_starts_in_the_future() {
        for (after_ms, expected) in [(-1, 1), (0, 1), (1, 0)] {
            let mut problems = Problems::new();
            let starts_at = Some(Instant::from_millis(1_000 + after_ms));
            BulkOptions { starts_at, ..BulkOptions::default() }.check(Instant::from_millis(1_000), &mut problems);
            assert_eq!(problems.into_found().len(), expected, "{after_ms}");
        }
    }

    #[test]
    fn only_what_is_being_processed_is_paused_and_only_what_is_paused_resumed() {
        for status in BulkJobStatus::ALL.iter().copied() {
            let job = with(status, BulkOptions::default(), 0);
            assert_eq!(job.may_be_paused().is_ok(), status == BulkJobStatus::Processing, "{status}");
            assert!(job.may_be_resumed().is_err());
        }
        let whole = with(BulkJobStatus::Processing, BulkOptions { is_dry_run: true, ..BulkOptions::default() }, 0);
        assert!(whole.may_be_paused().is_err());
        let paused = BulkJob {
            paused_at: Some(Instant::NEVER_SET),
            ..with(BulkJobStatus::Processing, BulkOptions::default(), 0)
        };
        assert!(paused.may_be_paused().is_ok() && paused.may_be_resumed().is_ok());
    }

    #[test]
    fn a_repetition_is_guarded_against_while_it_would_do_something_twice() {
        for status in BulkJobStatus::ALL.iter().copied() {
            assert_eq!(with(status, BulkOptions::default(), 0).guards_against_repeat(), status.is_open(), "{status}");
            assert!(with(status, BulkOptions::default(), 1).guards_against_repeat(), "{status}");
            let dry = BulkOptions { is_dry_run: true, ..BulkOptions::default() };
            assert!(!with(status, dry, 1).guards_against_repeat(), "{status}");
            let scheduled = BulkOptions { starts_at: Some(Instant::NEVER_SET), ..BulkOptions::default() };
            assert_eq!(with(status, scheduled, 0).guards_against_repeat(), status.is_open(), "{status}");
        }
    }
}
