//! Write the whole journal of an account for another program, a row at a time.

use std::io::{self, Write};

use billing::id::AccountId;
use db::Tx;

use super::{beancount, csv};
use crate::Error;

/// How the journal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For the bookkeeping program Beancount, with what every customer must owe at the end.
    Beancount,
    /// One row a line of a transaction.
    Csv,
}

/// Why a journal could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] Error),
    /// Its reader takes no more.
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl From<db::Error> for ExportError {
    fn from(error: db::Error) -> Self {
        Self::Read(error.into())
    }
}

impl db::Failure for ExportError {
    fn database(&self) -> Option<&db::Error> {
        match self {
            Self::Read(error) => error.database(),
            Self::Write(_) => None,
        }
    }
}

/// Writes every transaction of an account, in the order in which they were recorded.
pub fn run(tx: &mut Tx<'_>, account: AccountId, format: Format, out: &mut dyn Write) -> Result<(), ExportError> {
    let stored = store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    match format {
        Format::Beancount => beancount::write(tx, &stored, out)?,
        Format::Csv => csv::write(tx, account, out)?,
    }
    Ok(out.flush()?)
}
