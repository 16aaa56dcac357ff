//! Schema changes of the embedded database.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{error::from_driver, statistics};
use crate::Error;
use crate::migration::{Applied, Migration, OWN_TABLES, Schema};

/// A connection for schema changes. Each change takes the write lock, which is how processes wait for each other.
pub(super) struct Connected(pub(super) Connection);

impl Schema for Connected {
    fn prepare(&mut self) -> Result<(), Error> {
        let transaction = self.begin()?;
        transaction.execute_batch(OWN_TABLES).map_err(from_driver)?;
        transaction.commit().map_err(from_driver)
    }

    fn applied(&mut self) -> Result<Vec<Applied>, Error> {
        if !self.0.table_exists(None, "migration").map_err(from_driver)? {
            return Ok(Vec::new());
        }
        let read = || {
            let mut statement = self.0.prepare("SELECT name, checksum FROM migration ORDER BY name")?;
            let rows = statement.query_map([], |row| Ok(Applied { name: row.get(0)?, checksum: row.get(1)? }))?;
            rows.collect::<Result<_, _>>()
        };
        read().map_err(from_driver)
    }

    fn apply(&mut self, migration: &Migration, checksum: &str) -> Result<bool, Error> {
        let transaction = self.begin()?;
        let note = "INSERT INTO migration (name, checksum, applied_at)
            VALUES (?1, ?2, CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT DO NOTHING";
        if transaction.execute(note, [migration.name, checksum]).map_err(from_driver)? == 0 {
            return Ok(false);
        }
        transaction.execute_batch(migration.sql).map_err(from_driver)?;
        transaction.commit().map_err(from_driver)?;
        Ok(true)
    }

    fn finish(&mut self) -> Result<(), Error> {
        let transaction = self.begin()?;
        statistics::write(&transaction).map_err(from_driver)?;
        transaction.commit().map_err(from_driver)
    }
}

impl Connected {
    fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.0.transaction_with_behavior(TransactionBehavior::Immediate).map_err(from_driver)
    }
}
