//! The outbox.

use billing::{
    event::{Event, StoredEvent},
    id::{AccountId, CustomerId},
    named::Named,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::row::{Columns, at};

const COLUMNS: &[&str] = &["account_id", "id", "event_type", "customer_id", "subject_id", "created_at"];

/// Stores facts in the order given.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, events: &[Event], now: Instant) -> Result<(), Error> {
    let ids = tx.next_ids(i64::try_from(events.len()).unwrap_or(i64::MAX))?;
    let rows = events.iter().zip(ids).map(|(event, id)| {
        values![
            account.0,
            id,
            event.event_type.name(),
            event.customer.map(|customer| customer.0),
            event.subject_id,
            at(now)
        ]
    });
    tx.insert("event", COLUMNS, rows)
}

pub(crate) const SELECT: &str = "SELECT id, event_type, customer_id, subject_id, created_at FROM event";

/// One fact.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: i64) -> Result<Option<StoredEvent>, Error> {
    tx.query_opt(&format!("{SELECT} WHERE account_id = $1 AND id = $2"), &values![account.0, id], stored)
}

pub(crate) fn stored(row: &Row<'_>) -> Result<StoredEvent, Error> {
    let mut columns = Columns::of(row);
    Ok(StoredEvent {
        id: columns.next()?,
        event: Event {
            event_type: columns.named()?,
            customer: columns.next::<Option<i64>>()?.map(CustomerId),
            subject_id: columns.next()?,
        },
        told_at: columns.instant()?,
    })
}
