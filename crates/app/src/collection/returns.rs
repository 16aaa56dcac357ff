//! Money from bank accounts counts as paid when the bank was asked, and the bank may take it back days later (receivables.md §6,
//! NSF). The gateway is asked for sixty days, and at once when it says by itself that something happened.

use billing::{
    account::Session,
    collection::{Collection, End},
    id::{AccountId, PaymentActivityId, RefundId},
    payment::{Allocation, Payment, PaymentMethod},
    refund::Refund,
};
use calendar::Instant;
use db::{Db, Tx};
use gateway::Failure;
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};

use super::{
    call::blocking,
    source,
    worker::{PAUSE_MS, POLL_INTERVAL},
};
use crate::{App, Error, allocations::left_of, books::Books, payment_methods, payments, refunds};

/// The kind of task that finds out whether a bank took money back.
pub(crate) const RETURNS: &str = "collect-returns";

/// On which days after a payment the gateway is asked: a bank says it within two working days as a rule, and an owner may object for
/// sixty days.
const DAYS: [i64; 12] = [1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60];

/// How many days after a payment a gateway that gives no clear answer is still asked.
const SILENT_DAYS_MAX: i64 = 90;

/// How long a refund of the same money that is under way is waited for.
const REFUND_WAIT_MS: i64 = 60_000;

/// Starts to ask about the payments of every account. It is a worker of its own: however many they are and however slow a
/// gateway is, no payment of which nobody knows waits for them.
pub fn start_returns_worker(app: &App) -> Worker {
    let options = Options { lease_ms: app.till().lease_ms(), poll_interval: POLL_INTERVAL, ..Options::default() };
    Worker::start(ReturnsWork { app: app.clone() }, options)
}

struct ReturnsWork {
    app: App,
}

impl Work for ReturnsWork {
    const KINDS: &'static [&'static str] = &[RETURNS];

    fn db(&self) -> &Db {
        self.app.db()
    }

    fn now(&self) -> Instant {
        self.app.now()
    }

    async fn run(&self, lease: &Lease, _stop: &Stop) -> Outcome {
        look(&self.app, lease).await
    }

    /// The gateway is asked again, but not for ever.
    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        let (now, account, activity) = (self.now(), AccountId(task.account_id), PaymentActivityId(task.subject_id));
        jobs::remove(tx, RETURNS, activity.0)?;
        let found = store::payment_activity::find(tx, account, activity)?;
        let is_asked_again = found.is_some_and(|taken| now < taken.created_at.plus_days(SILENT_DAYS_MAX));
        tracing::error!(%account, %activity, is_asked_again, "nobody knows whether a bank took a payment back");
        if is_asked_again {
            jobs::enqueue(tx, account.0, RETURNS, activity.0, now.plus_millis(PAUSE_MS))?;
        }
        Ok(())
    }
}

/// Has the gateway asked later about money that was taken from a bank account.
pub(super) fn watch(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<(), Error> {
    if collection.method == PaymentMethod::Ach && collection.plan.refunds.is_none() {
        ask_at(tx, session, collection.activity, session.now.plus_days(DAYS[0]))?;
    }
    Ok(())
}

/// Has the gateway asked about it at this time at the latest.
pub(super) fn ask_at(
    tx: &mut Tx<'_>,
    session: &Session,
    activity: PaymentActivityId,
    at: Instant,
) -> Result<(), db::Error> {
    jobs::ensure(tx, session.account.id.0, RETURNS, activity.0, at)?;
    jobs::hasten(tx, RETURNS, activity.0, at)
}

/// When the gateway is asked next about money that was taken `began_at`; never when sixty days are over.
pub(super) fn next_at(began_at: Instant, now: Instant) -> Option<Instant> {
    DAYS.iter().map(|days| began_at.plus_days(*days)).find(|at| *at > now)
}

/// Asks the gateway whether a bank took money back, and records it.
async fn look(app: &App, lease: &Lease) -> Outcome {
    let found = match find(app, lease).await {
        // Nothing that it does not know comes back; a person may have named the charge otherwise than it does.
        Ok(Err(Failure::Declined { text, .. })) => {
            tracing::warn!(activity = lease.task.subject_id, text, "the gateway does not know a payment");
            Ok(Ok(None))
        }
        found => found,
    };
    match found {
        Ok(Ok(text)) => match record(app, lease, text).await {
            Ok(()) => Outcome::Settled,
            Err(error) => Outcome::Failed(error.to_string()),
        },
        Ok(Err(failure)) => Outcome::Failed(failure.to_string()),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Why the bank took the money back, if it did, as far as the gateway says.
async fn find(app: &App, lease: &Lease) -> Result<Result<Option<String>, Failure>, Error> {
    let (account, activity) = of(lease);
    let found = app.db().read(move |tx| store::collection::find(tx, account, activity)).await?;
    let collection = found.ok_or(Error::not_found("PaymentActivity", activity.0))?;
    let Some(charge) = collection.end.as_ref().and_then(End::transaction).map(str::to_owned) else {
        return Ok(Ok(None));
    };
    let (gateway, now) = (source::open(app, account, collection.via.gateway).await?, app.now());
    Ok(blocking(move || gateway.returned(&charge, now)).await)
}

/// Records that a bank took the money back, in the words of `text`; else the gateway is asked again on another day.
async fn record(app: &App, lease: &Lease, text: Option<String>) -> Result<(), Error> {
    let ((account, activity), clock, lease) = (of(lease), app.clock(), lease.clone());
    let unit = move |tx: &mut Tx<'_>| {
        let session = App::own_session(tx, account, clock.now())?;
        let is_held = lease.keep(tx, session.now)?;
        let again_at = match &text {
            // Whoever has taken over hears the same, perhaps as late; it is recorded once.
            Some(text) => take_back(tx, &session, activity, text)?,
            None if !is_held => return Ok(()),
            None => {
                let activity = crate::payment_activities::find::run(tx, &session, activity)?;
                next_at(activity.created_at, session.now)
            }
        };
        match again_at {
            Some(at) => Ok(lease.again(tx, at)?),
            None => Ok(lease.finish(tx)?),
        }
    };
    app.db().write_for(account.0, unit).await
}

fn of(lease: &Lease) -> (AccountId, PaymentActivityId) {
    (AccountId(lease.task.account_id), PaymentActivityId(lease.task.subject_id))
}

/// Takes what is left of a payment out of the books: invoices owe again, and nothing of it can be refunded any more. A time when
/// a refund that is under way is to have ended first.
fn take_back(
    tx: &mut Tx<'_>,
    session: &Session,
    activity: PaymentActivityId,
    text: &str,
) -> Result<Option<Instant>, Error> {
    let account = session.account.id;
    let found = store::collection::find(tx, account, activity)?;
    let collection = found.ok_or(Error::not_found("PaymentActivity", activity.0))?;
    let mut books = Books::open(tx, session, collection.customer)?;
    let payment = payments::collect::end(tx, session, &collection)?;
    if payment.refunds.iter().any(|refund| refund.is_return) {
        return Ok(None);
    }
    if let Some(open) = store::collection::find_open(tx, account, collection.customer)?
        && open.plan.refunds == Some(payment.id)
    {
        return Ok(Some(session.now.plus_millis(REFUND_WAIT_MS)));
    }
    if !payment.refundable.is_positive() {
        tracing::error!(%activity, text, "a bank took money back that was refunded before");
        return Ok(None);
    }
    if payment.refundable < payment.amount {
        tracing::error!(%activity, text, "a bank took money back of which a part was refunded before");
    }
    if let Some(method) = collection.via.stored {
        payment_methods::note_result(tx, account, method, true)?;
    }
    let (refund, allocations) = returned(tx, session, &payment)?;
    store::refund::insert_returned(tx, account, &refund, &allocations, payment.unallocated, text, session.now)?;
    refunds::create::post(tx, session, &mut books, &refund, &allocations)?;
    books.close(tx)?;
    Ok(None)
}

/// All that is left of a payment, and what of it invoices have.
fn returned(tx: &mut Tx<'_>, session: &Session, payment: &Payment) -> Result<(Refund, Vec<Allocation>), Error> {
    let left = left_of(payment.refundable, payment.unallocated, &payment.allocations);
    let allocations: Vec<_> = left.allocations.into_iter().filter(|part| part.amount.is_positive()).collect();
    let ids = tx.next_ids(2)?;
    let refund = Refund {
        id: RefundId(ids.start),
        activity: PaymentActivityId(ids.start + 1),
        payment: payment.id,
        original_activity: payment.activity,
        customer: payment.customer,
        method: payment.method,
        amount: left.amount,
        currency: payment.currency,
        reference: None,
        effective_at: session.now,
        is_return: true,
        allocations: Vec::new(),
    };
    Ok((refund, allocations))
}
