//! The worker that finds out how collections ended whose callers are gone: killed, or left without a clear answer.

use std::time::Duration;

use billing::id::{AccountId, PaymentActivityId};
use calendar::Instant;
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};

use super::{COLLECT, call, outcome};
use crate::{App, Error};

/// How often the queue is looked at.
pub(super) const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long a gateway that said nothing clear again and again is left alone.
pub(super) const PAUSE_MS: i64 = 3_600_000;

/// Starts to settle the collections of every account.
pub fn start_worker(app: &App) -> Worker {
    // Another worker asks, too, when this one takes longer; no harm comes of that.
    let options = Options { lease_ms: app.till().lease_ms(), poll_interval: POLL_INTERVAL, ..Options::default() };
    Worker::start(CollectionWork { app: app.clone() }, options)
}

struct CollectionWork {
    app: App,
}

impl Work for CollectionWork {
    const KINDS: &'static [&'static str] = &[COLLECT];

    fn db(&self) -> &Db {
        self.app.db()
    }

    fn now(&self) -> Instant {
        self.app.now()
    }

    async fn run(&self, lease: &Lease, _stop: &Stop) -> Outcome {
        let (account, activity) = (AccountId(lease.task.account_id), PaymentActivityId(lease.task.subject_id));
        match settle(&self.app, account, activity).await {
            Ok(true) => Outcome::Settled,
            Ok(false) => Outcome::Failed("the payment gateway gave no clear answer".to_owned()),
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    /// Money of which nobody knows is never given up: the gateway is asked again, or a person resolves it.
    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        let (account, activity) = (task.account_id, task.subject_id);
        tracing::error!(account, activity, "nobody knows whether a payment was made");
        jobs::remove(tx, COLLECT, activity)?;
        jobs::enqueue(tx, account, COLLECT, activity, self.now().plus_millis(PAUSE_MS))
    }
}

/// Asks the gateway how a collection ended, and ends it; whether the gateway knows. One that has ended by a person's word is
/// asked about as any other.
pub(super) async fn settle(app: &App, account: AccountId, activity: PaymentActivityId) -> Result<bool, Error> {
    let found = app.db().read(move |tx| store::collection::find(tx, account, activity)).await?;
    let collection = found.ok_or(Error::not_found("PaymentActivity", activity.0))?;
    let known = call::settle(app, account, &collection).await?;
    let is_known = known.is_ok();
    outcome::record(app, account, activity, known).await?;
    Ok(is_known)
}
