//! The floor of write-offs: for each of many invoices two reads and eight rows written, a chunk in a commit; no rules.

mod postgres;
mod sqlite;

use std::{
    error::Error,
    time::{Duration, Instant},
};

/// Write-offs that share a commit.
const CHUNK: i64 = 500;

/// The account that everything belongs to.
const ACCOUNT: i64 = 1;

/// Customers who owe the invoices in turn.
const CUSTOMER_COUNT: i64 = 1_000;

/// What every invoice owes, in millionths.
const AMOUNT: i64 = 9_950_000;

/// As long as the hash of a chain is.
const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// When everything happens, in milliseconds.
const AT: i64 = 1_700_000_000_000;

/// Invoices to write off, and then their write-offs.
trait Floor {
    /// Makes customers, invoices with an instalment each, and the records of a job.
    fn prepare(&mut self, count: i64) -> Result<(), Box<dyn Error>>;

    /// Writes off the invoices `first..=last` in one durable commit.
    fn write_off(&mut self, first: i64, last: i64) -> Result<(), Box<dyn Error>>;
}

/// Writes off `count` invoices of a new database; how long it took, without their preparation.
pub(crate) fn run(url: &str, count: i64) -> Result<Duration, Box<dyn Error>> {
    let mut floor: Box<dyn Floor> = match url.strip_prefix("sqlite:") {
        Some(file) => Box::new(sqlite::Sqlite::open(file)?),
        None => Box::new(postgres::Postgres::open(url)?),
    };
    floor.prepare(count)?;
    let begin = Instant::now();
    let mut first = 1;
    while first <= count {
        let last = (first + CHUNK - 1).min(count);
        floor.write_off(first, last)?;
        first = last + 1;
    }
    Ok(begin.elapsed())
}

/// Whose invoice it is.
fn customer_of(invoice: i64) -> i64 {
    invoice % CUSTOMER_COUNT + 1
}
