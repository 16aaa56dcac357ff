//! `SQLite`: an embedded file with one writer and several readers (write-ahead log).

mod error;
mod functions;
mod ids;
mod parameters;
mod readers;
mod schema;
mod session;
mod statistics;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::Error;
use crate::migration::Schema;
use crate::queue::Queue;
use crate::threads::spawn;
pub(crate) use session::cell;

/// How long a statement waits for another process to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// More readers than this only compete for the same few cores.
const READERS_MAX: usize = 8;

/// Durable commits, and answers like those of `PostgreSQL`: foreign keys hold, `LIKE` minds the case.
///
/// No statement makes an index of its own, which would grow with its table. The log is copied into the file every 4,000 pages
/// (16 MB) and cut back to 64 MB when a long reader let it grow.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -32000;
    PRAGMA automatic_index = OFF;
    PRAGMA case_sensitive_like = ON;
";

/// Readers cannot change the journal mode; their caches are small because there are several. What they sort goes to a
/// temporary file when it outgrows the cache, so that a question about everything needs no more memory than others.
const READER_SETTINGS: &str = "
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -8000;
    PRAGMA automatic_index = OFF;
    PRAGMA case_sensitive_like = ON;
";

/// The path of a database file.
#[derive(Clone)]
pub(crate) struct File {
    path: PathBuf,
}

impl File {
    /// Takes what follows `sqlite:`, also as `sqlite:///absolute/path`.
    pub(crate) fn parse(rest: &str) -> Result<File, Error> {
        let path = rest.strip_prefix("//").unwrap_or(rest);
        if path.is_empty() || path.starts_with(':') || path.contains(['?', '\0']) {
            return Err(Error::Url(
                "sqlite: must be followed by the name of a file, such as sqlite:billfold.db".to_owned(),
            ));
        }
        Ok(File { path: PathBuf::from(path) })
    }

    /// A connection of its own for schema changes.
    pub(crate) fn schema(&self) -> Result<Box<dyn Schema>, Error> {
        Ok(Box::new(schema::Connected(self.connect()?)))
    }

    /// Brings what is left in the log into the file, and ends the log, which `SQLite` does when the last connection that
    /// leaves may write: one of the readers may have been the last. A failure loses nothing: the log is read with the file.
    pub(crate) fn settle(&self) {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if let Err(error) = self.open(flags, SETTINGS) {
            tracing::debug!(%error, "the log of the database stays beside it");
        }
    }

    fn connect(&self) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        self.open(flags, SETTINGS)
    }

    fn connect_reader(&self) -> Result<Connection, Error> {
        self.open(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX, READER_SETTINGS)
    }

    fn open(&self, flags: OpenFlags, settings: &str) -> Result<Connection, Error> {
        let open = || {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            functions::define(&connection)?;
            connection.execute_batch(settings)?;
            Ok(connection)
        };
        open().map_err(|error: rusqlite::Error| {
            let reason = error::from_driver(error);
            Error::Unavailable(format!("{} cannot be opened: {reason}", self.path.display()))
        })
    }
}

/// Opens the file and starts its threads.
pub(crate) fn start(
    file: &File,
    pool_size: usize,
    writes: &Arc<Queue>,
    reads: &Arc<Queue>,
) -> Result<Vec<JoinHandle<()>>, Error> {
    let connection = file.connect()?;
    let readers: Vec<Connection> =
        (0..pool_size.min(READERS_MAX)).map(|_| file.connect_reader()).collect::<Result<_, _>>()?;

    let queue = Arc::clone(writes);
    let mut threads = vec![spawn("sqlite-writer", move || {
        writer::run(&connection, &queue);
    })?];
    for connection in readers {
        let queue = Arc::clone(reads);
        threads.push(spawn("sqlite-reader", move || {
            readers::run(&connection, &queue);
        })?);
    }
    Ok(threads)
}
