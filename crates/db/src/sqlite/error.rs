//! The errors of `SQLite` under the names of this crate.

use rusqlite::ffi::{
    SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_NOTNULL, SQLITE_CONSTRAINT_PRIMARYKEY,
    SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE,
};
use rusqlite::{Connection, ErrorCode};

use crate::error::split_columns;
use crate::{Conflict, Error};

/// Names an error whose constraint needs no look into the schema.
#[expect(clippy::needless_pass_by_value, reason = "for use as `map_err(from_driver)`")]
pub(super) fn from_driver(error: rusqlite::Error) -> Error {
    let text = error.to_string();
    let rusqlite::Error::SqliteFailure(failure, message) = &error else {
        return Error::Other(text);
    };
    let message = message.as_deref().unwrap_or(&text);
    match failure.extended_code {
        SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_ROWID => {
            Error::Conflict(conflict(after_colon(message)))
        }
        SQLITE_CONSTRAINT_FOREIGNKEY => Error::Missing(message.to_owned()),
        SQLITE_CONSTRAINT_CHECK => Error::Check(after_colon(message).to_owned()),
        SQLITE_CONSTRAINT_NOTNULL => {
            let (table, column) = after_colon(message).split_once('.').unwrap_or_default();
            Error::NotNull { table: table.to_owned(), column: column.to_owned() }
        }
        _ if is_outage(failure.code) => Error::Unavailable(message.to_owned()),
        _ => Error::Other(message.to_owned()),
    }
}

/// Like [`from_driver`], and finds the columns of an index over expressions, of which `SQLite` tells only the name.
pub(super) fn explain(connection: &Connection, error: rusqlite::Error) -> Error {
    let named = from_driver(error);
    let Error::Conflict(Conflict { table, columns }) = &named else {
        return named;
    };
    let [expression_index] = columns.as_slice() else {
        return named;
    };
    if !table.is_empty() {
        return named;
    }
    let question = "SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND name = ?1";
    let found: rusqlite::Result<(String, String)> =
        connection.query_row(question, [expression_index], |row| Ok((row.get(0)?, row.get(1)?)));
    match found {
        Ok((table, sql)) => Error::Conflict(Conflict { table, columns: indexed_columns(&sql) }),
        Err(_) => named,
    }
}

fn after_colon(message: &str) -> &str {
    message.split_once(": ").map_or(message, |(_, rest)| rest)
}

/// From `purchase.account_id, purchase.reference`, or from `index 'name'` with an empty table.
fn conflict(list: &str) -> Conflict {
    if let Some(index) = list.strip_prefix("index '") {
        return Conflict { table: String::new(), columns: vec![index.trim_end_matches('\'').to_owned()] };
    }
    let table = list.split('.').next().unwrap_or_default().to_owned();
    let column = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    Conflict { table, columns: list.split(", ").map(column).collect() }
}

/// The list of `CREATE UNIQUE INDEX name ON table (list) …`.
fn indexed_columns(sql: &str) -> Vec<String> {
    split_columns(sql.split_once('(').map_or("", |(_, rest)| rest))
}

fn is_outage(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::OutOfMemory
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
    )
}
