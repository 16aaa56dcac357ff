//! The task that lets the gateway forget what was deleted here, and tidies reservations away of which nothing was heard.

use std::time::Duration;

use billing::{
    id::{AccountId, PaymentMethodId},
    payment_method::{MethodState, StoredMethod},
};
use calendar::Instant;
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};
use tokio::task::spawn_blocking;

use crate::{App, Error, gateways};

/// The task of one method.
const FORGET: &str = "forget_payment_method";

/// How often the queue is looked at: nobody waits for this.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// How long the gateway has for its answer before another worker asks, too; no harm comes of that.
const LEASE_MS: i64 = 120_000;

/// How long a gateway that failed again and again is left alone.
const PAUSE_MS: i64 = 6 * 3_600_000;

/// How long a reservation stays of which nothing is heard: longer than any call to a gateway.
const RESERVATION_MS: i64 = 24 * 3_600_000;

/// Looks after a reservation in a day.
pub(super) fn later(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId, now: Instant) -> Result<(), Error> {
    Ok(jobs::ensure(tx, account.0, FORGET, id.0, now.plus_millis(RESERVATION_MS))?)
}

/// Lets the gateway forget a deleted method.
pub(super) fn soon(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId, now: Instant) -> Result<(), Error> {
    jobs::remove(tx, FORGET, id.0)?;
    Ok(jobs::enqueue(tx, account.0, FORGET, id.0, now)?)
}

/// Starts to look after the deleted methods of every account.
pub fn start_worker(app: &App) -> Worker {
    let options = Options { lease_ms: LEASE_MS, poll_interval: POLL_INTERVAL, ..Options::default() };
    Worker::start(ForgetWork { app: app.clone() }, options)
}

struct ForgetWork {
    app: App,
}

impl Work for ForgetWork {
    const KINDS: &'static [&'static str] = &[FORGET];

    fn db(&self) -> &Db {
        self.app.db()
    }

    fn now(&self) -> Instant {
        self.app.now()
    }

    async fn run(&self, lease: &Lease, _stop: &Stop) -> Outcome {
        match forget(&self.app, lease).await {
            Ok(()) => Outcome::Settled,
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }

    /// A token is never given up: whoever has it can charge its owner.
    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        tracing::error!(
            account = task.account_id,
            method = task.subject_id,
            "the gateway could not be told to forget a payment method"
        );
        jobs::remove(tx, FORGET, task.subject_id)?;
        jobs::enqueue(tx, task.account_id, FORGET, task.subject_id, self.now().plus_millis(PAUSE_MS))
    }
}

/// What a method asks for.
enum Due {
    /// Nothing: it is in use, or gone.
    Nothing,
    /// The row goes.
    Reservation,
    /// The gateway forgets it first.
    Token(Box<(StoredMethod, billing::gateway::GatewayAccount)>),
}

async fn forget(app: &App, lease: &Lease) -> Result<(), Error> {
    let (account, id) = (AccountId(lease.task.account_id), PaymentMethodId(lease.task.subject_id));
    let due = app.db().read(move |tx| due(tx, account, id)).await?;
    if let Due::Token(held) = &due {
        let (method, row) = held.as_ref();
        let (gateway, token) = (app.gateways().open(account, row)?, app.gateways().token(account, method)?);
        let forgotten = spawn_blocking(move || gateway.forget(&token)).await.map_err(Error::defect)?;
        forgotten.map_err(Error::defect)?;
    }
    let (lease, clock) = (lease.clone(), app.clock());
    let end = move |tx: &mut Tx<'_>| {
        if !lease.keep(tx, clock.now())? {
            return Ok(());
        }
        match &due {
            Due::Nothing => {}
            Due::Reservation => store::payment_method::delete_pending(tx, account, id)?,
            Due::Token(_) => store::payment_method::forget_token(tx, account, id)?,
        }
        Ok::<_, Error>(lease.finish(tx)?)
    };
    app.db().write_for(account.0, end).await
}

fn due(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId) -> Result<Due, Error> {
    let Some(method) = store::payment_method::find(tx, account, id)? else { return Ok(Due::Reservation) };
    match method.state {
        MethodState::Deleted if method.sealed_token.is_some() => {
            let row = gateways::get(tx, account, method.gateway)?;
            Ok(Due::Token(Box::new((method, row))))
        }
        // One that is held belongs to whoever held it, and is admitted or discarded by them.
        MethodState::Deleted | MethodState::Active | MethodState::Pending => Ok(Due::Nothing),
    }
}
