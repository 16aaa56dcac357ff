//! A unit of work without its types: how a closure and its answer travel between a caller and a database thread.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::{Error, Failure, Tx};

/// Whether a unit may change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// What is to become of the changes of a unit that has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Undo,
    Retry,
}

/// A unit of work on a database thread.
pub(crate) trait Work: Send {
    fn access(&self) -> Access;

    /// Whose it is, where that is known.
    fn key(&self) -> Option<i64>;

    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;

    /// Runs the unit and keeps its result; never panics.
    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict;

    /// Replaces the result.
    fn fail(&mut self, error: Error);

    /// Sends the result to the caller.
    fn answer(self: Box<Self>);
}

/// Packs a unit of `key`; the receiver gets its answer.
pub(crate) fn pack<T, E, F>(
    access: Access,
    key: Option<i64>,
    unit: F,
) -> (Box<dyn Work>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: Failure + Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    (Box::new(Packed { access, key, unit, result: None, caller }), answer)
}

struct Packed<T, E, F> {
    access: Access,
    key: Option<i64>,
    unit: F,
    result: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Work for Packed<T, E, F>
where
    T: Send,
    E: Failure + Send,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn access(&self) -> Access {
        self.access
    }

    fn key(&self) -> Option<i64> {
        self.key
    }

    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Verdict {
        // Whatever a panicking unit left half done in the database is rolled back with it.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.unit)(tx)));
        let result = match outcome {
            Ok(result) => result,
            Err(payload) => Err(E::from(Error::Panicked(message(&*payload)))),
        };
        let result = match (tx.take_lost_race(), result) {
            (Some(race), _) => Err(E::from(race)),
            (None, Ok(_)) if tx.is_aborted() => Err(E::from(Error::Aborted)),
            (None, result) => result,
        };
        let verdict = match &result {
            Ok(_) => Verdict::Keep,
            Err(error) if error.database().is_some_and(Error::is_retryable) => Verdict::Retry,
            Err(_) => Verdict::Undo,
        };
        self.result = Some(result);
        verdict
    }

    fn fail(&mut self, error: Error) {
        self.result = Some(Err(E::from(error)));
    }

    fn answer(self: Box<Self>) {
        let unfinished = || Err(E::from(Error::Unavailable("the unit of work was not run".to_owned())));
        // A caller that has gone away needs no answer.
        let _ = self.caller.send(self.result.unwrap_or_else(unfinished));
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let owned = || payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(owned).unwrap_or("no message").to_owned()
}
