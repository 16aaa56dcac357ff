//! The database as the program holds it: opened once, cloned freely, closed at the end.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::migration::{self, Migration};
use crate::queue::{Queue, closed};
use crate::work::{Access, pack};
use crate::{Error, Failure, Tx, postgres, sqlite};

/// Which database is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// An embedded file.
    Sqlite,
    /// A `PostgreSQL` server.
    Postgres,
}

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// `PostgreSQL` connections, or `SQLite` readers (of which there are at most 8); at least 1. On `PostgreSQL` a third only
    /// reads, so that units which wait for a lock hold up no questions; there is at least one connection of each kind.
    pub pool_size: usize,
    /// How long a statement waits for a row that another transaction has locked, before it ends with [`Error::Busy`]. On
    /// `SQLite` nobody waits for a row.
    pub lock_wait_max: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options { pool_size: 16, lock_wait_max: Duration::from_secs(5) }
    }
}

/// A database. Clones share it; the last one that goes waits for the units that are under way.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    place: Place,
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Where the database is.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(sqlite::File),
    Postgres(Box<postgres::Server>),
}

impl Db {
    /// Opens `sqlite:FILE`, which creates the file, or `postgres://…`. Schema changes wait for [`migrate`](Self::migrate).
    pub async fn open(url: &str, options: &Options) -> Result<Db, Error> {
        let place = Place::parse(url)?;
        let options = options.clone();
        blocking(move || Shared::open(place, &options)).await.map(|shared| Db { shared: Arc::new(shared) })
    }

    /// Brings the schema up to date; the names of the migrations that were applied now.
    ///
    /// Processes that do this at the same time wait for each other. Each migration is one transaction. Refused when an
    /// applied migration has changed since, or when the database has migrations that this program does not know.
    pub async fn migrate(&self, migrations: &'static [Migration]) -> Result<Vec<&'static str>, Error> {
        let place = self.shared.place.clone();
        blocking(move || migration::apply(&place, migrations)).await
    }

    /// The names of the migrations that [`migrate`](Self::migrate) would apply; refuses what it would refuse.
    pub async fn pending(&self, migrations: &'static [Migration]) -> Result<Vec<&'static str>, Error> {
        let place = self.shared.place.clone();
        blocking(move || migration::pending(&place, migrations)).await
    }

    /// Runs a unit of work that may write. Its effect is durable when the answer is `Ok`, and nothing when it is not,
    /// except that [`Error::Unknown`] leaves open whether a commit got through.
    ///
    /// The unit may run more than once, so it must do nothing but talk to the database. An error or a panic undoes it.
    pub async fn write<T, E>(&self, unit: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        self.write_as(None, unit).await
    }

    /// Like [`write`](Self::write), for a unit of `key`, whatever that means to the caller: units of one key, which may all
    /// wait for the same lock, never keep all connections from those of others. On `SQLite` nobody waits for a lock.
    pub async fn write_for<T, E>(
        &self,
        key: i64,
        unit: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        self.write_as(Some(key), unit).await
    }

    async fn write_as<T, E>(
        &self,
        key: Option<i64>,
        unit: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        let (work, answer) = pack(Access::Write, key, unit);
        self.shared.writes.push(work).await?;
        let unanswered = || Error::Unknown("the thread that ran the unit ended before it answered".to_owned());
        answer.await.unwrap_or_else(|_| Err(E::from(unanswered())))
    }

    /// Asks a question that sees one consistent snapshot and can change nothing. It may be asked more than once.
    pub async fn read<T, E>(
        &self,
        question: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        let (work, answer) = pack(Access::Read, None, question);
        self.shared.reads.push(work).await?;
        answer.await.unwrap_or_else(|_| Err(E::from(closed())))
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.shared.place {
            Place::Sqlite(_) => Backend::Sqlite,
            Place::Postgres(_) => Backend::Postgres,
        }
    }

    /// Finishes the units that wait and closes the database, for all clones.
    pub async fn close(self) {
        let ended = spawn_blocking(move || self.shared.end()).await;
        if let Err(error) = ended {
            tracing::error!(%error, "closing the database failed");
        }
    }
}

impl Place {
    fn parse(url: &str) -> Result<Place, Error> {
        match url.split_once(':') {
            Some(("sqlite", file)) => sqlite::File::parse(file).map(Place::Sqlite),
            Some(("postgres" | "postgresql", _)) => {
                postgres::Server::parse(url).map(|server| Place::Postgres(Box::new(server)))
            }
            _ => Err(Error::Url(
                "the database URL must be sqlite:FILE, such as sqlite:billfold.db, or postgres://user@host/name"
                    .to_owned(),
            )),
        }
    }
}

impl Shared {
    fn open(place: Place, options: &Options) -> Result<Shared, Error> {
        let (writes, reads) = (Arc::new(Queue::new()), Arc::new(Queue::new()));
        let threads = match &place {
            Place::Sqlite(file) => sqlite::start(file, options.pool_size.max(1), &writes, &reads)?,
            Place::Postgres(server) => postgres::start(server, options, &writes, &reads)?,
        };
        Ok(Shared { place, writes, reads, threads: Mutex::new(threads) })
    }

    fn end(&self) {
        self.writes.close();
        self.reads.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        if threads.is_empty() {
            return;
        }
        let here = thread::current().id();
        // A unit that holds the last clone ends on its own thread, which cannot wait for itself.
        for handle in threads.into_iter().filter(|handle| handle.thread().id() != here) {
            if handle.join().is_err() {
                tracing::error!("a database thread panicked");
            }
        }
        if let Place::Sqlite(file) = &self.place {
            file.settle();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.end();
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(Error::Panicked(error.to_string())))
}
