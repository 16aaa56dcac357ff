//! Clients that send, at the same time and again until they are answered.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::order::Order;
use crate::process::{Caller, Server, wait_for};

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// How many clients have heard something, if only that the line is cut.
pub(super) struct Progress {
    client_count: usize,
    heard: AtomicUsize,
}

impl Progress {
    pub(super) fn is_over(&self) -> bool {
        self.heard.load(Ordering::SeqCst) >= self.client_count
    }
}

/// Lets every client send its order once, while `befall` happens; then whoever still waits is answered, or cut off.
pub(super) fn send_all(
    server: Server,
    key: &str,
    clients: &[&Order],
    befall: impl FnOnce(Server, &Progress) -> Option<Server>,
) -> Option<Server> {
    let progress = Progress { client_count: clients.len(), heard: AtomicUsize::new(0) };
    thread::scope(|scope| {
        for order in clients {
            let (caller, progress) = (server.caller(key), &progress);
            scope.spawn(move || {
                send(&caller, order);
                progress.heard.fetch_add(1, Ordering::SeqCst);
            });
        }
        befall(server, &progress)
    })
}

/// Sends the order again and again, until it has its answer for good.
pub(super) fn answered(caller: &Caller, order: &Order) -> Answer {
    wait_for("an answer for good", || send(caller, order).filter(Answer::is_final))
}

/// One attempt; nothing when the server ends before it answers.
fn send(caller: &Caller, order: &Order) -> Option<Answer> {
    let (status, body) = caller.send(order.path, &order.body, &order.key)?;
    Some(Answer { status, body })
}
