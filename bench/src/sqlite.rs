//! The floor on `SQLite`: one writer thread, prepared statements, one durable commit for all who wait.

use std::{
    error::Error,
    sync::mpsc::{Receiver, channel},
    thread,
};

use rusqlite::{Connection, Statement, params};

use crate::{
    Queue,
    order::{
        ACCOUNT, AMOUNT, CREATED_AT, CUSTOMER_COUNT, Created, EVENT_COUNT, EVENT_TYPE, FIRST_ID, Order, PRICE_RANGES,
        PRICING_MODEL, STATUS, Unit, id_count,
    },
};

/// Units that share one commit.
const GROUP_SIZE_MAX: usize = 256;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA cache_size = -32000;
    CREATE TABLE customer (account_id BIGINT, id BIGINT, balance BIGINT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE purchase (
        account_id BIGINT NOT NULL, id BIGINT NOT NULL, customer_id BIGINT NOT NULL, product_id BIGINT NOT NULL,
        status TEXT NOT NULL, name TEXT NOT NULL, quantity BIGINT NOT NULL, pricing_model TEXT NOT NULL,
        price_ranges TEXT NOT NULL, amount BIGINT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, id)
    );
    CREATE INDEX purchase_customer ON purchase (account_id, customer_id, id);
    CREATE TABLE event (
        account_id BIGINT NOT NULL, id BIGINT NOT NULL, event_type TEXT NOT NULL, customer_id BIGINT NOT NULL,
        subject_id BIGINT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, id)
    );
";

/// Creates the file and starts its writer.
pub(crate) fn start(file: &str) -> Result<Queue, Box<dyn Error>> {
    let connection = Connection::open(file)?;
    connection.execute_batch(SCHEMA)?;
    for id in 1..=CUSTOMER_COUNT {
        connection.execute("INSERT INTO customer VALUES (?1, ?2, 0)", [ACCOUNT, id])?;
    }
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
        read: connection.prepare("SELECT balance FROM customer WHERE account_id = ?1 AND id = ?2")?,
        purchase: connection.prepare("INSERT INTO purchase VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?,
        event: connection.prepare("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?,
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
        let _balance: i64 = self.read.query_one([ACCOUNT, order.customer_id], |row| row.get(0))?;
        let first = self.next_id;
        self.next_id += id_count(order);
        let mut event_id = first + i64::try_from(order.purchases.len()).unwrap_or(i64::MAX);
        for (id, item) in (first..).zip(&order.purchases) {
            self.purchase.execute(params![
                ACCOUNT,
                id,
                order.customer_id,
                item.product_id,
                STATUS,
                item.name,
                item.quantity,
                PRICING_MODEL,
                PRICE_RANGES,
                AMOUNT,
                CREATED_AT
            ])?;
            for _ in 0..EVENT_COUNT {
                self.event.execute(params![ACCOUNT, event_id, EVENT_TYPE, order.customer_id, id, CREATED_AT])?;
                event_id += 1;
            }
        }
        Ok(first)
    }
}
