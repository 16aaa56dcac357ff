//! Who sends a job and waits for its end, whatever happens to the processes meanwhile.

use std::{collections::BTreeMap, thread, time::Duration};

use serde_json::{Value, json};

use super::order::{Mode, Order};
use crate::process::{Caller, wait_for};

/// Between two looks at a job.
const PAUSE: Duration = Duration::from_millis(10);

/// The counters of a job, and the states of the records that each counts.
const COUNTERS: &[(&str, &[&str])] = &[
    ("successfulRecords", &["PassedValidation", "Processed", "FailedProcessing"]),
    ("failedRecords", &["FailedValidation"]),
    ("processedRecords", &["Processed"]),
    ("failedProcessedRecords", &["FailedProcessing"]),
    ("totalProcessedRecords", &["Processed", "FailedProcessing"]),
];

/// A client that never gives up.
pub(super) struct Clerk<'a> {
    pub(super) caller: Caller,
    pub(super) order: &'a Order,
    /// The database is killed, too: of some calls nobody knows whether they took effect.
    pub(super) may_be_unknown: bool,
}

impl Clerk<'_> {
    /// Sends the job, has it processed and waits for its end: the job with all its records.
    pub(super) fn run(&self) -> Value {
        let id = wait_for("a job", || self.submit());
        wait_for("the end of the job", || {
            let job = self.read(&format!("/v1/BulkApi/{id}?view=Full"))?;
            assert_counters(&job);
            match job["status"].as_str().expect("a status") {
                "NotStarted" | "Validating" => {}
                "Validated" | "ValidatedWithErrors" if self.order.mode == Mode::AtOnce => {}
                "Validated" | "ValidatedWithErrors" => self.process(id),
                "Processing" => self.go_on(id),
                "Processed" | "ProcessedWithErrors" => return Some(job),
                other => panic!("the job is {other}: {job}"),
            }
            thread::sleep(PAUSE);
            None
        })
    }

    fn submit(&self) -> Option<i64> {
        let (status, text) = if self.order.is_file {
            let (path, media_type, file) = self.order.file();
            self.caller.upload(&path, media_type, &file)?
        } else {
            self.caller.send("/v1/BulkApi", &self.order.body(), &format!("{}-submit", self.order.label))?
        };
        if status != 400 {
            return self.understood(status, &text)?["id"].as_i64();
        }
        // The call was held up; the next one has a later time.
        if text.contains("StartAt must be in the future") {
            return None;
        }
        // The answer to a file was lost: it is there, or a part of it, which fails in a moment.
        assert!(self.order.is_file, "{text}");
        let job = text.split_once("Bulk job ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        let job: i64 = job.unwrap_or_else(|| panic!("{text}"));
        let found = self.read(&format!("/v1/BulkApi/{job}"))?;
        (found["status"] != "NotStarted").then_some(job)
    }

    fn process(&self, id: i64) {
        let key = format!("{}-process", self.order.label);
        if let Some((status, text)) = self.caller.send("/v1/BulkApi/Process", &json!({ "id": id }), &key) {
            self.understood(status, &text);
        }
    }

    /// Has a paused job go on.
    fn go_on(&self, id: i64) {
        let Mode::PauseAfter(count) = self.order.mode else { return };
        let Some(job) = self.read(&format!("/v1/BulkApi/Jobs/{id}")) else { return };
        if job["isPaused"] == true {
            assert_eq!(job["totalProcessedRecords"], count, "{job}");
            self.caller.upload(&format!("/v1/BulkApi/Resume/{id}"), "application/json", "");
        }
    }

    fn read(&self, path: &str) -> Option<Value> {
        let (status, text) = self.caller.try_get(path)?;
        self.understood(status, &text)
    }

    /// A good answer; nothing where the call is to be repeated.
    fn understood(&self, status: u16, text: &str) -> Option<Value> {
        match status {
            200 => Some(serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))),
            503 => None,
            500 if self.may_be_unknown => None,
            _ => panic!("{status}: {text}"),
        }
    }
}

/// What the job counts is what its records say, at every moment.
fn assert_counters(job: &Value) {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for record in job["records"].as_array().expect("the records") {
        *found.entry(record["status"].as_str().expect("a status")).or_default() += 1;
    }
    for (counter, states) in COUNTERS {
        let of_records: usize = states.iter().filter_map(|state| found.get(state)).sum();
        let of_job = job[*counter].as_u64().unwrap_or_default();
        assert_eq!(usize::try_from(of_job), Ok(of_records), "{counter} of {found:?}, {}", job["status"]);
    }
}
