//! Read what was told of a job and its records, from any event on.

use billing::{account::Session, bulk::Mark, event::StoredEvent, id::BulkJobId};
use db::Tx;

use super::find;
use crate::Error;

/// Up to `limit` events after the one with this id, or from the first one on, in the order in which they are told. They are the
/// same whenever they are read.
pub fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    id: BulkJobId,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<StoredEvent>, Error> {
    let (account, job) = (session.account.id, find::run(tx, session, id)?);
    let after = match after {
        None => Mark { at: job.created_at, id: 0 },
        Some(event) => {
            let event = store::event::find(tx, account, event)?.ok_or(Error::not_found("Event", event))?;
            Mark { at: event.told_at, id: event.id }
        }
    };
    Ok(store::bulk::events(tx, account, id, after, limit)?)
}
