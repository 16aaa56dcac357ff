//! Accept a file: its records are stored as they arrive, a portion in a transaction, and never held all at once.

use std::sync::Arc;

use billing::{
    account::Session,
    bulk::{BulkJobStatus, CUT_OFF},
    id::BulkJobId,
    problem::Problems,
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;
use store::bulk::LockedJob;

use super::{
    Limits,
    intake::{self, Header},
    not_found, numbers, types,
};
use crate::{App, Caller, Error, digest::Digester};

/// For how long the same records are taken for sent by mistake, in milliseconds.
const REPEAT_WITHIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is to become of a file.
#[derive(Debug, Clone)]
pub struct Order {
    /// The job without its records.
    pub header: Header,
    /// The same records may have come in the last 24 hours.
    pub allows_repeat: bool,
}

impl Order {
    /// Everything that is wrong with it, before any record is looked at.
    pub fn check(&self, now: Instant) -> Result<(), Error> {
        let mut problems = Problems::new();
        let job_type = self.header.job_type;
        if types::layout(job_type).is_none() {
            problems.push("Type", format!("Jobs of type {job_type} cannot be uploaded."));
        }
        self.header.options.check(now, &mut problems);
        problems.into_result().map_err(Error::Invalid)
    }
}

/// A file whose records arrive. Nothing is stored before the first portion, and nobody works on a job whose last record
/// has not come.
pub struct Upload {
    app: App,
    caller: Caller,
    order: Arc<Order>,
    limits: Limits,
    id: Option<BulkJobId>,
    count: usize,
    content: Digester,
}

impl Upload {
    /// Ready for the first records.
    pub fn new(app: &App, caller: &Caller, order: Order, limits: Limits) -> Self {
        let mut content = Digester::default();
        let limits = limits.on(app.db().backend());
        content.add(order.header.job_type.to_string().as_bytes());
        Self { app: app.clone(), caller: caller.clone(), order: Arc::new(order), limits, id: None, count: 0, content }
    }

    /// Says what columns the file has, before its first records are stored.
    pub fn set_columns(&mut self, columns: Option<String>) {
        if self.id.is_none() {
            Arc::make_mut(&mut self.order).header.columns = columns;
        }
    }

    /// Stores records that others follow. None at all are a sign of life.
    pub async fn store(&mut self, records: Vec<String>) -> Result<(), Error> {
        if self.id.is_none() && records.is_empty() {
            return Ok(());
        }
        self.write(records, false).await.map(|_| ())
    }

    /// Stores the last records, and has the job validated. Refused when the same records came before, unless that is meant.
    pub async fn finish(&mut self, records: Vec<String>) -> Result<BulkJobId, Error> {
        if self.count + records.len() == 0 {
            return Err(Error::invalid("Data", intake::NO_RECORD));
        }
        self.write(records, true).await
    }

    /// Ends the job that was begun, if one was. Each of its records tells the reason; without one, that it was cut off.
    pub async fn give_up(self, reason: Option<String>) {
        let Some(id) = self.id else { return };
        intake::give_up(&self.app, &self.caller, id, reason.as_deref().unwrap_or(CUT_OFF)).await;
    }

    async fn write(&mut self, records: Vec<String>, is_last: bool) -> Result<BulkJobId, Error> {
        numbers::refuse(&records, self.count)?;
        self.count += records.len();
        self.check_count()?;
        for record in &records {
            self.content.add(record.as_bytes());
        }
        let hash = is_last.then(|| self.content.clone().finish());
        let (order, id, limits) = (Arc::clone(&self.order), self.id, self.limits);
        let unit = move |tx: &mut Tx<'_>, session: &Session| {
            let count_max = if is_last { records.len() } else { limits.record_count_max };
            let mut locked = match id {
                None => open(tx, session, &order, count_max, limits)?,
                Some(id) => under_way(tx, session, id)?,
            };
            if let Some(hash) = &hash {
                refuse_repetition(tx, session, &order, hash)?;
                locked.job.content_hash = Some(hash.clone());
            }
            intake::append(tx, session, &mut locked, (&records, is_last), limits)?;
            Ok(locked.job.id)
        };
        let id = self.app.write(&self.caller, unit).await?;
        self.id = Some(id);
        Ok(id)
    }

    fn check_count(&self) -> Result<(), Error> {
        let Limits { record_count_max, whole_record_count_max, .. } = self.limits;
        if self.count > record_count_max {
            return Err(Error::invalid("Data", intake::too_many(record_count_max)));
        }
        if self.order.header.options.is_whole() && self.count > whole_record_count_max {
            let text = format!("An atomic job or a dry run can have at most {whole_record_count_max} records.");
            return Err(Error::invalid("Data", text));
        }
        Ok(())
    }
}

fn open(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
    count_max: usize,
    limits: Limits,
) -> Result<LockedJob, Error> {
    intake::require_enabled(session, order.header.job_type)?;
    intake::open(tx, session, &order.header, count_max, limits)
}

/// The job that the earlier portions belong to. Somebody may have cancelled it.
fn under_way(tx: &mut Tx<'_>, session: &Session, id: BulkJobId) -> Result<LockedJob, Error> {
    let locked = store::bulk::lock(tx, session.account.id, id)?.ok_or_else(|| not_found(id))?;
    if locked.job.status == BulkJobStatus::NotStarted { Ok(locked) } else { Err(Refusal::UploadOver(id).into()) }
}

/// A dry run repeats nothing.
fn refuse_repetition(tx: &mut Tx<'_>, session: &Session, order: &Order, hash: &str) -> Result<(), Error> {
    if order.allows_repeat || order.header.options.is_dry_run {
        return Ok(());
    }
    let since = session.now.plus_millis(-REPEAT_WITHIN_MS);
    let earlier = store::bulk::with_content(tx, session.account.id, hash, since)?;
    match earlier.iter().find(|job| job.guards_against_repeat()) {
        Some(job) => Err(Refusal::JobRepeated(job.id).into()),
        None => Ok(()),
    }
}
