//! A database transaction, as units of work see it.

use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::value::check;
use crate::{Error, Failure, FromColumn, Row, Value};

/// Rows that one round trip of [`Tx::insert`] or [`Tx::update`] carries; bounds its memory.
const ROWS_MAX: usize = 1_024;

/// Row locks that a question takes where the database has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    None,
    Share,
    Wait,
    Skip,
}

/// A step of a savepoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Savepoint {
    Set,
    Release,
    RollBack,
}

/// What many rows are written to: inserted where there are no keys, and changed where there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) table: &'static str,
    /// Columns that name a row.
    pub(crate) keys: &'static [&'static str],
    /// Columns that get a value.
    pub(crate) columns: &'static [&'static str],
}

/// Addresses and lengths of the static texts of a [`Target`]: equal ones are equal texts, and need no reading.
pub(crate) type TargetKey = [usize; 6];

impl Target {
    pub(crate) fn key(self) -> TargetKey {
        let (table, keys, columns) = (self.table, self.keys, self.columns);
        let (of_keys, of_columns) = (keys.as_ptr().addr(), columns.as_ptr().addr());
        [table.as_ptr().addr(), table.len(), of_keys, keys.len(), of_columns, columns.len()]
    }

    /// The columns of which every row has a value, in that order.
    pub(crate) fn values(self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().chain(self.columns).copied()
    }
}

/// Sees a row; a break ends the visit early.
pub(crate) type Visit<'v> = dyn FnMut(&Row<'_>) -> ControlFlow<()> + 'v;

/// What a database does for a transaction.
pub(crate) trait Engine {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error>;
    fn visit(&mut self, sql: &str, lock: Lock, values: &[Value<'_>], visit: &mut Visit<'_>) -> Result<(), Error>;
    /// Writes rows, and counts those that there were.
    fn write_rows(&mut self, target: Target, rows: &[&[Value<'_>]]) -> Result<u64, Error>;
    fn savepoint(&mut self, step: Savepoint) -> Result<(), Error>;
    /// What the database itself finds broken.
    fn damage(&mut self) -> Result<Option<String>, Error>;
    /// Whether others wait for this transaction to end.
    fn is_awaited(&mut self) -> Result<bool, Error>;
    /// The first of `count` ids in a row.
    fn reserve_ids(&mut self, count: i64) -> Result<i64, Error>;
}

/// A transaction. After a failed statement the rest of it is refused with [`Error::Aborted`], on both databases, except
/// after the [`savepoint`](Tx::savepoint) around the failure.
///
/// SQL is a string that is known to the program: statements are prepared once per text and kept.
pub struct Tx<'a> {
    engine: &'a mut dyn Engine,
    is_aborted: bool,
    lost_race: Option<Error>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(engine: &'a mut dyn Engine) -> Self {
        Tx { engine, is_aborted: false, lost_race: None }
    }

    /// Runs a statement that gives no rows; the number of rows that it changed.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        self.ready(values)?;
        let result = self.engine.execute(sql, values);
        self.note(result)
    }

    /// All rows of an answer, mapped.
    pub fn query<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.collect(sql, Lock::None, values, map)
    }

    /// The first row of an answer, if there is one.
    pub fn query_opt<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.first(sql, Lock::None, values, map)
    }

    /// The first row of an answer; [`Error::NoRow`] when there is none.
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.first(sql, Lock::None, values, map)?.ok_or(Error::NoRow)
    }

    /// The first column of the first row; [`Error::NoRow`] when there is none.
    pub fn scalar<T: FromColumn>(&mut self, sql: &str, values: &[Value<'_>]) -> Result<T, Error> {
        self.query_one(sql, values, |row| row.get(0))
    }

    /// Shows the rows one after the other without holding them all; the first error of `visit` ends it.
    pub fn each<E: From<Error>>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut stopped = None;
        self.visit(sql, Lock::None, values, &mut |row| match visit(row) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        })?;
        stopped.map_or(Ok(()), Err)
    }

    /// Like [`query_opt`](Self::query_opt), and nobody else may change or lock the row before this transaction ends.
    /// Only in [`Db::write`](crate::Db::write).
    pub fn lock<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.first(sql, Lock::Wait, values, map)
    }

    /// Like [`query`](Self::query), with all rows locked. Order the rows by key, so that two callers cannot deadlock.
    pub fn lock_all<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.collect(sql, Lock::Wait, values, map)
    }

    /// Like [`lock`](Self::lock), but others may share the row, and only changing it has to wait. A row that is shared must
    /// not be changed in the same transaction: two who do so wait for each other.
    pub fn share<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.first(sql, Lock::Share, values, map)
    }

    /// Like [`query`](Self::query), with all rows [shared](Self::share). Order them by key.
    pub fn share_all<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.collect(sql, Lock::Share, values, map)
    }

    /// Like [`lock`](Self::lock), but rows that somebody else has locked are passed over. Limit the question to one row.
    pub fn claim<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.first(sql, Lock::Skip, values, map)
    }

    /// Inserts rows in few round trips. Each row has a value for each of `columns`, in that order.
    pub fn insert<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), Error> {
        self.write_rows(Target { table, keys: &[], columns }, rows)
    }

    /// Changes rows in few round trips. Each row has a value for each of `keys`, which name one row of the table, and then
    /// one for each of `columns`. No two rows have the same keys. [`Error::NoRow`] when one of them is not there.
    pub fn update<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        table: &'static str,
        keys: &'static [&'static str],
        columns: &'static [&'static str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), Error> {
        self.write_rows(Target { table, keys, columns }, rows)
    }

    /// Runs a part whose changes are undone when it answers with an error or panics, so that the transaction can go on.
    /// A lost race is not undone by half: it ends the whole unit, whatever the caller makes of the error.
    pub fn savepoint<T, E: Failure>(&mut self, part: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.ready(&[])?;
        self.step(Savepoint::Set)?;
        let result = match catch_unwind(AssertUnwindSafe(|| part(self))) {
            Ok(Ok(_)) if self.is_aborted => Err(E::from(Error::Aborted)),
            Ok(result) => result,
            Err(panic) => {
                // When even this fails, nothing more runs in the transaction.
                let _ = self.undo_part();
                resume_unwind(panic)
            }
        };
        match &result {
            Ok(_) => self.step(Savepoint::Release)?,
            Err(error) if self.lost_race.is_none() && error.database().is_some_and(Error::is_retryable) => {
                self.is_aborted = true;
                self.lost_race = error.database().cloned();
            }
            Err(_) => self.undo_part()?,
        }
        result
    }

    /// The first thing that the embedded database finds broken in its file: pages that are none, rows that are in no index or
    /// that a constraint forbids. Reads all of the file. A server watches over its files itself, and nothing is asked of it.
    pub fn damage(&mut self) -> Result<Option<String>, Error> {
        self.ready(&[])?;
        let result = self.engine.damage();
        self.note(result)
    }

    /// Whether others wait for this transaction to end: for the only writer of an embedded database, or for a row that is locked
    /// here, whichever process they are in. A unit whose length is its own choice, such as a part of a long job, asks at its end.
    pub fn is_awaited(&mut self) -> Result<bool, Error> {
        self.ready(&[])?;
        let result = self.engine.is_awaited();
        self.note(result)
    }

    /// A new id, never given out before and known before the row is inserted; ids start at 100001. Gaps are normal.
    pub fn next_id(&mut self) -> Result<i64, Error> {
        self.next_ids(1).map(|ids| ids.start)
    }

    /// `count` new ids in a row.
    pub fn next_ids(&mut self, count: i64) -> Result<Range<i64>, Error> {
        self.ready(&[])?;
        let result = self.engine.reserve_ids(count.max(0));
        let first = self.note(result)?;
        Ok(first..first + count.max(0))
    }

    pub(crate) fn is_aborted(&self) -> bool {
        self.is_aborted
    }

    pub(crate) fn take_lost_race(&mut self) -> Option<Error> {
        self.lost_race.take()
    }

    fn write_rows<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        target: Target,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), Error> {
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<R> = rows.by_ref().take(ROWS_MAX).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            self.write_chunk(target, &chunk)?;
            if chunk.len() < ROWS_MAX {
                return Ok(());
            }
        }
    }

    fn write_chunk<'v, R: AsRef<[Value<'v>]>>(&mut self, target: Target, chunk: &[R]) -> Result<(), Error> {
        let rows: Vec<&[Value<'v>]> = chunk.iter().map(AsRef::as_ref).collect();
        let wanted = target.values().count();
        for row in &rows {
            self.ready(row)?;
            if row.len() != wanted {
                let (table, found) = (target.table, row.len());
                return Err(Error::Value(format!("{table}: {wanted} columns, but a row of {found} values")));
            }
        }
        let result = self.engine.write_rows(target, &rows);
        let written = self.note(result)?;
        if usize::try_from(written).is_ok_and(|written| written == rows.len()) { Ok(()) } else { Err(Error::NoRow) }
    }

    fn first<T>(
        &mut self,
        sql: &str,
        lock: Lock,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut found = None;
        self.visit(sql, lock, values, &mut |row| {
            found = Some(map(row));
            ControlFlow::Break(())
        })?;
        found.transpose()
    }

    fn collect<T>(
        &mut self,
        sql: &str,
        lock: Lock,
        values: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut found = Ok(Vec::new());
        self.visit(sql, lock, values, &mut |row| {
            match (map(row), &mut found) {
                (Ok(item), Ok(items)) => items.push(item),
                (Ok(_), Err(_)) => return ControlFlow::Break(()),
                (Err(error), _) => found = Err(error),
            }
            if found.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        found
    }

    fn visit(&mut self, sql: &str, lock: Lock, values: &[Value<'_>], visit: &mut Visit<'_>) -> Result<(), Error> {
        self.ready(values)?;
        let result = self.engine.visit(sql, lock, values, visit);
        self.note(result)
    }

    /// Undoes the innermost part, unless the whole unit is lost.
    fn undo_part(&mut self) -> Result<(), Error> {
        if self.lost_race.is_some() {
            return Ok(());
        }
        self.is_aborted = false;
        self.step(Savepoint::RollBack)
    }

    fn step(&mut self, step: Savepoint) -> Result<(), Error> {
        let result = self.engine.savepoint(step);
        self.note(result)
    }

    fn ready(&self, values: &[Value<'_>]) -> Result<(), Error> {
        if self.is_aborted {
            return Err(self.lost_race.clone().unwrap_or(Error::Aborted));
        }
        check(values)
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.is_aborted = true;
            if error.is_retryable() {
                self.lost_race = Some(error.clone());
            }
        }
        result
    }
}
