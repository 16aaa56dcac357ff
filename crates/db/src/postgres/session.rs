//! A connection with its prepared statements: where SQL meets `PostgreSQL`.

use std::collections::HashMap;
use std::mem;
use std::ops::ControlFlow;
use std::sync::Arc;

use ::postgres::fallible_iterator::FallibleIterator as _;
use ::postgres::{Client, Statement};

use super::Server;
use super::error::{from_driver, is_lost, text};
use super::ids::Ids;
use super::statistics;
use crate::row::Source;
use crate::tx::{Engine, Lock, Savepoint, Target, TargetKey, Visit};
use crate::work::Access;
use crate::{Error, Row, Value};

/// Prepared statements kept for a connection. SQL is written in the program, so this only stops a runaway.
const STATEMENTS_MAX: usize = 1_024;

/// Whether somebody waits for a lock of this connection. Who waits for nothing is asked nothing further.
const AWAITED: &str = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))";

/// A connection in use by one thread.
pub(super) struct Session {
    client: Client,
    ids: Arc<Ids>,
    access: Access,
    statements: HashMap<Box<str>, Statement>,
    /// Those with row locks, by their text without the lock.
    sharing: HashMap<Box<str>, Statement>,
    waiting: HashMap<Box<str>, Statement>,
    skipping: HashMap<Box<str>, Statement>,
    /// Those that write many rows.
    writes: HashMap<TargetKey, Statement>,
    /// Rows that were written since somebody asked.
    row_count: u64,
    is_lost: bool,
}

/// How a commit ended.
pub(super) enum Commit {
    Done,
    /// The server refused; nothing was written.
    Refused(Error),
    /// The connection broke while the answer was awaited.
    Unknown(Error),
}

impl Session {
    pub(super) fn open(server: &Server, ids: &Arc<Ids>) -> Result<Session, Error> {
        Ok(Session {
            client: server.connect()?,
            ids: Arc::clone(ids),
            access: Access::Read,
            statements: HashMap::new(),
            sharing: HashMap::new(),
            waiting: HashMap::new(),
            skipping: HashMap::new(),
            writes: HashMap::new(),
            row_count: 0,
            is_lost: false,
        })
    }

    /// Whether the connection must be replaced.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost || self.client.is_closed()
    }

    pub(super) fn begin(&mut self, access: Access) -> Result<(), Error> {
        self.access = access;
        self.run(match access {
            Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            // Commands lock their customer's row first, so what they read after it is settled.
            Access::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        })
    }

    pub(super) fn commit(&mut self) -> Commit {
        match self.client.batch_execute("COMMIT") {
            Ok(()) => Commit::Done,
            Err(error) if is_lost(&error) => {
                self.is_lost = true;
                Commit::Unknown(Error::Unknown(format!("the connection broke: {}", text(&error))))
            }
            Err(error) => Commit::Refused(self.note(&error)),
        }
    }

    pub(super) fn roll_back(&mut self) {
        if !self.is_lost() && self.run("ROLLBACK").is_err() {
            self.is_lost = true;
        }
    }

    /// How many rows were written since the last such question, in transactions that were undone, too.
    pub(super) fn take_row_count(&mut self) -> u64 {
        mem::take(&mut self.row_count)
    }

    /// Tells the planner of tables that have grown; between two transactions.
    pub(super) fn gather_statistics(&mut self) {
        if let Err(error) = statistics::gather(&mut self.client) {
            self.note(&error);
        }
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(|error| self.note(&error))
    }

    fn note(&mut self, error: &::postgres::Error) -> Error {
        self.is_lost |= is_lost(error);
        from_driver(error)
    }

    /// Runs what writes rows, and counts them.
    fn count_rows(&mut self, write: impl FnOnce(&mut Client) -> Result<u64, ::postgres::Error>) -> Result<u64, Error> {
        let row_count = write(&mut self.client).map_err(|error| self.note(&error))?;
        self.row_count = self.row_count.saturating_add(row_count);
        Ok(row_count)
    }

    /// Statements are handles, cheap to clone.
    fn prepared(&mut self, sql: &str, lock: Lock, values: &[Value<'_>]) -> Result<Statement, Error> {
        let kept = match lock {
            Lock::None => &self.statements,
            Lock::Share => &self.sharing,
            Lock::Wait => &self.waiting,
            Lock::Skip => &self.skipping,
        };
        let statement = match kept.get(sql).cloned() {
            Some(statement) => statement,
            None => self.prepare(sql, lock)?,
        };
        if statement.params().len() != values.len() {
            let (wanted, found) = (statement.params().len(), values.len());
            return Err(Error::Other(format!("a statement with {wanted} parameters was given {found} values")));
        }
        Ok(statement)
    }

    fn prepare(&mut self, sql: &str, lock: Lock) -> Result<Statement, Error> {
        let (kept, suffix) = match lock {
            Lock::None => (&mut self.statements, ""),
            Lock::Share => (&mut self.sharing, " FOR SHARE"),
            Lock::Wait => (&mut self.waiting, " FOR UPDATE"),
            Lock::Skip => (&mut self.skipping, " FOR UPDATE SKIP LOCKED"),
        };
        if kept.len() >= STATEMENTS_MAX {
            kept.clear();
        }
        match self.client.prepare(&format!("{sql}{suffix}")) {
            Ok(statement) => Ok(kept.entry(Box::from(sql)).or_insert(statement).clone()),
            Err(error) => Err(self.note(&error)),
        }
    }

    /// One statement for any number of rows: each column travels as an array, whose types the table knows.
    fn prepared_write(&mut self, target: Target) -> Result<Statement, Error> {
        if let Some(statement) = self.writes.get(&target.key()) {
            return Ok(statement.clone());
        }
        let prepare = |client: &mut Client| {
            let columns = target.values().collect::<Vec<_>>().join(", ");
            let described = client.prepare(&format!("SELECT {columns} FROM {}", target.table))?;
            let types = described.columns().iter().map(|column| column.type_().name());
            let arrays: Vec<String> =
                types.enumerate().map(|(index, name)| format!("${}::{name}[]", index + 1)).collect();
            client.prepare(&write_text(target, &columns, &arrays.join(", ")))
        };
        let statement = prepare(&mut self.client).map_err(|error| self.note(&error))?;
        Ok(self.writes.entry(target.key()).or_insert(statement).clone())
    }
}

fn write_text(target: Target, columns: &str, arrays: &str) -> String {
    let Target { table, keys, .. } = target;
    if keys.is_empty() {
        return format!("INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays})");
    }
    let set: Vec<String> = target.columns.iter().map(|column| format!("{column} = new.{column}")).collect();
    let same: Vec<String> = keys.iter().map(|key| format!("old.{key} = new.{key}")).collect();
    let (set, same) = (set.join(", "), same.join(" AND "));
    format!("UPDATE {table} old SET {set} FROM unnest({arrays}) new ({columns}) WHERE {same}")
}

impl Engine for Session {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        let statement = self.prepared(sql, Lock::None, values)?;
        let run = |client: &mut Client| {
            let mut rows = client.query_raw(&statement, values)?;
            while rows.next()?.is_some() {}
            Ok(rows.rows_affected().unwrap_or_default())
        };
        self.count_rows(run)
    }

    fn visit(&mut self, sql: &str, lock: Lock, values: &[Value<'_>], visit: &mut Visit<'_>) -> Result<(), Error> {
        let statement = self.prepared(sql, lock, values)?;
        let mut run = |client: &mut Client| {
            let mut rows = client.query_raw(&statement, values)?;
            let mut flow = ControlFlow::Continue(());
            // An error that comes after the row that was wanted is still an error of the statement.
            while let Some(row) = rows.next()? {
                if flow.is_continue() {
                    flow = visit(&Row(Source::Postgres(&row)));
                }
            }
            Ok(())
        };
        run(&mut self.client).map_err(|error| self.note(&error))
    }

    fn write_rows(&mut self, target: Target, rows: &[&[Value<'_>]]) -> Result<u64, Error> {
        let statement = self.prepared_write(target)?;
        let column = |index: usize| rows.iter().map(|row| &row[index]).collect::<Vec<_>>();
        let columns: Vec<Vec<&Value<'_>>> = (0..target.values().count()).map(column).collect();
        let run = |client: &mut Client| {
            let mut none = client.query_raw(&statement, &columns)?;
            while none.next()?.is_some() {}
            Ok(none.rows_affected().unwrap_or_default())
        };
        self.count_rows(run)
    }

    fn savepoint(&mut self, step: Savepoint) -> Result<(), Error> {
        self.run(match step {
            Savepoint::Set => "SAVEPOINT part",
            Savepoint::Release => "RELEASE part",
            Savepoint::RollBack => "ROLLBACK TO part; RELEASE part",
        })
    }

    fn damage(&mut self) -> Result<Option<String>, Error> {
        Ok(None)
    }

    fn is_awaited(&mut self) -> Result<bool, Error> {
        let mut is_awaited = false;
        // What others do is read once in a transaction, unless it is forgotten.
        self.run("SELECT pg_stat_clear_snapshot()")?;
        self.visit(AWAITED, Lock::None, &[], &mut |row| {
            is_awaited = row.get(0).unwrap_or_default();
            ControlFlow::Break(())
        })?;
        Ok(is_awaited)
    }

    fn reserve_ids(&mut self, count: i64) -> Result<i64, Error> {
        match self.access {
            Access::Write => self.ids.reserve(count),
            Access::Read => Err(Error::Other("not possible in a read-only transaction".to_owned())),
        }
    }
}
