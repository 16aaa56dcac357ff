//! Units of work on their way to the threads that run them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::Error;
use crate::shares::Shares;
use crate::work::Work;

/// Units that may wait; callers beyond that wait outside, where their being dropped costs nothing.
const WAITING_MAX: usize = 4_096;

/// A bounded queue: asynchronous at its entrance, blocking at its exit, any number of threads at both.
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    room: Semaphore,
}

struct State {
    waiting: VecDeque<Box<dyn Work>>,
    /// Threads asleep in [`Queue::take`]; waking nobody is a system call that a busy queue would pay for each unit.
    sleepers: usize,
    /// Threads that take one unit at a time.
    shares: Shares,
    is_closed: bool,
}

impl Queue {
    pub(crate) fn new() -> Self {
        let state = State { waiting: VecDeque::new(), sleepers: 0, shares: Shares::default(), is_closed: false };
        Queue { state: Mutex::new(state), arrived: Condvar::new(), room: Semaphore::new(WAITING_MAX) }
    }

    /// Hands over a unit, waiting for room; an error when the queue was closed.
    pub(crate) async fn push(&self, work: Box<dyn Work>) -> Result<(), Error> {
        let room = self.room.acquire().await.map_err(|_| closed())?;
        let mut state = self.lock();
        if state.is_closed {
            return Err(closed());
        }
        room.forget();
        state.waiting.push_back(work);
        let is_anyone_asleep = state.sleepers > 0;
        drop(state);
        if is_anyone_asleep {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Moves up to `count_max` units into `taken`, sleeping until there is one; false when the queue is closed and empty.
    pub(crate) fn take(&self, taken: &mut VecDeque<Box<dyn Work>>, count_max: usize) -> bool {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.is_closed {
                return false;
            }
            state.sleepers += 1;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleepers -= 1;
        }
        self.move_into(taken, count_max, state);
        true
    }

    /// Like [`take`](Self::take), but never sleeps.
    pub(crate) fn take_waiting(&self, taken: &mut VecDeque<Box<dyn Work>>, count_max: usize) {
        self.move_into(taken, count_max, self.lock());
    }

    /// Counts the calling thread among those that [take one](Self::take_one).
    pub(crate) fn add_thread(&self) {
        self.lock().shares.add_thread();
    }

    /// Takes the first unit whose key leaves enough threads to others, sleeping until there is one; none when the queue is
    /// closed and empty. [`finished`](Self::finished) must follow.
    pub(crate) fn take_one(&self) -> Option<Box<dyn Work>> {
        let mut state = self.lock();
        loop {
            let State { waiting, shares, .. } = &mut *state;
            let startable = waiting.iter().position(|work| shares.may_start(work.key()));
            if let Some(work) = startable.and_then(|place| waiting.remove(place)) {
                shares.start(work.key());
                self.wake_next(&state);
                drop(state);
                self.room.add_permits(1);
                return Some(work);
            }
            if state.is_closed && state.waiting.is_empty() {
                return None;
            }
            state.sleepers += 1;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleepers -= 1;
        }
    }

    /// The unit of `key` that this thread took has ended.
    pub(crate) fn finished(&self, key: Option<i64>) {
        self.lock().shares.end(key);
    }

    /// Room that a unit made when it ended may be enough for more than the thread that ran it.
    fn wake_next(&self, state: &State) {
        match state.waiting.is_empty() {
            true if state.is_closed => self.arrived.notify_all(),
            false if state.sleepers > 0 => self.arrived.notify_one(),
            true | false => {}
        }
    }

    /// Whether units wait.
    pub(crate) fn is_awaited(&self) -> bool {
        !self.lock().waiting.is_empty()
    }

    /// Refuses new units; those that wait are still run.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.room.close();
        self.arrived.notify_all();
    }

    fn move_into(&self, taken: &mut VecDeque<Box<dyn Work>>, count_max: usize, mut state: MutexGuard<'_, State>) {
        let count = state.waiting.len().min(count_max);
        taken.extend(state.waiting.drain(..count));
        drop(state);
        self.room.add_permits(count);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn closed() -> Error {
    Error::Unavailable("the database was closed".to_owned())
}
