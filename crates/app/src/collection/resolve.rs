//! Ending an attempt of which nobody knows how it ended: by asking the gateway again, or by a person's word.

use std::time::Duration;

use billing::{
    account::Session,
    collection::{CALL_MS_MAX, Collection, CollectionState, Moved},
    id::PaymentActivityId,
    payment_activity::{ActivityStatus, PaymentActivity},
    refusal::Refusal,
};
use db::Tx;
use gateway::{Receipt, Settled};
use tokio::time::Instant;

use super::{COLLECT, outcome, wait, worker};
use crate::{App, Caller, Error, payment_activities::find};

/// How long the one who talks to the gateway is waited for before it is asked again.
const CALL_WAIT_MAX: Duration = Duration::from_secs(10);

/// Asks the gateway how an attempt ended that was to go by `method`. It stays Unknown when the gateway says nothing clear.
pub async fn auto_resolve(app: &App, caller: &Caller, id: PaymentActivityId, method: String) -> Result<(), Error> {
    let check = move |tx: &mut Tx<'_>, session: &_| {
        let activity = find::run(tx, session, id)?;
        if activity.goes_by(&method) {
            return unknown(tx, session, id).map(|_| ());
        }
        Err(Error::invalid("Method", format!("Payment activity {id} is by {}.", activity.way())))
    };
    app.question(caller, check).await?;
    let state = wait::until_answered(app, caller.account, id, Instant::now() + CALL_WAIT_MAX).await?;
    if state != CollectionState::Ended {
        worker::settle(app, caller.account, id).await?;
    }
    Ok(())
}

/// Records how a person found out that an attempt ended (receivables.md §6). The gateway is still asked about money that did
/// not move: the question sees to it that it never will, and a person may have looked too early.
pub fn resolve(
    tx: &mut Tx<'_>,
    session: &Session,
    id: PaymentActivityId,
    moved: Option<&Moved>,
) -> Result<PaymentActivity, Error> {
    let began = find::run(tx, session, id)?.created_at;
    unknown(tx, session, id)?.may_be_resolved(session.now >= began.plus_millis(CALL_MS_MAX))?;
    let settled = match moved {
        Some(Moved { transaction, authorization }) => {
            Settled::Moved(Receipt { transaction: transaction.clone(), authorization: authorization.clone() })
        }
        None => Settled::Failed { text: "Resolved by hand: no money moved.".to_owned() },
    };
    outcome::apply(tx, session, id, &Ok(settled))?;
    if moved.is_none() {
        jobs::enqueue(tx, session.account.id.0, COLLECT, id.0, session.now)?;
    }
    find::run(tx, session, id)
}

/// The attempt, if nobody knows how it ended; the refusal names what is known of any other.
fn unknown(tx: &mut Tx<'_>, session: &Session, id: PaymentActivityId) -> Result<Collection, Error> {
    let activity = find::run(tx, session, id)?;
    match activity.status {
        ActivityStatus::Unknown => {}
        ActivityStatus::Successful | ActivityStatus::Failed => {
            return Err(Refusal::ActivityNotUnknown(id, activity.status).into());
        }
    }
    let found = store::collection::find(tx, session.account.id, id)?;
    found.ok_or_else(|| Error::defect("an unknown payment activity has no collection"))
}
