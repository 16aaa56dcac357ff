//! Threads of the database.

use std::thread::{self, JoinHandle};

use crate::Error;

/// Starts a named thread.
pub(crate) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(body);
    started.map_err(|error| Error::Unavailable(format!("no thread for the database: {error}")))
}
