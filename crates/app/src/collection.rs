//! Collections: money that is moved through a payment gateway on the way of a command.
//!
//! A command that collects is three steps, so that no transaction is open while the gateway is asked
//! (docs/decisions/0009): the *intent*, one transaction, which validates everything, knows the amount and keeps what is to
//! follow; the *call*; and the *outcome*, one transaction, which does what was to follow. Whoever dies in between leaves
//! an intent, and a worker asks the gateway what became of it.

mod automatic;
mod call;
mod intent;
mod notice;
mod outcome;
mod resolve;
mod returns;
mod run;
mod source;
mod till;
mod wait;
mod worker;

use billing::{account::Session, collection::Collection, id::CustomerId, refusal::Refusal};
use db::Tx;

pub use self::{
    automatic::collect_automatically,
    call::{Asked, Call},
    notice::notice,
    resolve::{auto_resolve, resolve},
    returns::start_returns_worker,
    run::Ended,
    worker::start_worker,
};
pub(crate) use self::{
    call::{blocking, detached},
    intent::{Intent, Invoicing, begin, begin_as, of_invoices},
    source::{Chosen, choose, of_provided},
    till::Till,
};
use crate::Error;

/// The kind of task that finds out how a collection ended whose caller is gone.
pub(crate) const COLLECT: &str = "collect";

/// What a command has done: everything, or all that can be done before money moves.
#[derive(Debug)]
pub enum Started<T> {
    /// Everything.
    Done(T),
    /// The gateway is to be asked.
    Collects(Box<Call>),
}

impl<T> Started<T> {
    /// Does more with what is done.
    pub fn try_map<U>(self, more: impl FnOnce(T) -> Result<U, Error>) -> Result<Started<U>, Error> {
        Ok(match self {
            Self::Done(done) => Started::Done(more(done)?),
            Self::Collects(call) => Started::Collects(call),
        })
    }

    /// What is done, of a command that was not asked to collect anything.
    pub fn done(self) -> Result<T, Error> {
        match self {
            Self::Done(done) => Ok(done),
            Self::Collects(_) => Err(Error::defect("a command collects where nobody asks the gateway")),
        }
    }
}

/// Refuses what would change a locked customer while something is reserved for a collection of it.
pub fn refuse_while_reserved(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<(), Error> {
    match store::collection::find_open(tx, session.account.id, customer)? {
        Some(Collection { activity, plan, .. }) if plan.reserves() => Err(Refusal::Reserved(activity).into()),
        Some(_) | None => Ok(()),
    }
}
