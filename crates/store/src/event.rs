//! The outbox.

use billing::{event::Event, id::AccountId, named::Named};
use calendar::Instant;
use db::{Error, Tx, values};

use crate::row::at;

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
