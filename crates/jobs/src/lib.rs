//! A durable queue of work: claims, leases, retries. A task is a row, written in the transaction that makes it necessary
//! and removed in the one that completes it; what it is about is its owner's business.
//!
//! A worker holds a task by a [`Lease`], a claim that ends by itself. It calls [`Lease::keep`] in every transaction of its
//! work, so that one that was too slow commits nothing after another has taken over.

mod task;
mod worker;

pub use self::{
    task::{
        ATTEMPT_COUNT_MAX, Lease, Retry, Task, claim, do_others_wait, enqueue, ensure, ensure_locked, hasten,
        hasten_locked, postpone, remove,
    },
    worker::{Options, Outcome, Stop, Work, Worker},
};
