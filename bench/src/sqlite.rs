//! The floor on `SQLite`: one writer thread, prepared statements, one durable commit for all who wait.

use std::{
    error::Error,
    sync::mpsc::{Receiver, channel},
    thread,
};

use rusqlite::{Connection, Statement};

use crate::{
    Queue,
    order::{CUSTOMER, Created, EVENT_COUNT, FIRST_ID, Order, STATUS, Unit, id_count},
};

/// Units that share one commit.
const GROUP_SIZE_MAX: usize = 256;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA cache_size = -32000;
    CREATE TABLE customer (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
    INSERT INTO customer VALUES (1, 0);
    CREATE TABLE purchase (
        id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, product_id INTEGER NOT NULL, status TEXT NOT NULL,
        name TEXT NOT NULL, quantity INTEGER NOT NULL
    );
    CREATE TABLE event (id INTEGER PRIMARY KEY, subject_id INTEGER NOT NULL, event_type TEXT NOT NULL);
";

/// Creates the file and starts its writer.
pub(crate) fn start(file: &str) -> Result<Queue, Box<dyn Error>> {
    let connection = Connection::open(file)?;
    connection.execute_batch(SCHEMA)?;
    let (queue, units) = channel();
    thread::Builder::new().name("writer".to_owned()).spawn(move || {
        if let Err(error) = run(&connection, &units) {
            eprintln!("the writer ended: {error}");
        }
    })?;
    Ok(queue)
}

struct Statements<'c> {
    begin: Statement<'c>,
    commit: Statement<'c>,
    savepoint: Statement<'c>,
    release: Statement<'c>,
    read: Statement<'c>,
    purchase: Statement<'c>,
    event: Statement<'c>,
    next_id: i64,
}

fn run(connection: &Connection, units: &Receiver<Unit>) -> rusqlite::Result<()> {
    let mut statements = Statements {
        begin: connection.prepare("BEGIN IMMEDIATE")?,
        commit: connection.prepare("COMMIT")?,
        savepoint: connection.prepare("SAVEPOINT part")?,
        release: connection.prepare("RELEASE part")?,
        read: connection.prepare("SELECT balance FROM customer WHERE id = ?1")?,
        purchase: connection.prepare("INSERT INTO purchase VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?,
        event: connection.prepare("INSERT INTO event VALUES (?1, ?2, ?3)")?,
        next_id: FIRST_ID,
    };
    while let Ok(first) = units.recv() {
        let mut answers = Vec::new();
        statements.begin.execute([])?;
        for unit in std::iter::once(first).chain(units.try_iter()).take(GROUP_SIZE_MAX) {
            statements.savepoint.execute([])?;
            let id = statements.write(&unit.order)?;
            statements.release.execute([])?;
            answers.push((unit, id));
        }
        statements.commit.execute([])?;
        for (unit, id) in answers {
            // A caller that has gone away needs no answer.
            let _ = unit.answer.send(Ok(Created::of(unit.order, id)));
        }
    }
    Ok(())
}

impl Statements<'_> {
    /// One read, and three rows for each purchase; the first id.
    fn write(&mut self, order: &Order) -> rusqlite::Result<i64> {
        let _balance: i64 = self.read.query_one([CUSTOMER], |row| row.get(0))?;
        let first = self.next_id;
        self.next_id += id_count(order);
        let mut event_id = first + i64::try_from(order.purchases.len()).unwrap_or(i64::MAX);
        for (id, item) in (first..).zip(&order.purchases) {
            self.purchase.execute((id, order.customer_id, item.product_id, STATUS, &item.name, item.quantity))?;
            for _ in 0..EVENT_COUNT {
                self.event.execute((event_id, id, "PurchaseCreated"))?;
                event_id += 1;
            }
        }
        Ok(first)
    }
}
