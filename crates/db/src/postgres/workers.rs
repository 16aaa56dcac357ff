//! Workers: each owns a connection and runs one transaction at a time, again when it lost a race.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Server;
use super::ids::Ids;
use super::session::{Commit, Session};
use super::statistics::Growth;
use crate::queue::Queue;
use crate::work::{Verdict, Work};
use crate::{Error, Tx};

/// How often a unit is tried in all.
const ATTEMPT_COUNT_MAX: u32 = 10;

/// The longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_millis(500);

/// Runs until the queue is closed and empty.
pub(super) fn run(server: &Server, ids: &Arc<Ids>, growth: &Growth, queue: &Queue) {
    let mut worker = Worker { server, ids, growth, session: None };
    queue.add_thread();
    while let Some(mut work) = queue.take_one() {
        let is_abandoned = work.is_abandoned();
        if !is_abandoned {
            worker.serve(work.as_mut());
        }
        queue.finished(work.key());
        if !is_abandoned {
            work.answer();
        }
        worker.look();
    }
}

struct Worker<'w> {
    server: &'w Server,
    ids: &'w Arc<Ids>,
    growth: &'w Growth,
    session: Option<Session>,
}

#[derive(PartialEq, Eq)]
enum Attempt {
    Finished,
    Repeat,
}

impl Worker<'_> {
    /// Runs a unit until it is finished; the last lost race stays its answer.
    fn serve(&mut self, work: &mut dyn Work) {
        for attempt in 1..=ATTEMPT_COUNT_MAX {
            let outcome = self.attempt(work);
            self.session.take_if(|session| session.is_lost());
            if outcome == Attempt::Finished {
                return;
            }
            if attempt < ATTEMPT_COUNT_MAX {
                sleep(pause(attempt));
            }
        }
    }

    /// Tells the planner what has changed, if it is this thread's turn. When that fails, the server does it later.
    fn look(&mut self) {
        let Some(session) = &mut self.session else { return };
        if self.growth.note(session.take_row_count(), Instant::now()) {
            session.gather_statistics();
        }
        self.session.take_if(|session| session.is_lost());
    }

    fn attempt(&mut self, work: &mut dyn Work) -> Attempt {
        let session = match self.connected() {
            Ok(session) => session,
            Err(error) => return repeat(work, error),
        };
        if let Err(error) = session.begin(work.access()) {
            return repeat(work, error);
        }
        match work.run(&mut Tx::new(session)) {
            Verdict::Keep => match session.commit() {
                Commit::Done => Attempt::Finished,
                Commit::Refused(error) if error.is_retryable() => repeat(work, error),
                Commit::Refused(error) | Commit::Unknown(error) => {
                    work.fail(error);
                    Attempt::Finished
                }
            },
            Verdict::Undo => {
                session.roll_back();
                Attempt::Finished
            }
            Verdict::Retry => {
                session.roll_back();
                Attempt::Repeat
            }
        }
    }

    fn connected(&mut self) -> Result<&mut Session, Error> {
        // A server that closed the connection while it was idle, such as by a restart, costs no attempt.
        self.session.take_if(|session| session.is_lost());
        match &mut self.session {
            Some(session) => Ok(session),
            none => Ok(none.insert(Session::open(self.server, self.ids)?)),
        }
    }
}

fn repeat(work: &mut dyn Work, error: Error) -> Attempt {
    work.fail(error);
    Attempt::Repeat
}

/// Doubles with each attempt; random, so that two units that met do not meet again.
fn pause(attempt: u32) -> Duration {
    let longest = Duration::from_millis(2).saturating_mul(1 << attempt.min(16)).min(PAUSE_MAX);
    let random = RandomState::new().build_hasher().finish();
    let longest_us = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(random % longest_us.max(1))
}
