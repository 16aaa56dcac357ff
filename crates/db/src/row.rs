//! Rows that come from the database, and the types that their columns can be read as.

use crate::{Day, Error, Millis};

/// One row of an answer, valid while it is visited.
pub struct Row<'a>(pub(crate) Source<'a>);

pub(crate) enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    /// The column at `index`, counted from 0 in the order of the statement.
    pub fn get<T: FromColumn>(&self, index: usize) -> Result<T, Error> {
        T::from_cell(self.cell(index)?).map_err(|error| located(error, index))
    }

    /// The text at `index` without a copy of it.
    pub fn text(&self, index: usize) -> Result<&str, Error> {
        match self.cell(index)? {
            Cell::Text(text) => Ok(text),
            other => Err(located(other.unexpected("TEXT"), index)),
        }
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>, Error> {
        match &self.0 {
            Source::Sqlite(row) => crate::sqlite::cell(row, index),
            Source::Postgres(row) => crate::postgres::cell(row, index),
        }
    }
}

fn located(error: Error, index: usize) -> Error {
    match error {
        Error::Value(text) => Error::Value(format!("column {index}: {text}")),
        other => other,
    }
}

/// What a column holds. `SQLite` knows only nulls, integers and texts; the type that is asked for decides the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// Any whole number; on `SQLite` also a boolean, an instant or a date.
    Integer(i64),
    /// A text.
    Text(&'a str),
    /// A boolean, from `PostgreSQL`.
    Boolean(bool),
    /// An instant, from `PostgreSQL`.
    Instant(Millis),
    /// A date, from `PostgreSQL`.
    Day(Day),
}

impl Cell<'_> {
    /// The error of a cell that holds something else than `wanted`.
    pub fn unexpected(&self, wanted: &str) -> Error {
        let found = match self {
            Cell::Null => "NULL",
            Cell::Integer(_) => "BIGINT",
            Cell::Text(_) => "TEXT",
            Cell::Boolean(_) => "BOOLEAN",
            Cell::Instant(_) => "TIMESTAMPTZ",
            Cell::Day(_) => "DATE",
        };
        Error::Value(format!("expected {wanted}, found {found}"))
    }
}

/// A type that a column can be read as.
pub trait FromColumn: Sized {
    /// Reads a cell; [`Cell::unexpected`] is the error for one of another type.
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error>;
}

impl FromColumn for i64 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error> {
        match cell {
            Cell::Integer(value) => Ok(value),
            other => Err(other.unexpected("BIGINT")),
        }
    }
}

impl FromColumn for String {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error> {
        match cell {
            Cell::Text(value) => Ok(value.to_owned()),
            other => Err(other.unexpected("TEXT")),
        }
    }
}

impl FromColumn for bool {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error> {
        match cell {
            Cell::Boolean(value) => Ok(value),
            Cell::Integer(0) => Ok(false),
            Cell::Integer(1) => Ok(true),
            other => Err(other.unexpected("BOOLEAN")),
        }
    }
}

impl FromColumn for Millis {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error> {
        match cell {
            Cell::Instant(value) => Ok(value),
            Cell::Integer(value) => Ok(Millis(value)),
            other => Err(other.unexpected("TIMESTAMPTZ")),
        }
    }
}

impl FromColumn for Day {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error> {
        match cell {
            Cell::Day(value) => Ok(value),
            Cell::Integer(value) => i32::try_from(value).map(Day).map_err(|_| cell.unexpected("DATE")),
            other => Err(other.unexpected("DATE")),
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, Error> {
        match cell {
            Cell::Null => Ok(None),
            present => T::from_cell(present).map(Some),
        }
    }
}
