//! How far a job is, so that somebody is killed just there, and where all the kills of a test fell.

use std::{
    collections::BTreeMap,
    fmt, thread,
    time::{Duration, Instant},
};

use super::{
    books::Books,
    house::Kill,
    order::{Kind, Order},
};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(1);
/// What a record is thought to take at first.
const FIRST_PACE: Duration = Duration::from_micros(200);
/// Of how many kills half must have fallen before the end of their job.
const COUNT_MIN: u64 = 20;

/// A part of the life of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Submission,
    Validation,
    Processing,
    Over,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) phase: Phase,
    /// Of the records of the phase, or of the time that it is likely to take where all are done in one piece.
    pub(super) permille: i64,
}

impl Place {
    pub(super) fn of(phase: Phase, done: i64, all: i64) -> Self {
        Self { phase, permille: done.saturating_mul(1_000) / all.max(1) }
    }
}

/// How long a record of each kind takes where a job is done in one piece: longer than it was thought to when kills hit, less long
/// when they come too late.
struct Paces(BTreeMap<Kind, Duration>);

impl Default for Paces {
    fn default() -> Self {
        Self(Kind::ALL.into_iter().map(|kind| (kind, FIRST_PACE)).collect())
    }
}

impl Paces {
    fn likely(&self, order: &Order) -> Duration {
        self.0[&order.kind] * u32::try_from(order.len()).expect("a small number")
    }

    /// Learns from where the kills of a job fell that were to fall into its processing.
    fn learn(&mut self, order: &Order, phases: impl Iterator<Item = Phase>) {
        let pace = self.0.get_mut(&order.kind).expect("every kind has its pace");
        for phase in phases.filter(|_| order.is_in_one_piece()) {
            *pace = if phase == Phase::Over { *pace / 2 } else { *pace * 5 / 4 };
        }
    }
}

/// Looks at a job until it is where it is to be.
pub(super) struct Watch<'a> {
    pub(super) books: &'a Books,
    order: &'a Order,
    /// The last job before this one.
    after: i64,
    /// Whether nobody waits for the job any more.
    is_over: &'a dyn Fn() -> bool,
    /// How long its processing is likely to take where that is done in one piece.
    likely: Duration,
    /// Since when it is being processed.
    processed_since: Option<Instant>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        books: &'a Books,
        order: &'a Order,
        after: i64,
        is_over: &'a dyn Fn() -> bool,
        aim: &Aim,
    ) -> Self {
        Self { books, order, after, is_over, likely: aim.paces.likely(order), processed_since: None }
    }

    /// Waits until the job is there, or beyond.
    pub(super) fn wait_for(&mut self, goal: Place) {
        while self.place().is_none_or(|place| place < goal) {
            thread::sleep(PAUSE);
        }
    }

    /// Where the job is; nothing where nobody can tell.
    pub(super) fn place(&mut self) -> Option<Place> {
        if (self.is_over)() {
            return Some(Place::of(Phase::Over, 0, 1));
        }
        let place = self.books.place(self.after, self.order.len())?;
        if place.phase != Phase::Processing || !self.order.is_in_one_piece() {
            return Some(place);
        }
        let elapsed = self.processed_since.get_or_insert_with(Instant::now).elapsed();
        let micros = |time: Duration| i64::try_from(time.as_micros()).expect("a short time");
        Some(Place::of(Phase::Processing, micros(elapsed), micros(self.likely)))
    }

    /// What has begun must begin anew.
    pub(super) fn forget(&mut self) {
        self.processed_since = None;
    }
}

/// What was learned from all kills of a test.
#[derive(Default)]
pub(super) struct Aim {
    paces: Paces,
    counts: BTreeMap<(&'static str, Phase), u64>,
}

impl Aim {
    /// Learns from the kills of a job, each with the phase in which it fell.
    pub(super) fn learn(&mut self, order: &Order, kills: &[Kill], phases: &[Phase]) {
        let meant = kills.iter().zip(phases).filter(|(kill, _)| kill.goal.phase == Phase::Processing);
        self.paces.learn(order, meant.map(|(_, phase)| *phase));
        for (kill, phase) in kills.iter().zip(phases) {
            *self.counts.entry((kill.victim.name(), *phase)).or_default() += 1;
        }
    }

    /// Fails the test when kills come too late.
    pub(super) fn assert_hit(&self) {
        let all: u64 = self.counts.values().sum();
        let late: u64 =
            self.counts.iter().filter(|((_, phase), _)| *phase == Phase::Over).map(|(_, count)| count).sum();
        assert!(all < COUNT_MIN || late * 2 < all, "{late} of {all} kills came after the end of their job");
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "kills by the phase of the job:")?;
        self.counts.iter().try_for_each(|((victim, phase), count)| write!(out, " {victim} {phase:?} {count};"))
    }
}
