//! Ids of the server: reserved in blocks on a connection of their own.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::postgres::Client;

use super::Server;
use super::error::{from_driver, is_lost};
use crate::Error;

/// How many ids are reserved at once.
const BLOCK_SIZE: i64 = 1_000;

const RESERVE: &str = "UPDATE id_block SET next = next + $1 RETURNING next";

/// The ids of this process, shared by its connections.
///
/// A reservation commits on its own, so no unit waits for another's and none is undone. It need not be flushed: the log
/// of the server is one sequence, so no row with an id from the block becomes durable before the reservation has.
pub(super) struct Ids {
    server: Server,
    state: Mutex<State>,
}

struct State {
    client: Option<Client>,
    block: Range<i64>,
}

impl Ids {
    /// Connects, which is also the trial of the server.
    pub(super) fn open(server: Server) -> Result<Self, Error> {
        let client = connect(&server)?;
        Ok(Ids { server, state: Mutex::new(State { client: Some(client), block: 0..0 }) })
    }

    /// The first of `count` ids in a row.
    pub(super) fn reserve(&self, count: i64) -> Result<i64, Error> {
        let mut state = self.lock();
        let first = state.block.start;
        if let Some(after) = first.checked_add(count).filter(|after| *after <= state.block.end) {
            state.block.start = after;
            return Ok(first);
        }
        let size = count.checked_add(BLOCK_SIZE).ok_or_else(|| Error::Other("the ids are used up".to_owned()))?;
        let end = self.extend(&mut state, size)?;
        state.block = end - BLOCK_SIZE..end;
        Ok(end - size)
    }

    fn extend(&self, state: &mut State, size: i64) -> Result<i64, Error> {
        let mut client = match state.client.take() {
            Some(client) if !client.is_closed() => client,
            _ => connect(&self.server).map_err(|error| Error::Retryable(error.to_string()))?,
        };
        match client.query_one(RESERVE, &[&size]).and_then(|row| row.try_get(0)) {
            Ok(end) => {
                state.client = Some(client);
                Ok(end)
            }
            // The block may be lost, but it is nobody's: the unit is repeated on a new connection.
            Err(error) => {
                if !is_lost(&error) {
                    state.client = Some(client);
                }
                Err(from_driver(&error))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(server: &Server) -> Result<Client, Error> {
    let mut client = server.connect()?;
    client.batch_execute("SET synchronous_commit = off").map_err(|error| from_driver(&error))?;
    Ok(client)
}
