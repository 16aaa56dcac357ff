//! Schema migrations: which are applied, whether they are still the same, and applying the rest.

use std::fmt::Write as _;

use crate::Error;
use crate::connection::Place;

/// One step of the schema. Once released it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Unique, such as `0001_customers`.
    pub name: &'static str,
    /// Any number of statements, one text for both databases.
    pub sql: &'static str,
}

/// What `db` keeps for itself: the applied migrations, and how far the ids have been given out.
pub(crate) const OWN_TABLES: &str = "
    CREATE TABLE IF NOT EXISTS migration (
        name TEXT NOT NULL PRIMARY KEY,
        checksum TEXT NOT NULL,
        applied_at TIMESTAMPTZ NOT NULL
    );
    CREATE TABLE IF NOT EXISTS id_block (
        one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
        next BIGINT NOT NULL
    );
    INSERT INTO id_block (one, next) VALUES (1, 100001) ON CONFLICT DO NOTHING;
";

/// A row of the table `migration`.
pub(crate) struct Applied {
    pub(crate) name: String,
    pub(crate) checksum: String,
}

/// The connection that changes the schema.
pub(crate) trait Schema {
    /// Waits until no other process changes the schema, then creates [`OWN_TABLES`].
    fn prepare(&mut self) -> Result<(), Error>;
    /// The applied migrations, none when their table does not exist.
    fn applied(&mut self) -> Result<Vec<Applied>, Error>;
    /// Applies a migration and notes it, in one transaction; false when another process did so meanwhile.
    fn apply(&mut self, migration: &Migration, checksum: &str) -> Result<bool, Error>;
    /// Does what the schema as it is now calls for. A server finds out about its data by itself.
    fn finish(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Applies what is pending; the names of it.
pub(crate) fn apply(place: &Place, migrations: &'static [Migration]) -> Result<Vec<&'static str>, Error> {
    let mut schema = open(place)?;
    schema.prepare()?;
    let mut names = Vec::new();
    for migration in compare(migrations, &schema.applied()?)? {
        let is_new = schema
            .apply(migration, &checksum(migration.sql))
            .map_err(|error| Error::Migration(format!("migration {} failed: {error}", migration.name)))?;
        if is_new {
            tracing::info!(migration = migration.name, "schema changed");
            names.push(migration.name);
        }
    }
    schema.finish()?;
    Ok(names)
}

/// The names of what [`apply`] would apply.
pub(crate) fn pending(place: &Place, migrations: &'static [Migration]) -> Result<Vec<&'static str>, Error> {
    let applied = open(place)?.applied()?;
    compare(migrations, &applied).map(|pending| pending.iter().map(|migration| migration.name).collect())
}

fn open(place: &Place) -> Result<Box<dyn Schema>, Error> {
    match place {
        Place::Sqlite(file) => file.schema(),
        Place::Postgres(server) => server.schema(),
    }
}

fn compare(known: &'static [Migration], applied: &[Applied]) -> Result<Vec<&'static Migration>, Error> {
    for row in applied {
        let Some(migration) = known.iter().find(|migration| migration.name == row.name) else {
            return Err(Error::Migration(format!(
                "this program is older than its database, which has the migration {}; run a newer version",
                row.name
            )));
        };
        if checksum(migration.sql) != row.checksum {
            let name = &row.name;
            return Err(Error::Migration(format!(
                "migration {name} has changed since it was applied to this database"
            )));
        }
    }
    let is_pending = |migration: &&Migration| applied.iter().all(|row| row.name != migration.name);
    Ok(known.iter().filter(is_pending).collect())
}

/// FNV-1a of the text; carriage returns do not count, because a checkout may add them.
fn checksum(sql: &str) -> String {
    let hash = sql
        .bytes()
        .filter(|byte| *byte != b'\r')
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut text = String::with_capacity(16);
    // Writing to a string cannot fail.
    let _ = write!(text, "{hash:016x}");
    text
}
