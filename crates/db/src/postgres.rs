//! `PostgreSQL`: any number of processes on one server, each with a few connections.

mod cells;
mod error;
mod ids;
mod numeric;
mod schema;
mod session;
mod values;
mod workers;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use ::postgres::config::SslMode;
use ::postgres::{Client, Config, NoTls};

use crate::Error;
use crate::migration::Schema;
use crate::queue::Queue;
use crate::threads::spawn;
pub(crate) use cells::cell;

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection may be silent before it is asked for a sign of life.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// Every wait has an end: for a lock of another transaction, and for a program that stopped within one.
const SETTINGS: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'";

/// Where the server is and who asks.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
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
        Ok(Server { config })
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
            client.batch_execute(SETTINGS)?;
            Ok(client)
        };
        open().map_err(|error: ::postgres::Error| Error::Unavailable(error::text(&error)))
    }
}

/// Tries the server and starts a thread for each connection, which is opened when it is first needed.
pub(crate) fn start(server: &Server, pool_size: usize, queue: &Arc<Queue>) -> Result<Vec<JoinHandle<()>>, Error> {
    let ids = Arc::new(ids::Ids::open(server.clone())?);
    let worker = |_| {
        let (server, ids, queue) = (server.clone(), Arc::clone(&ids), Arc::clone(queue));
        spawn("postgres", move || workers::run(&server, &ids, &queue))
    };
    (0..pool_size).map(worker).collect()
}
