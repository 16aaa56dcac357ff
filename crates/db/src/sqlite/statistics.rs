//! What the planner is told of the data: the same for every database, so that a statement has one plan everywhere.
//!
//! Without it, `SQLite` takes the first column of an index for a good choice. Tables are keyed by account first, and most
//! databases have one: a question about sixty ids went through all rows of the account, because another index had all the
//! columns that it asked for.

use std::iter::{once, repeat};

use rusqlite::{Connection, Transaction};

/// Rows of a table, as the planner is to believe: many, of several accounts, so that neither all of them nor all of an
/// account's are worth going through where there is another way.
const ROW_COUNT: u64 = 1_000_000;

/// Rows with equal values in the first column of an index, in the first two, and so on. Those of all columns of a unique
/// index are one.
const ALIKE: [u64; 3] = [100_000, 100, 10];

/// The same in more columns than these.
const ALIKE_IN_MANY: u64 = 2;

/// An index, as the catalogue has it.
struct Index {
    table: String,
    name: String,
    is_unique: bool,
    column_count: usize,
}

/// Writes what the planner is told of each index, unless that is there already.
pub(super) fn write(transaction: &Transaction<'_>) -> Result<(), rusqlite::Error> {
    let wanted: Vec<_> = indexes(transaction)?.into_iter().map(Index::told).collect();
    if !transaction.table_exists(None, "sqlite_stat1")? {
        // The only way to create the table. One row of each index is enough: what it finds is replaced.
        transaction.execute_batch("PRAGMA analysis_limit = 1; ANALYZE")?;
    } else if told(transaction)? == wanted {
        return Ok(());
    }
    transaction.execute("DELETE FROM sqlite_stat1", [])?;
    let mut insert = transaction.prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)")?;
    for row in wanted {
        insert.execute(row)?;
    }
    Ok(())
}

impl Index {
    /// The row of `sqlite_stat1`: how many rows there are, and how many have equal values in the first column, the first
    /// two, and so on.
    fn told(self) -> (String, String, String) {
        let alike = ALIKE.into_iter().chain(repeat(ALIKE_IN_MANY)).take(self.column_count);
        let mut numbers: Vec<_> = once(ROW_COUNT).chain(alike).collect();
        if let Some(last) = numbers.last_mut().filter(|_| self.is_unique) {
            *last = 1;
        }
        let stat = numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        (self.table, self.name, stat)
    }
}

fn indexes(connection: &Connection) -> Result<Vec<Index>, rusqlite::Error> {
    let sql = "SELECT t.name, i.name, i.\"unique\", (SELECT COUNT(*) FROM pragma_index_info(i.name))
        FROM sqlite_schema AS t, pragma_index_list(t.name) AS i
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY i.name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Index {
            table: row.get(0)?,
            name: row.get(1)?,
            is_unique: row.get(2)?,
            column_count: row.get::<_, u32>(3)? as usize,
        })
    })?;
    rows.collect()
}

fn told(connection: &Connection) -> Result<Vec<(String, String, String)>, rusqlite::Error> {
    let mut statement = connection.prepare("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY idx")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}
