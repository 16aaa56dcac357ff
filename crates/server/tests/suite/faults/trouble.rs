//! What goes wrong while clients wait for their answers.

use std::{thread, time::Duration};

use testkit::{Dice, stripe::Fault};

use super::{books::Books, client::Progress, line::Line, pause};
use crate::process::Server;

/// Latest random instant of a `kill -9`.
const KILL_MS_MAX: u64 = 120;
/// How long the line to Stripe holds a request or an answer.
const HOLD: Duration = Duration::from_millis(300);

/// Requests to Stripe, each by a part of its line.
const STEPS: &[&str] =
    &["POST /v1/payment_methods", "POST /v1/payment_intents", "payment_intents/pi_", "/confirm", "POST /v1/refunds"];

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing but what the cards do.
    None,
    /// `kill -9` after so many milliseconds.
    Kill(u64),
    /// `kill -9` when the intent is stored and the gateway has not been asked; what was sent may yet arrive there.
    KillBeforeCall,
    /// `kill -9` as soon as money moves.
    KillInCall,
    /// `kill -9` when the money has moved and the answer is on its way.
    KillAfterCall,
    /// A fault of the line to Stripe at one step.
    Cut(&'static str, Fault),
    /// The same, and a `kill -9` while it is dealt with.
    CutAndKill(&'static str, Fault, u64),
}

impl Trouble {
    pub(super) fn draw(dice: &mut Dice, line: &Line) -> Self {
        let at = |dice: &mut Dice| dice.below(KILL_MS_MAX);
        let kinds = match line {
            Line::Test(_) => 5,
            Line::Stripe(_) => 8,
        };
        match dice.below(kinds) {
            0 => Self::None,
            1 => Self::Kill(at(dice)),
            2 => Self::KillBeforeCall,
            3 => Self::KillInCall,
            4 => Self::KillAfterCall,
            5 | 6 => Self::Cut(dice.pick(STEPS), fault(dice)),
            _ => Self::CutAndKill(dice.pick(STEPS), fault(dice), at(dice)),
        }
    }

    /// Lets it happen; the server, if it still lives.
    pub(super) fn befall(self, server: Server, progress: &Progress, line: &Line, books: &Books) -> Option<Server> {
        match self {
            Self::None => return Some(server),
            Self::Kill(after) => thread::sleep(Duration::from_millis(after)),
            Self::KillBeforeCall => {
                let _held = line.hold();
                delay(line, "POST /v1/payment_intents", Fault::DelayRequest(HOLD));
                until(progress, || books.open_count() > 0);
                server.kill();
                return None;
            }
            Self::KillInCall => {
                delay(line, "/confirm", Fault::DelayRequest(HOLD));
                wait_for_money(progress, line);
            }
            Self::KillAfterCall => {
                delay(line, "/confirm", Fault::DelayAnswer(HOLD));
                wait_for_money(progress, line);
                pause();
            }
            Self::Cut(step, fault) => {
                delay(line, step, fault);
                return Some(server);
            }
            Self::CutAndKill(step, fault, after) => {
                delay(line, step, fault);
                thread::sleep(Duration::from_millis(after));
            }
        }
        server.kill();
        None
    }
}

fn fault(dice: &mut Dice) -> Fault {
    let faults = [
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::DelayRequest(HOLD),
        Fault::DelayAnswer(HOLD),
        Fault::Spoil(500),
        Fault::SpoilAnswer(502),
    ];
    dice.pick(&faults)
}

/// A fault of the line to Stripe; the test gateway has none.
fn delay(line: &Line, step: &str, fault: Fault) {
    match line {
        Line::Test(_) => {}
        Line::Stripe(stripe) => stripe.line.fault(step, fault),
    }
}

fn wait_for_money(progress: &Progress, line: &Line) {
    let before = line.length();
    until(progress, || line.length() > before);
}

/// Waits for something, or until there is nothing to wait for.
fn until(progress: &Progress, happened: impl Fn() -> bool) {
    while !happened() && !progress.is_over() {
        thread::yield_now();
    }
}
