//! The writer: the units that wait share one commit, each in its own savepoint.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::session::Session;
use crate::queue::Queue;
use crate::tx::Savepoint;
use crate::work::{Access, Verdict, Work};
use crate::{Error, Tx};

/// Units that share one commit.
const GROUP_SIZE_MAX: usize = 256;

/// How long a group takes in further units; the units before wait for those after.
const GROUP_TIME_MAX: Duration = Duration::from_millis(10);

/// Runs until the queue is closed and empty.
pub(super) fn run(connection: &Connection, queue: &Queue) {
    let mut session = Session::new(connection, Access::Write, queue);
    let mut waiting = VecDeque::new();
    let mut again = VecDeque::new();
    while queue.take(&mut waiting, GROUP_SIZE_MAX) {
        while !waiting.is_empty() {
            let (group, outcome) = run_group(&mut session, &mut waiting, queue, GROUP_SIZE_MAX);
            match outcome {
                // A deferred constraint is the fault of one of them: each is run again, alone.
                Err(Error::Missing(_)) if group.len() > 1 => again.extend(group),
                outcome => answer(group, &outcome),
            }
            while !again.is_empty() {
                let (group, outcome) = run_group(&mut session, &mut again, queue, 1);
                answer(group, &outcome);
            }
        }
    }
}

fn answer(group: Group, outcome: &Result<(), Error>) {
    for mut work in group {
        if let Err(error) = outcome {
            work.fail(error.clone());
        }
        work.answer();
    }
}

type Group = Vec<Box<dyn Work>>;

/// Runs and commits one group. An error is everybody's: also a refusal may rest on what an earlier unit had written.
fn run_group(
    session: &mut Session<'_>,
    waiting: &mut VecDeque<Box<dyn Work>>,
    queue: &Queue,
    size_max: usize,
) -> (Group, Result<(), Error>) {
    let started = Instant::now();
    let mut group = Group::with_capacity(waiting.len().min(size_max));
    if let Err(error) = session.begin() {
        group.extend(waiting.drain(..));
        return (group, Err(error));
    }
    while group.len() < size_max && (group.is_empty() || started.elapsed() < GROUP_TIME_MAX) {
        if waiting.is_empty() {
            queue.take_waiting(waiting, size_max - group.len());
        }
        let Some(mut work) = waiting.pop_front() else { break };
        if work.is_abandoned() {
            continue;
        }
        let outcome = run_unit(session, work.as_mut());
        group.push(work);
        if let Err(error) = outcome {
            session.roll_back();
            return (group, Err(whole_group(error)));
        }
    }
    let outcome = session.commit().map_err(whole_group);
    (group, outcome)
}

/// Runs one unit in its savepoint; an error when the transaction of the whole group is lost.
fn run_unit(session: &mut Session<'_>, work: &mut dyn Work) -> Result<(), Error> {
    session.unit(Savepoint::Set)?;
    let verdict = work.run(&mut Tx::new(session));
    if !session.is_open() {
        return Err(Error::Unavailable("the transaction was ended by a failure of the file".to_owned()));
    }
    match verdict {
        Verdict::Keep => session.unit(Savepoint::Release),
        // With a single writer there is no race to lose; a unit that says so has its own reasons.
        Verdict::Undo | Verdict::Retry => session.unit(Savepoint::RollBack),
    }
}

fn whole_group(error: Error) -> Error {
    match error {
        Error::Missing(text) => Error::Missing(text),
        other => Error::Unavailable(format!("nothing was written: {other}")),
    }
}
