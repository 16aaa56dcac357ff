//! SQL functions that `SQLite` has only for ASCII, made to agree with `PostgreSQL`, and the one order of texts that both
//! can be told to use.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

/// Replaces `lower` and `upper`, deterministic, so that an index may be built on them; adds `COLLATE "C"`, the order of
/// the characters' numbers whatever the locale of the database is.
pub(super) fn define(connection: &Connection) -> Result<()> {
    for (name, convert) in [("lower", lower as fn(&str) -> String), ("upper", upper)] {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
        connection.create_scalar_function(name, 1, flags, move |arguments| match arguments.get_raw(0) {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => Ok(Some(convert(&String::from_utf8_lossy(text)))),
            _ => arguments.get(0).map(|text: String| Some(convert(&text))),
        })?;
    }
    connection.create_collation("C", str::cmp)
}

/// One character for one character, as `PostgreSQL` does: İ becomes i.
fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(|character| character.to_lowercase().next().unwrap_or(character)).collect()
}

/// One character for one character, as `PostgreSQL` does: ß stays ß.
fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let single = |character: char| {
        let mut mapped = character.to_uppercase();
        match (mapped.next(), mapped.next()) {
            (Some(upper), None) => upper,
            _ => character,
        }
    };
    text.chars().map(single).collect()
}
