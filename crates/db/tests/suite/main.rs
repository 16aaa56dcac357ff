//! What `db` promises, on both databases.

mod conflicts;
mod damage;
mod groups;
mod ids;
mod migrations;
mod plans;
mod postgres;
mod transactions;
mod values;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use db::{Db, Error, Failure, Migration, Tx, values};

/// Tables with every kind of constraint and column.
const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_tables",
    sql: "
        CREATE TABLE item (
            account_id BIGINT NOT NULL,
            id BIGINT NOT NULL,
            name TEXT NOT NULL,
            parent_id BIGINT,
            amount BIGINT NOT NULL DEFAULT 0 CHECK (amount >= 0),
            PRIMARY KEY (account_id, id),
            UNIQUE (account_id, name),
            FOREIGN KEY (account_id, parent_id) REFERENCES item (account_id, id)
        );
        CREATE TABLE label (account_id BIGINT NOT NULL, code TEXT NOT NULL);
        CREATE UNIQUE INDEX label_code ON label (account_id, lower(code));
        CREATE TABLE promise (
            id BIGINT NOT NULL PRIMARY KEY,
            account_id BIGINT NOT NULL,
            item_id BIGINT NOT NULL,
            FOREIGN KEY (account_id, item_id) REFERENCES item (account_id, id) DEFERRABLE INITIALLY DEFERRED
        );
        CREATE TABLE kind (
            id BIGINT NOT NULL PRIMARY KEY,
            number BIGINT,
            label TEXT,
            is_on BOOLEAN,
            happened_at TIMESTAMPTZ,
            due_on DATE
        );
    ",
}];

const ITEM: &[&str] = &["account_id", "id", "name"];

/// An application's error, as `app` has one.
#[derive(Debug, PartialEq)]
enum Refusal {
    Business(&'static str),
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Database(error)
    }
}

impl Failure for Refusal {
    fn database(&self) -> Option<&Error> {
        match self {
            Refusal::Business(_) => None,
            Refusal::Database(error) => Some(error),
        }
    }
}

fn insert_item(tx: &mut Tx<'_>, id: i64) -> Result<(), Error> {
    tx.insert("item", ITEM, [values![1_i64, id, format!("item {id}")]])
}

fn item_ids(tx: &mut Tx<'_>) -> Result<Vec<i64>, Error> {
    tx.query("SELECT id FROM item WHERE account_id = $1 ORDER BY id", &values![1_i64], |row| row.get(0))
}

async fn stored_ids(db: &Db) -> Vec<i64> {
    db.read(item_ids).await.expect("a question has an answer")
}

/// Holds a unit of work up until the test lets it go on.
struct Gate {
    passage: Mutex<Receiver<()>>,
}

impl Gate {
    fn closed() -> (Gate, Sender<()>) {
        let (opener, passage) = channel();
        (Gate { passage: Mutex::new(passage) }, opener)
    }

    /// Waits to be let through; a second pass finds the gate open.
    fn pass(&self) {
        let passage = self.passage.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = passage.recv_timeout(Duration::from_secs(10));
    }
}

/// Long enough for a unit to be handed to a thread.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}
