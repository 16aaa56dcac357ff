//! What the jobs have left in the database.

use std::collections::{HashMap, HashSet};

use db::{Db, FromColumn, Row, Tx, Value as Parameter, values};
use serde_json::Value;
use tokio::runtime::Handle;

use super::{
    aim::{Phase, Place},
    order::{Kind, Order},
};

/// Events of records that end in the validation of their job; the others end in its processing.
const REFUSED: &str = "BulkRecordRefused";

/// The status of a job, how many records it has, and how many of them are checked, have passed, and are processed.
type Progress = (String, [i64; 4]);

/// The newest job after another one. A lane has its own counters until it ends.
const PROGRESS: &str = "SELECT status, total, successful + failed + CAST(COALESCE((
            SELECT SUM(l.successful + l.failed) FROM bulk_lane l WHERE l.job_id = bulk_job.id), 0) AS BIGINT),
        successful, processed + failed_processed + CAST(COALESCE((
            SELECT SUM(l.processed + l.failed_processed) FROM bulk_lane l WHERE l.job_id = bulk_job.id), 0) AS BIGINT)
    FROM bulk_job WHERE id > $1 ORDER BY id DESC LIMIT 1";

/// The name of an event, its subject, its customer.
type Told = (String, i64, Option<i64>);

/// The database of the only account.
pub(super) struct Books {
    pub(super) db: Db,
    pub(super) runtime: Handle,
}

impl Books {
    /// Every invoice, each with its customer.
    pub(super) fn invoices(&self) -> Vec<(i64, i64)> {
        let sql = "SELECT id, customer_id FROM invoice ORDER BY id";
        self.rows(sql, values![].into(), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The last job.
    pub(super) fn last_job(&self) -> i64 {
        self.column("SELECT COALESCE(MAX(id), 0) FROM bulk_job", values![].into())[0]
    }

    /// How far a job is that was submitted after another one and has so many records; nothing where the database cannot tell.
    pub(super) fn place(&self, after: i64, record_count: usize) -> Option<Place> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]));
        let found: Vec<Progress> = self.try_rows(PROGRESS, values![after].into(), read).ok()?;
        let record_count = i64::try_from(record_count).expect("a small number");
        let Some((status, [total, checked, passed, processed])) = found.into_iter().next() else {
            return Some(Place::of(Phase::Submission, 0, record_count));
        };
        Some(match status.as_str() {
            "NotStarted" => Place::of(Phase::Submission, total, record_count),
            // It was cut off, and is sent again.
            "Failed" => Place::of(Phase::Submission, 0, record_count),
            "Validating" | "Validated" | "ValidatedWithErrors" => Place::of(Phase::Validation, checked, record_count),
            "Processing" => Place::of(Phase::Processing, processed, passed),
            _ => Place::of(Phase::Over, 0, 1),
        })
    }

    /// The processes that have a part of a job.
    pub(super) fn holders(&self) -> HashSet<u32> {
        let sql = "SELECT lease_owner FROM task WHERE kind LIKE 'bulk-%' AND lease_owner IS NOT NULL";
        let owners: Vec<String> = self.try_rows(sql, values![].into(), |row: &Row<'_>| row.get(0)).unwrap_or_default();
        owners.iter().filter_map(|owner| owner.split('-').next()?.parse().ok()).collect()
    }

    /// Each record that was applied has left one effect with one event, others none.
    pub(super) fn assert_applied_once(&self, order: &Order, ended: &Value) {
        let (own, expected) = (order.keys(), order.expected());
        let mut expected: Vec<&str> = expected.iter().filter_map(|expected| expected.effect).collect();
        expected.sort_unstable();
        let effects = self.effects(order.kind);
        let mut found: Vec<&str> =
            effects.iter().map(|(key, _)| key.as_str()).filter(|key| own.contains(key)).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "effects in the books");

        let ids: HashSet<i64> =
            effects.iter().filter(|(key, _)| own.contains(key.as_str())).map(|(_, id)| *id).collect();
        let told =
            self.column::<i64>("SELECT subject_id FROM event WHERE event_type = $1", values![event(order.kind)].into());
        let told: Vec<i64> = told.into_iter().filter(|id| ids.contains(id)).collect();
        assert_eq!(
            (told.len(), told.iter().collect::<HashSet<_>>().len()),
            (ids.len(), ids.len()),
            "events of effects"
        );
        if order.kind != Kind::WriteOffs {
            let created = ended["records"].as_array().expect("the records").iter();
            let created: HashSet<i64> = created.filter_map(|record| record["createdEntityId"].as_i64()).collect();
            assert_eq!(created, ids, "what the records say that they created");
        }
    }

    /// Everything that happened to the job and its records is told once and in order, and nobody has anything to do with it any
    /// more.
    pub(super) fn assert_told_once(&self, order: &Order, ended: &Value) {
        let (job, records) = (ended["id"].as_i64(), ended["records"].as_array().expect("the records"));
        let ids: HashSet<Option<i64>> = records.iter().map(|record| record["id"].as_i64()).chain([job]).collect();
        let sql = "SELECT event_type, subject_id, customer_id FROM event WHERE event_type LIKE 'Bulk%' ORDER BY created_at, id";
        let told: Vec<Told> = self.rows(sql, values![].into(), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let told: Vec<Told> = told.into_iter().filter(|(_, subject, _)| ids.contains(&Some(*subject))).collect();
        assert_eq!(in_life_of_job(&told, job), order.events_of_job(), "events of the job");

        let mut of_records: Vec<(i64, &str)> = told
            .iter()
            .filter(|told| Some(told.1) != job)
            .map(|(name, subject, _)| (*subject, name.as_str()))
            .collect();
        of_records.sort_unstable();
        let expected = records.iter().zip(order.expected());
        let expected = expected.filter_map(|(record, expected)| Some((record["id"].as_i64()?, expected.event?)));
        assert_eq!(of_records, expected.collect::<Vec<_>>(), "events of records");
        assert_in_input_order(&told, job);

        let tasks: Vec<String> = self.column("SELECT kind FROM task WHERE kind LIKE 'bulk-%'", values![].into());
        assert!(tasks.is_empty(), "left to do: {tasks:?}");
    }

    /// The names of what jobs of a kind leave, each with the id that its event has.
    fn effects(&self, kind: Kind) -> Vec<(String, i64)> {
        let sql = match kind {
            Kind::WriteOffs => return self.write_offs(),
            Kind::Payments => "SELECT reference, id FROM payment WHERE reference IS NOT NULL",
            Kind::Customers => "SELECT reference, id FROM customer WHERE reference IS NOT NULL",
            Kind::Purchases => "SELECT name, id FROM purchase",
        };
        self.rows(sql, values![].into(), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// By the invoice, which the event is about, too.
    fn write_offs(&self) -> Vec<(String, i64)> {
        let invoices: Vec<i64> = self.column("SELECT invoice_id FROM write_off", values![].into());
        invoices.into_iter().map(|invoice| (invoice.to_string(), invoice)).collect()
    }

    fn column<T: FromColumn + Send + 'static>(&self, sql: &'static str, parameters: Vec<Parameter<'static>>) -> Vec<T> {
        self.rows(sql, parameters, |row| row.get(0))
    }

    fn rows<T: Send + 'static>(
        &self,
        sql: &'static str,
        parameters: Vec<Parameter<'static>>,
        read: fn(&Row<'_>) -> Result<T, db::Error>,
    ) -> Vec<T> {
        self.try_rows(sql, parameters, read).expect("the books can be read")
    }

    fn try_rows<T: Send + 'static>(
        &self,
        sql: &'static str,
        parameters: Vec<Parameter<'static>>,
        read: fn(&Row<'_>) -> Result<T, db::Error>,
    ) -> Result<Vec<T>, db::Error> {
        let ask = move |tx: &mut Tx<'_>| tx.query(sql, &parameters, read);
        self.runtime.block_on(self.db.read(ask))
    }
}

/// What is told of an effect.
fn event(kind: Kind) -> &'static str {
    match kind {
        Kind::WriteOffs => "InvoiceWrittenOff",
        Kind::Payments => "PaymentCreated",
        Kind::Customers => "CustomerCreated",
        Kind::Purchases => "PurchaseCreated",
    }
}

/// The events of a job, which stand around those of its records as its life does.
fn in_life_of_job(told: &[Told], job: Option<i64>) -> Vec<&str> {
    let mut of_job: Vec<&str> = Vec::new();
    for (name, subject, _) in told {
        if Some(*subject) == job {
            of_job.push(name);
        } else {
            let phase = if name == REFUSED { "BulkJobCreated" } else { "BulkJobStarted" };
            let last = of_job.iter().rev().find(|name| !["BulkJobPaused", "BulkJobResumed"].contains(name));
            assert_eq!(last, Some(&phase), "{name} of record {subject} is told at a wrong time");
        }
    }
    of_job
}

/// What was done to a customer is told in the order of the records.
fn assert_in_input_order(told: &[Told], job: Option<i64>) {
    let mut last: HashMap<i64, i64> = HashMap::new();
    for (name, subject, customer) in told.iter().filter(|(name, subject, _)| Some(*subject) != job && name != REFUSED) {
        let Some(customer) = customer else { continue };
        let before = last.insert(*customer, *subject);
        assert!(before < Some(*subject), "{name} of record {subject} is told after {before:?} of customer {customer}");
    }
}
