//! Give a small job the time to end within the call that started it.

use std::time::Duration;

use billing::{
    bulk::{BulkJob, BulkJobStatus},
    id::BulkJobId,
};
use tokio::time::{sleep, timeout};

use super::find;
use crate::{App, Caller, Error};

/// The first pause between two looks; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(50);

/// Wakes the workers. The job as soon as no worker has anything to do on it, or as it is after `wait_max`.
pub async fn run(app: &App, caller: &Caller, id: BulkJobId, wait_max: Duration) -> Result<BulkJob, Error> {
    app.wake_workers();
    match timeout(wait_max, until_idle(app, caller, id)).await {
        Ok(job) => job,
        Err(_elapsed) => look(app, caller, id).await,
    }
}

async fn until_idle(app: &App, caller: &Caller, id: BulkJobId) -> Result<BulkJob, Error> {
    let mut pause = PAUSE_MIN;
    loop {
        let job = look(app, caller, id).await?;
        if !is_under_way(job.status) || job.paused_at.is_some() {
            return Ok(job);
        }
        sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

async fn look(app: &App, caller: &Caller, id: BulkJobId) -> Result<BulkJob, Error> {
    app.question(caller, move |tx, session| find::run(tx, session, id)).await
}

fn is_under_way(status: BulkJobStatus) -> bool {
    match status {
        BulkJobStatus::NotStarted | BulkJobStatus::Validating | BulkJobStatus::Processing => true,
        BulkJobStatus::Done
        | BulkJobStatus::Validated
        | BulkJobStatus::ValidatedWithErrors
        | BulkJobStatus::Processed
        | BulkJobStatus::ProcessedWithErrors
        | BulkJobStatus::Expired
        | BulkJobStatus::Failed => false,
    }
}
