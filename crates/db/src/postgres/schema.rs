//! Schema changes of the server.

use ::postgres::Client;

use super::error::from_driver;
use crate::Error;
use crate::migration::{Applied, Migration, OWN_TABLES, Schema};

/// The advisory lock of those who change the schema; any number that nobody else uses.
const SCHEMA_LOCK: i64 = 0x6269_6c6c_666f_6c64;

/// A connection for schema changes, without a time limit for locks; its end releases them.
pub(super) struct Connected(pub(super) Client);

impl Schema for Connected {
    fn prepare(&mut self) -> Result<(), Error> {
        self.0.execute("SELECT pg_advisory_lock($1)", &[&SCHEMA_LOCK]).map_err(|error| from_driver(&error))?;
        self.0.batch_execute(OWN_TABLES).map_err(|error| from_driver(&error))
    }

    fn applied(&mut self) -> Result<Vec<Applied>, Error> {
        let mut read = || {
            let exists = self.0.query_one("SELECT to_regclass('migration') IS NOT NULL", &[])?;
            if !exists.try_get(0)? {
                return Ok(Vec::new());
            }
            let rows = self.0.query("SELECT name, checksum FROM migration ORDER BY name", &[])?;
            rows.iter().map(|row| Ok(Applied { name: row.try_get(0)?, checksum: row.try_get(1)? })).collect()
        };
        read().map_err(|error: ::postgres::Error| from_driver(&error))
    }

    fn apply(&mut self, migration: &Migration, checksum: &str) -> Result<bool, Error> {
        let mut apply = || {
            let mut transaction = self.0.transaction()?;
            let note =
                "INSERT INTO migration (name, checksum, applied_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING";
            if transaction.execute(note, &[&migration.name, &checksum])? == 0 {
                return Ok(false);
            }
            transaction.batch_execute(migration.sql)?;
            transaction.commit()?;
            Ok(true)
        };
        apply().map_err(|error: ::postgres::Error| from_driver(&error))
    }
}
