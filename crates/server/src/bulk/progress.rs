//! How far a job is, on standard error: a bar on a terminal, now and then a line anywhere else.

use std::{
    fmt,
    io::{IsTerminal as _, Read, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde_json::Value;

use super::tell::records;

/// Time between two lines about the same phase.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// What is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Phase {
    name: &'static str,
    done: u64,
    total: u64,
}

impl Phase {
    /// What is being done to the records of a job; nothing while it waits.
    fn of(job: &Value) -> Option<Self> {
        let count = |member: &str| job[member].as_u64().unwrap_or_default();
        let (name, done, total) = match job["status"].as_str()? {
            "Validating" => ("validating", count("successfulRecords") + count("failedRecords"), count("totalRecords")),
            "Processing" => ("processing", count("totalProcessedRecords"), count("successfulRecords")),
            _ => return None,
        };
        Some(Self { name, done, total })
    }

    /// Done records, how many a second, and what is left at that rate.
    fn line(&self, since: u64, elapsed: Duration) -> String {
        let Self { name, done, total } = self;
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = done.saturating_sub(since).saturating_mul(1_000) / millis;
        let told = format!("{name}: {done} of {}", records(i64::try_from(*total).unwrap_or(i64::MAX)));
        match total.saturating_sub(*done).checked_div(rate) {
            Some(left) => format!("{told}, {rate} a second, {left} s left"),
            None => told,
        }
    }
}

/// Shows what is going on.
pub(super) struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
    /// The phase that is shown, how far it was when it was first, and since when.
    shown: Option<(Phase, Instant)>,
    told_at: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        let is_terminal = stderr().is_terminal();
        let bar = if is_terminal { ProgressBar::no_length() } else { ProgressBar::hidden() };
        Self { bar, is_terminal, shown: None, told_at: Instant::now() }
    }

    /// The file, which shows how much of it is sent.
    pub(super) fn sending(&self, file: impl Read, length: Option<u64>) -> impl Read {
        if let Some(length) = length {
            self.bar.set_length(length);
        }
        self.style("{prefix:10} [{bar:40}] {bytes}/{total_bytes} {bytes_per_sec} {eta} left");
        self.bar.set_prefix("sending");
        self.bar.wrap_read(file)
    }

    /// Shows a job as it stands.
    pub(super) fn show(&mut self, job: &Value) {
        let Some(phase) = Phase::of(job) else { return };
        let is_new = self.shown.as_ref().is_none_or(|(shown, _)| shown.name != phase.name);
        if is_new {
            self.bar.reset();
            self.bar.set_prefix(phase.name);
            self.style("{prefix:10} [{bar:40}] {pos}/{len} records {rate} a second {eta} left");
        }
        let (first, since) = self.shown.take().filter(|_| !is_new).unwrap_or((phase.clone(), Instant::now()));
        self.bar.set_length(phase.total);
        self.bar.set_position(phase.done);
        if !self.is_terminal && (is_new || self.told_at.elapsed() >= LINE_INTERVAL) {
            self.told_at = Instant::now();
            eprintln!("{}", phase.line(first.done, since.elapsed()));
        }
        self.shown = Some((first, since));
    }

    /// Says something beside.
    pub(super) fn tell(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    fn style(&self, template: &str) {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar.set_style(style.with_key("rate", whole_rate));
    }
}

/// Records a second; a part of one says nothing.
fn whole_rate(state: &ProgressState, told: &mut dyn fmt::Write) {
    // There is nobody to tell that a bar cannot be drawn.
    let _ = write!(told, "{:.0}", state.per_sec());
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_job_at_work_is_in_a_phase() {
        let job = json!({ "status": "Validating", "totalRecords": 9, "successfulRecords": 3, "failedRecords": 1 });
        assert_eq!(Phase::of(&job), Some(Phase { name: "validating", done: 4, total: 9 }));
        let job =
            json!({ "status": "Processing", "totalRecords": 9, "successfulRecords": 8, "totalProcessedRecords": 5 });
        assert_eq!(Phase::of(&job), Some(Phase { name: "processing", done: 5, total: 8 }));
        assert_eq!(Phase::of(&json!({ "status": "Validated" })), None);
    }

    #[test]
    fn a_line_has_the_rate_and_what_is_left() {
        let phase = Phase { name: "processing", done: 500, total: 2_000 };
        let line = phase.line(100, Duration::from_secs(2));
        assert_eq!(line, "processing: 500 of 2000 records, 200 a second, 7 s left");
        assert_eq!(phase.line(500, Duration::from_secs(2)), "processing: 500 of 2000 records");
        let one = Phase { name: "validating", done: 0, total: 1 };
        assert_eq!(one.line(0, Duration::from_secs(2)), "validating: 0 of 1 record");
    }
}
