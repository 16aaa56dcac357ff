//! Write-offs on `SQLite`: prepared statements, each write-off in its own savepoint.

use std::error::Error;

use rusqlite::{Connection, params};

use super::{ACCOUNT, AMOUNT, AT, CUSTOMER_COUNT, Floor, HASH, customer_of};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA cache_size = -32000;
    CREATE TABLE customer (account_id BIGINT, id BIGINT, balance BIGINT NOT NULL, sequence BIGINT NOT NULL,
        hash TEXT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE invoice (account_id BIGINT, id BIGINT, customer_id BIGINT NOT NULL, outstanding BIGINT NOT NULL,
        written_off BIGINT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE instalment (account_id BIGINT, invoice_id BIGINT, outstanding BIGINT NOT NULL,
        PRIMARY KEY (account_id, invoice_id));
    CREATE TABLE record (account_id BIGINT, id BIGINT, status TEXT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE entry (account_id BIGINT, id BIGINT, customer_id BIGINT NOT NULL, sequence BIGINT NOT NULL,
        kind TEXT NOT NULL, at BIGINT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE line (account_id BIGINT, entry_id BIGINT, debit TEXT NOT NULL, credit TEXT NOT NULL,
        amount BIGINT NOT NULL, PRIMARY KEY (account_id, entry_id));
    CREATE TABLE write_off (account_id BIGINT, id BIGINT, customer_id BIGINT NOT NULL, invoice_id BIGINT NOT NULL,
        amount BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE event (account_id BIGINT, id BIGINT, event_type TEXT NOT NULL, subject_id BIGINT NOT NULL,
        at BIGINT NOT NULL, PRIMARY KEY (account_id, id));
";

pub(super) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    pub(super) fn open(file: &str) -> Result<Self, Box<dyn Error>> {
        let connection = Connection::open(file)?;
        connection.execute_batch(SCHEMA)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Self { connection })
    }

    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Two reads, eight rows.
    fn write_one(&self, invoice: i64) -> rusqlite::Result<()> {
        let read = "SELECT customer_id, outstanding FROM invoice WHERE account_id = ?1 AND id = ?2";
        let (customer, amount): (i64, i64) = self
            .connection
            .prepare_cached(read)?
            .query_one([ACCOUNT, invoice], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let read = "SELECT sequence FROM customer WHERE account_id = ?1 AND id = ?2";
        let sequence: i64 = self.connection.prepare_cached(read)?.query_one([ACCOUNT, customer], |row| row.get(0))?;
        let id = invoice;
        self.execute(
            "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, 'WriteOff', ?5, ?6)",
            params![ACCOUNT, id, customer, sequence + 1, AT, HASH],
        )?;
        self.execute("INSERT INTO line VALUES (?1, ?2, 'BadDebt', 'AccountsReceivable', ?3)", [ACCOUNT, id, amount])?;
        self.execute("INSERT INTO write_off VALUES (?1, ?2, ?3, ?2, ?4, ?5)", [ACCOUNT, id, customer, amount, AT])?;
        self.execute("INSERT INTO event VALUES (?1, ?2, 'InvoiceWrittenOff', ?2, ?3)", [ACCOUNT, id, AT])?;
        self.execute(
            "UPDATE invoice SET outstanding = 0, written_off = ?3 WHERE account_id = ?1 AND id = ?2",
            [ACCOUNT, invoice, amount],
        )?;
        self.execute(
            "UPDATE instalment SET outstanding = 0 WHERE account_id = ?1 AND invoice_id = ?2",
            [ACCOUNT, invoice],
        )?;
        self.execute(
            "UPDATE customer SET balance = balance - ?3, sequence = sequence + 1, hash = ?4
             WHERE account_id = ?1 AND id = ?2",
            params![ACCOUNT, customer, amount, HASH],
        )?;
        self.execute("UPDATE record SET status = 'Processed' WHERE account_id = ?1 AND id = ?2", [ACCOUNT, invoice])
    }
}

impl Floor for Sqlite {
    fn prepare(&mut self, count: i64) -> Result<(), Box<dyn Error>> {
        let transaction = self.connection.transaction()?;
        for id in 1..=CUSTOMER_COUNT {
            let sql = "INSERT INTO customer VALUES (?1, ?2, 0, 0, ?3)";
            transaction.prepare_cached(sql)?.execute(params![ACCOUNT, id, HASH])?;
        }
        for id in 1..=count {
            let sql = "INSERT INTO invoice VALUES (?1, ?2, ?3, ?4, 0)";
            transaction.prepare_cached(sql)?.execute([ACCOUNT, id, customer_of(id), AMOUNT])?;
            let sql = "INSERT INTO instalment VALUES (?1, ?2, ?3)";
            transaction.prepare_cached(sql)?.execute([ACCOUNT, id, AMOUNT])?;
            let sql = "INSERT INTO record VALUES (?1, ?2, 'PassedValidation')";
            transaction.prepare_cached(sql)?.execute([ACCOUNT, id])?;
        }
        Ok(transaction.commit()?)
    }

    fn write_off(&mut self, first: i64, last: i64) -> Result<(), Box<dyn Error>> {
        self.execute("BEGIN IMMEDIATE", [])?;
        for invoice in first..=last {
            self.execute("SAVEPOINT part", [])?;
            self.write_one(invoice)?;
            self.execute("RELEASE part", [])?;
        }
        Ok(self.execute("COMMIT", [])?)
    }
}
