//! What can go wrong in a database, named alike for both.

/// A failure of the database, or of the way it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A row with the same key exists already.
    #[error("{0}")]
    Conflict(Conflict),
    /// A foreign key points at no row, or the row that it points at was to be deleted. The text is for the log.
    #[error("a referenced row is missing: {0}")]
    Missing(String),
    /// A `CHECK` constraint refused the row. The text is for the log.
    #[error("a check constraint refused the row: {0}")]
    Check(String),
    /// A column that must have a value was given none.
    #[error("{table}.{column} must have a value")]
    NotNull {
        /// The table of the refused row.
        table: String,
        /// The column without a value.
        column: String,
    },
    /// The unit lost a race or its connection and had no effect; it may be repeated as a whole.
    #[error("the transaction lost a race and may be repeated: {0}")]
    Retryable(String),
    /// Somebody else held a lock for longer than [`Options::lock_wait_max`](crate::Options::lock_wait_max). The unit had no
    /// effect, and may be sent again in a moment.
    #[error("a lock was held for too long: {0}")]
    Busy(String),
    /// The unit panicked and was rolled back.
    #[error("the unit of work panicked: {0}")]
    Panicked(String),
    /// The database cannot be reached or cannot write. The unit had no effect.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database went away during the commit, or before it could answer: the unit had its whole effect or none. Only who
    /// looks knows whether it may be repeated.
    #[error("the outcome of a commit is unknown: {0}")]
    Unknown(String),
    /// A value cannot be stored, or a column holds another type than was asked for.
    #[error("{0}")]
    Value(String),
    /// A row that had to be there was not.
    #[error("no row where one was expected")]
    NoRow,
    /// A statement failed earlier in this transaction, outside a savepoint, so the rest of it cannot run.
    #[error("an earlier statement of this transaction failed; only a savepoint can be continued after")]
    Aborted,
    /// The migrations of this program and those of the database disagree.
    #[error("{0}")]
    Migration(String),
    /// The database URL cannot be used.
    #[error("{0}")]
    Url(String),
    /// Anything else, such as a statement that is not SQL.
    #[error("{0}")]
    Other(String),
}

impl Error {
    /// Whether the whole unit may be repeated because it had no effect.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Error::Retryable(_))
    }
}

/// The unique key that two rows wanted to share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} has a row with the same {}", columns.join(", "))]
pub struct Conflict {
    /// The table of the refused row.
    pub table: String,
    /// The columns of the key, in the order of its declaration; an indexed expression as the index spells it.
    pub columns: Vec<String>,
}

/// A caller's error type, through which [`Db`](crate::Db) still sees its own errors.
pub trait Failure: From<Error> {
    /// The database error that this failure wraps, if it does.
    fn database(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn database(&self) -> Option<&Error> {
        Some(self)
    }
}

/// The items of a list up to the parenthesis that closes it, split at its own commas: `a, lower(b)) …`.
pub(crate) fn split_columns(list: &str) -> Vec<String> {
    let mut columns = vec![String::new()];
    let mut depth = 1_usize;
    for character in list.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match (depth, character, columns.last_mut()) {
            (0, _, _) => break,
            (1, ',', _) => columns.push(String::new()),
            (_, _, Some(column)) => column.push(character),
            (_, _, None) => {}
        }
    }
    columns.iter().map(|column| column.trim().to_ascii_lowercase()).collect()
}
