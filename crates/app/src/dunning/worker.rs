//! The worker of the tasks of customers: one bill after the other, until nothing is to be collected today.

use std::time::Duration;

use billing::{
    collection::CALL_MS_MAX,
    id::{AccountId, CustomerId},
    payment_activity::ActivityStatus,
    refusal::Refusal,
};
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};

use super::{DUNNING, decide};
use crate::{App, Error, collection::collect_automatically, standing};

/// How often the queue is looked at: tasks come at midnight, and nobody waits for them.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Most bills of one customer in one task; the next night goes on.
const BILL_COUNT_MAX: usize = 100;

/// Starts to collect for every account. A lease outlives a call to a gateway; a second worker would do no harm, as every
/// attempt is decided again under the customer's lock.
pub fn start_worker(app: &App) -> Worker {
    let options = Options { poll_interval: POLL_INTERVAL, lease_ms: 2 * CALL_MS_MAX, ..Options::default() };
    Worker::start(DunningWork { app: app.clone() }, options)
}

struct DunningWork {
    app: App,
}

impl Work for DunningWork {
    const KINDS: &'static [&'static str] = &[DUNNING];

    fn db(&self) -> &Db {
        self.app.db()
    }

    fn now(&self) -> calendar::Instant {
        self.app.now()
    }

    async fn run(&self, lease: &Lease, stop: &Stop) -> Outcome {
        for _ in 0..BILL_COUNT_MAX {
            if stop.is_asked() {
                return Outcome::Stopped;
            }
            match self.collect(lease).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Outcome::Failed(error.to_string()),
            }
        }
        match self.close(lease).await {
            Ok(()) => Outcome::Settled,
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    /// The next night queues the customer again.
    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        tracing::error!(account = task.account_id, customer = task.subject_id, "nothing could be collected tonight");
        jobs::remove(tx, DUNNING, task.subject_id).map(|_| ())
    }
}

impl DunningWork {
    /// Collects one bill; whether to look for another. A customer without a payment method, of whom somebody else collects, or
    /// of whose money nobody knows where it is, is left alone until the next night.
    async fn collect(&self, lease: &Lease) -> Result<bool, Error> {
        let customer = CustomerId(lease.task.subject_id);
        let decide = move |tx: &mut Tx<'_>, session: &_, activity| decide(tx, session, customer, activity);
        match collect_automatically(&self.app, AccountId(lease.task.account_id), decide).await {
            Ok(Some((_, ActivityStatus::Successful | ActivityStatus::Failed))) => Ok(true),
            Ok(Some((_, ActivityStatus::Unknown)) | None) => Ok(false),
            Err(Error::Refused(Refusal::NoDefaultPaymentMethod | Refusal::NoGateway(_) | Refusal::Collecting(_))) => {
                Ok(false)
            }
            // A gateway that is out of use, for one: whatever is refused tonight must not keep the customer from being judged.
            Err(Error::Refused(refusal)) => {
                tracing::warn!(%customer, %refusal, "nothing can be collected of a customer");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Judges the customer by what came of it, and ends the task.
    async fn close(&self, lease: &Lease) -> Result<(), Error> {
        let (account, lease, clock) = (AccountId(lease.task.account_id), lease.clone(), self.app.clock());
        let close = move |tx: &mut Tx<'_>| {
            let now = clock.now();
            if !lease.keep(tx, now)? {
                return Ok(());
            }
            let (session, customer) = (App::own_session(tx, account, now)?, CustomerId(lease.task.subject_id));
            if store::customer::lock(tx, account, customer)?.is_some() {
                let setting = store::collection_setting::find(tx, account)?;
                standing::round::judge(tx, &session, &setting, customer)?;
            }
            Ok(lease.finish(tx)?)
        };
        self.app.db().write_for(account.0, close).await
    }
}
