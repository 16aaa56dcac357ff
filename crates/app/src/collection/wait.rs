//! Waiting for the end of a collection that somebody else sees to.

use std::time::Duration;

use billing::{
    collection::CollectionState,
    id::{AccountId, PaymentActivityId},
};
use tokio::time::{Instant, sleep};

use crate::{App, Error};

/// The first pause between two looks; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(200);

/// Returns when nobody talks to the gateway about the collection any more, or at the deadline: where it stands then.
pub(super) async fn until_answered(
    app: &App,
    account: AccountId,
    activity: PaymentActivityId,
    deadline: Instant,
) -> Result<CollectionState, Error> {
    let mut pause = PAUSE_MIN;
    loop {
        let found = app.db().read(move |tx| store::collection::find(tx, account, activity)).await?;
        let state = found.ok_or(Error::not_found("PaymentActivity", activity.0))?.state;
        if state != CollectionState::Calling || Instant::now() >= deadline {
            return Ok(state);
        }
        sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}
