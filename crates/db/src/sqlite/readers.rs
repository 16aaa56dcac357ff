//! Readers: each question sees the snapshot of one transaction and never waits for the writer.

use std::collections::VecDeque;

use rusqlite::Connection;

use super::session::Session;
use crate::Tx;
use crate::queue::Queue;
use crate::work::{Access, Work};

/// Runs until the queue is closed and empty.
pub(super) fn run(connection: &Connection, queue: &Queue) {
    let mut session = Session::new(connection, Access::Read, queue);
    let mut waiting = VecDeque::new();
    while queue.take(&mut waiting, 1) {
        for mut work in waiting.drain(..).filter(|work| !work.is_abandoned()) {
            ask(&mut session, work.as_mut());
            work.answer();
        }
    }
}

fn ask(session: &mut Session<'_>, work: &mut dyn Work) {
    if let Err(error) = session.begin() {
        work.fail(error);
        return;
    }
    work.run(&mut Tx::new(session));
    session.roll_back();
}
