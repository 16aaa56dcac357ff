//! A connection with its prepared statements: where SQL meets `SQLite`.

use std::collections::HashMap;
use std::ops::ControlFlow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::error::{explain, from_driver};
use super::ids::Ids;
use super::parameters::rewrite;
use crate::queue::Queue;
use crate::row::Source;
use crate::tx::{Engine, Lock, Savepoint, Target, TargetKey, Visit};
use crate::work::Access;
use crate::{Cell, Error, Row, Value};

/// Prepared statements kept for a connection. SQL is written in the program, so this only stops a runaway.
const STATEMENTS_MAX: usize = 1_024;

/// A connection in use by one thread.
pub(super) struct Session<'c> {
    connection: &'c Connection,
    access: Access,
    /// Where those wait who want this connection.
    queue: &'c Queue,
    statements: Vec<Statement<'c>>,
    /// Where the statement of a text is. The texts are the program's own, so a fast hash is safe.
    places: HashMap<Box<str>, usize, foldhash::fast::RandomState>,
    /// Those that write many rows.
    writes: HashMap<TargetKey, Statement<'c>>,
    ids: Ids,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c Connection, access: Access, queue: &'c Queue) -> Self {
        Session {
            connection,
            access,
            queue,
            statements: Vec::new(),
            places: HashMap::default(),
            writes: HashMap::new(),
            ids: Ids::none(),
        }
    }

    pub(super) fn begin(&mut self) -> Result<(), Error> {
        self.run(match self.access {
            Access::Read => "BEGIN",
            Access::Write => "BEGIN IMMEDIATE",
        })
    }

    /// Commits with the reserved ids; after an error everything since [`begin`](Self::begin) is rolled back.
    pub(super) fn commit(&mut self) -> Result<(), Error> {
        let committed = self.write_ids().and_then(|()| self.run("COMMIT"));
        match &committed {
            Ok(()) => self.ids.committed(),
            Err(_) => self.roll_back(),
        }
        committed
    }

    pub(super) fn roll_back(&mut self) {
        self.ids = Ids::none();
        // Some failures, such as a full disk, have rolled back already.
        if self.is_open()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }

    /// The savepoint around a unit. Its name is its own: undoing the unit undoes whatever savepoints it has left open.
    pub(super) fn unit(&mut self, step: Savepoint) -> Result<(), Error> {
        match step {
            Savepoint::Set => self.run("SAVEPOINT unit"),
            Savepoint::Release => self.run("RELEASE unit"),
            Savepoint::RollBack => self.run("ROLLBACK TO unit").and_then(|()| self.run("RELEASE unit")),
        }
    }

    /// Whether a transaction is open; `SQLite` ends it by itself after some failures.
    pub(super) fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.prepared(sql, &[])?.raw_execute().map(|_| ()).map_err(from_driver)
    }

    fn write_ids(&mut self) -> Result<(), Error> {
        match self.ids.unwritten() {
            Some(end) => self.execute("UPDATE id_block SET next = $1", &[Value::Integer(end)]).map(|_| ()),
            None => Ok(()),
        }
    }

    fn prepared(&mut self, sql: &str, values: &[Value<'_>]) -> Result<&mut Statement<'c>, Error> {
        let place = match self.places.get(sql) {
            Some(place) => *place,
            None => self.prepare(sql)?,
        };
        let statement = &mut self.statements[place];
        bind(statement, values)?;
        Ok(statement)
    }

    fn prepare(&mut self, sql: &str) -> Result<usize, Error> {
        if self.statements.len() >= STATEMENTS_MAX {
            self.places.clear();
            self.statements.clear();
        }
        self.statements.push(self.connection.prepare(&rewrite(sql)).map_err(from_driver)?);
        let place = self.statements.len() - 1;
        self.places.insert(Box::from(sql), place);
        Ok(place)
    }

    fn file_has_ids_until(&mut self) -> Result<i64, Error> {
        if self.ids.is_extended() {
            return Ok(self.ids.end());
        }
        let mut next = None;
        self.visit("SELECT next FROM id_block", Lock::None, &[], &mut |row| {
            next = Some(row.get(0));
            ControlFlow::Break(())
        })?;
        next.unwrap_or(Err(Error::NoRow))
    }

    fn must_write(&self) -> Result<(), Error> {
        match self.access {
            Access::Write => Ok(()),
            Access::Read => Err(Error::Other("not possible in a read-only transaction".to_owned())),
        }
    }
}

impl Engine for Session<'_> {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        let connection = self.connection;
        let changed = self.prepared(sql, values)?.raw_execute().map_err(|error| explain(connection, error))?;
        Ok(changed as u64)
    }

    fn visit(&mut self, sql: &str, lock: Lock, values: &[Value<'_>], visit: &mut Visit<'_>) -> Result<(), Error> {
        match lock {
            Lock::None => {}
            // The writer is alone, so every row is locked already.
            Lock::Share | Lock::Wait | Lock::Skip => self.must_write()?,
        }
        let connection = self.connection;
        let statement = self.prepared(sql, values)?;
        let is_reading = statement.readonly();
        let mut rows = statement.raw_query();
        let mut flow = ControlFlow::Continue(());
        while let Some(row) = rows.next().map_err(|error| explain(connection, error))? {
            if flow.is_continue() {
                flow = visit(&Row(Source::Sqlite(row)));
            }
            // A statement that changes rows checks its constraints at its end.
            if flow.is_break() && is_reading {
                break;
            }
        }
        Ok(())
    }

    fn write_rows(&mut self, target: Target, rows: &[&[Value<'_>]]) -> Result<u64, Error> {
        let key = target.key();
        if !self.writes.contains_key(&key) {
            let statement = self.connection.prepare(&write_text(target)).map_err(from_driver)?;
            self.writes.insert(key, statement);
        }
        let connection = self.connection;
        let statement = self.writes.get_mut(&key).ok_or(Error::Aborted)?;
        let mut written = 0;
        for row in rows {
            bind(statement, row)?;
            written += statement.raw_execute().map_err(|error| explain(connection, error))?;
        }
        Ok(u64::try_from(written).unwrap_or_default())
    }

    fn savepoint(&mut self, step: Savepoint) -> Result<(), Error> {
        match step {
            Savepoint::Set => self.run("SAVEPOINT part"),
            Savepoint::Release => self.run("RELEASE part"),
            Savepoint::RollBack => self.run("ROLLBACK TO part").and_then(|()| self.run("RELEASE part")),
        }
    }

    fn damage(&mut self) -> Result<Option<String>, Error> {
        let mut found = Ok(String::new());
        self.visit("PRAGMA integrity_check(1)", Lock::None, &[], &mut |row| {
            found = row.get(0);
            ControlFlow::Break(())
        })?;
        found.map(|text| Some(text).filter(|text| text != "ok"))
    }

    fn is_awaited(&mut self) -> Result<bool, Error> {
        Ok(self.queue.is_awaited())
    }

    fn reserve_ids(&mut self, count: i64) -> Result<i64, Error> {
        if let Some(first) = self.ids.take(count) {
            return Ok(first);
        }
        self.must_write()?;
        let from = self.file_has_ids_until()?;
        let exhausted = || Error::Other("the ids are used up".to_owned());
        self.ids.extend(from, count).ok_or_else(exhausted)?;
        self.ids.take(count).ok_or_else(exhausted)
    }
}

/// Reads a column of a row.
pub(crate) fn cell<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Cell<'r>, Error> {
    match row.get_ref(index).map_err(from_driver)? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(value) => Ok(Cell::Integer(value)),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|error| Error::Value(format!("column {index}: {error}")))?;
            Ok(Cell::Text(text))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(Error::Value(format!("column {index} holds neither a whole number nor a text")))
        }
    }
}

fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> Result<(), Error> {
    if statement.parameter_count() != values.len() {
        let (wanted, found) = (statement.parameter_count(), values.len());
        return Err(Error::Other(format!("a statement with {wanted} parameters was given {found} values")));
    }
    for (index, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value).map_err(from_driver)?;
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Boolean(value) => ValueRef::Integer(i64::from(*value)),
            Value::Instant(instant) => ValueRef::Integer(instant.0),
            Value::Day(day) => ValueRef::Integer(i64::from(day.0)),
        }))
    }
}

fn write_text(target: Target) -> String {
    let Target { table, keys, columns } = target;
    if keys.is_empty() {
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        return format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    }
    let mut places = target.values().zip(1..).map(|(column, place)| format!("{column} = ?{place}"));
    let same: Vec<String> = places.by_ref().take(keys.len()).collect();
    format!("UPDATE {table} SET {} WHERE {}", places.collect::<Vec<_>>().join(", "), same.join(" AND "))
}
