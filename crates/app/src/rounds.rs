//! The worker of the daily rounds: each of an account's is one task, which comes back every midnight of the account's zone.

use std::time::Duration;

use billing::{
    account::Account,
    id::{AccountId, CustomerId},
};
use calendar::{Instant, add_days};
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};

use crate::{
    App, Error,
    checkpoints::{CHECKPOINT, seal},
    earning::{self, EARN},
    standing::{self, STANDING},
};

/// How often the queue is looked at: rounds begin at midnight, and nobody waits for them.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long a round that failed again and again is left alone.
const PAUSE_MS: i64 = 3_600_000;

/// The first instant of an account's next day.
pub(crate) fn next_round(account: &Account, now: Instant) -> Instant {
    account.zone.start_of(add_days(account.zone.date_of(now), 1))
}

/// Starts to earn for every account, to seal the chains of its customers, and to see where they stand.
pub fn start_worker(app: &App) -> Worker {
    let options = Options { poll_interval: POLL_INTERVAL, task_count_max: 1, ..Options::default() };
    Worker::start(RoundWork { app: app.clone() }, options)
}

struct RoundWork {
    app: App,
}

/// Where a round stands after a transaction.
enum Left {
    After(CustomerId),
    Nothing,
    Lost,
}

impl Work for RoundWork {
    const KINDS: &'static [&'static str] = &[EARN, CHECKPOINT, STANDING];

    fn db(&self) -> &Db {
        self.app.db()
    }

    fn now(&self) -> Instant {
        self.app.now()
    }

    async fn run(&self, lease: &Lease, stop: &Stop) -> Outcome {
        let (mut after, begun) = (CustomerId(0), self.now());
        while !stop.is_asked() {
            match self.step(lease, after, begun).await {
                Ok(Left::After(customer)) => after = customer,
                Ok(Left::Nothing | Left::Lost) => return Outcome::Settled,
                Err(error) => return Outcome::Failed(error.to_string()),
            }
        }
        Outcome::Stopped
    }

    /// A round is never given up for good: it comes back, and the log says that it could not be done.
    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        tracing::error!(account = task.account_id, kind = task.kind, "a daily round failed again and again");
        let Some(kind) = Self::KINDS.iter().find(|kind| **kind == task.kind) else { return Ok(()) };
        jobs::remove(tx, kind, task.subject_id)?;
        jobs::enqueue(tx, task.account_id, kind, task.subject_id, self.now().plus_millis(PAUSE_MS))
    }
}

impl RoundWork {
    /// One transaction of a round. A round that midnight overtook is due again at once: those whom it had passed by then have
    /// not had their new day.
    async fn step(&self, lease: &Lease, after: CustomerId, begun: Instant) -> Result<Left, Error> {
        let (account, lease, clock) = (AccountId(lease.task.account_id), lease.clone(), self.app.clock());
        let step = move |tx: &mut Tx<'_>| {
            let now = clock.now();
            if !lease.keep(tx, now)? {
                return Ok(Left::Lost);
            }
            let session = App::own_session(tx, account, now)?;
            let last = match lease.task.kind.as_str() {
                CHECKPOINT => seal::step(tx, &session, after)?,
                STANDING => standing::round::step(tx, &session, after)?,
                _ => earning::run::step(tx, &session, after)?,
            };
            let Some(last) = last else {
                lease.again(tx, next_round(&session.account, begun))?;
                return Ok(Left::Nothing);
            };
            Ok(Left::After(last))
        };
        self.app.db().write_for(account.0, step).await
    }
}
