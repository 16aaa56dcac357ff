//! Waiting for a job: asked again and again, also over a connection that comes and goes.

use std::{thread::sleep, time::Duration};

use serde_json::Value;

use super::{
    client::{Client, patiently},
    progress::Progress,
    read,
};
use crate::failure::Failure;

/// Time between two questions: short at first, for small jobs.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(500);

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Every record is checked.
    Validated,
    /// Nothing more becomes of the job, or somebody must resume it.
    Ended,
}

impl Until {
    fn is_reached(self, job: &Value) -> bool {
        match job["status"].as_str().unwrap_or_default() {
            "NotStarted" | "Validating" => false,
            "Validated" | "ValidatedWithErrors" => self == Self::Validated,
            "Processing" => job["isPaused"] == true,
            _ => true,
        }
    }
}

/// The job when it is so far.
pub(super) fn wait(client: &Client, id: i64, until: Until, progress: &mut Progress) -> Result<Value, Failure> {
    let mut pause = FIRST_PAUSE;
    loop {
        let job = patiently(|| read(client, id), |failure| progress.tell(&format!("{failure}; trying again")))?;
        if until.is_reached(&job) {
            return Ok(job);
        }
        progress.show(&job);
        sleep(pause);
        pause = PAUSE_MAX.min(pause * 2);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_job_is_waited_for_until_it_is_so_far() {
        for (status, is_paused, validated, ended) in [
            ("NotStarted", false, false, false),
            ("Validating", false, false, false),
            ("Validated", false, true, false),
            ("ValidatedWithErrors", false, true, false),
            ("Processing", false, false, false),
            ("Processing", true, true, true),
            ("Processed", false, true, true),
            ("Expired", false, true, true),
        ] {
            let job = json!({ "status": status, "isPaused": is_paused });
            let reached = [Until::Validated, Until::Ended].map(|until| until.is_reached(&job));
            assert_eq!(reached, [validated, ended], "{status}");
        }
    }
}
