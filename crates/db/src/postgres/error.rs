//! The errors of `PostgreSQL` under the names of this crate.

use std::error::Error as _;

use ::postgres::error::{DbError, SqlState};

use crate::error::split_columns;
use crate::{Conflict, Error};

/// Names an error. A lost connection is retryable here; only during a commit it is not, which the caller knows.
pub(super) fn from_driver(error: &::postgres::Error) -> Error {
    if is_lost(error) {
        return Error::Retryable(text(error));
    }
    match error.as_db_error() {
        Some(refusal) => from_server(refusal),
        None => Error::Other(text(error)),
    }
}

/// Whether the connection cannot be used again, so that the server has rolled back.
pub(super) fn is_lost(error: &::postgres::Error) -> bool {
    if let Some(refusal) = error.as_db_error() {
        let code = refusal.code();
        let is_connection = code.code().starts_with("08");
        return is_connection || LOST.contains(code) || is_stale(refusal);
    }
    let is_io = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
    error.is_closed() || is_io
}

/// What the server says, or what the driver does with its causes.
pub(super) fn text(error: &::postgres::Error) -> String {
    if let Some(refusal) = error.as_db_error() {
        return refusal.message().to_owned();
    }
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

const LOST: [SqlState; 5] = [
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
    SqlState::TOO_MANY_CONNECTIONS,
    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
];

const RACES: [SqlState; 2] = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];

const OUTAGES: [SqlState; 3] = [SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY, SqlState::IO_ERROR];

/// A prepared statement from before a schema change; a new connection prepares it anew.
fn is_stale(refusal: &DbError) -> bool {
    *refusal.code() == SqlState::FEATURE_NOT_SUPPORTED && refusal.routine() == Some("RevalidateCachedQuery")
}

fn from_server(refusal: &DbError) -> Error {
    let code = refusal.code();
    let table = || refusal.table().unwrap_or_default().to_owned();
    let detail = refusal.detail().unwrap_or_else(|| refusal.message());
    match code {
        _ if RACES.contains(code) => Error::Retryable(refusal.message().to_owned()),
        // Repeating a unit that has waited until its time was up would only keep its connection from others.
        _ if *code == SqlState::LOCK_NOT_AVAILABLE => Error::Busy(refusal.message().to_owned()),
        _ if OUTAGES.contains(code) => Error::Unavailable(refusal.message().to_owned()),
        _ if *code == SqlState::UNIQUE_VIOLATION => {
            Error::Conflict(Conflict { table: table(), columns: key_columns(detail) })
        }
        _ if *code == SqlState::FOREIGN_KEY_VIOLATION => Error::Missing(detail.to_owned()),
        _ if *code == SqlState::CHECK_VIOLATION => Error::Check(refusal.constraint().unwrap_or_default().to_owned()),
        _ if *code == SqlState::NOT_NULL_VIOLATION => {
            let column = refusal.column().unwrap_or_default().to_owned();
            Error::NotNull { table: table(), column }
        }
        _ => Error::Other(refusal.message().to_owned()),
    }
}

/// From `Key (account_id, reference)=(1, A) already exists.`, in whatever language the server speaks.
fn key_columns(detail: &str) -> Vec<String> {
    let from_list = detail.split_once('(').map_or("", |(_, rest)| rest);
    split_columns(from_list)
}

#[cfg(test)]
mod tests {
    use super::key_columns;

    #[test]
    fn the_key_is_read_from_the_detail() {
        assert_eq!(key_columns("Key (account_id, reference)=(1, a) b) already exists."), ["account_id", "reference"]);
        assert_eq!(key_columns("Key (account_id, lower(name))=(1, x) already exists."), ["account_id", "lower(name)"]);
    }
}
