//! The one place that reads the time of day.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use crate::Instant;

/// Where `now` comes from: the system, or a hand that a test moves. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

/// Moves the clock that it was made with, and nothing else does.
#[derive(Clone, Debug)]
pub struct ClockHand(Arc<AtomicI64>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until its hand moves it.
    pub fn fixed(at: Instant) -> (Self, ClockHand) {
        let millis = Arc::new(AtomicI64::new(at.millis()));
        (Self(Source::Fixed(Arc::clone(&millis))), ClockHand(millis))
    }

    /// The present instant, to the millisecond.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => system_now(),
            Source::Fixed(millis) => Instant::from_millis(millis.load(Ordering::SeqCst)),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "everyone else is given the time by this clock")]
fn system_now() -> Instant {
    Instant::from_millis(jiff::Timestamp::now().as_millisecond())
}

impl ClockHand {
    /// Puts the clock to that instant, which may lie in its past.
    pub fn set(&self, to: Instant) {
        self.0.store(to.millis(), Ordering::SeqCst);
    }

    /// Moves the clock by so many milliseconds, back when negative. Stops at the ends of the calendar.
    pub fn advance_millis(&self, millis: i64) {
        self.advance(|now| now.plus_millis(millis));
    }

    /// Moves the clock by so many times 24 hours, back when negative. Stops at the ends of the calendar.
    pub fn advance_days(&self, days: i64) {
        self.advance(|now| now.plus_days(days));
    }

    fn advance(&self, later: impl Fn(Instant) -> Instant) {
        self.0.update(Ordering::SeqCst, Ordering::SeqCst, |millis| later(Instant::from_millis(millis)).millis());
    }
}
