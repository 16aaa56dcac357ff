//! `PostgreSQL`: any number of processes on one server, each with a few connections.

mod cells;
mod error;
mod ids;
mod numeric;
mod schema;
mod session;
mod statistics;
mod values;
mod workers;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use ::postgres::config::SslMode;
use ::postgres::{Client, Config, NoTls};

use crate::migration::Schema;
use crate::queue::Queue;
use crate::threads::spawn;
use crate::{Error, Options};
pub(crate) use cells::cell;
use statistics::Growth;

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection may be silent before it is asked for a sign of life.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// The wait for a program that stopped within a transaction has an end, as the wait for a lock has.
const SETTINGS: &str = "SET idle_in_transaction_session_timeout = '60s'";

/// Where the server is and who asks.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
    lock_wait_max: Duration,
}

impl Server {
    /// Takes a whole URL, `postgres://user:password@host:port/name`.
    pub(crate) fn parse(url: &str) -> Result<Server, Error> {
        let mut config: Config = url
            .parse()
            .map_err(|error: ::postgres::Error| Error::Url(format!("not a PostgreSQL URL: {}", error::text(&error))))?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(Error::Url(
                "sslmode=require is not possible: connections are not encrypted; use a local socket or a tunnel"
                    .to_owned(),
            ));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.keepalives_idle(KEEPALIVE_IDLE);
        Ok(Server { config, lock_wait_max: Options::default().lock_wait_max })
    }

    /// A connection of its own for schema changes.
    pub(crate) fn schema(&self) -> Result<Box<dyn Schema>, Error> {
        let client = self.config.connect(NoTls).map_err(|error| error::from_driver(&error))?;
        Ok(Box::new(schema::Connected(client)))
    }

    /// Connects; [`Error::Unavailable`] when the server cannot be reached, or refuses.
    fn connect(&self) -> Result<Client, Error> {
        let open = || {
            let mut client = self.config.connect(NoTls)?;
            let lock_wait_max_ms = self.lock_wait_max.as_millis().max(1);
            client.batch_execute(&format!("SET lock_timeout = {lock_wait_max_ms}; {SETTINGS}"))?;
            Ok(client)
        };
        open().map_err(|error: ::postgres::Error| Error::Unavailable(error::text(&error)))
    }
}

/// Tries the server and starts a thread for each connection, which is opened when it is first needed.
pub(crate) fn start(
    server: &Server,
    options: &Options,
    writes: &Arc<Queue>,
    reads: &Arc<Queue>,
) -> Result<Vec<JoinHandle<()>>, Error> {
    let server = Server { lock_wait_max: options.lock_wait_max, ..server.clone() };
    let ids = Arc::new(ids::Ids::open(server.clone())?);
    let growth = Arc::new(Growth::default());
    let worker = |queue: &Arc<Queue>| {
        let (server, ids, growth, queue) = (server.clone(), Arc::clone(&ids), Arc::clone(&growth), Arc::clone(queue));
        spawn("postgres", move || workers::run(&server, &ids, &growth, &queue))
    };
    let reader_count = (options.pool_size / 3).max(1);
    let writer_count = options.pool_size.saturating_sub(reader_count).max(1);
    let readers = (0..reader_count).map(|_| worker(reads));
    readers.chain((0..writer_count).map(|_| worker(writes))).collect()
}
