//! How many records a worker does in one transaction: as many as fit into a time after which others want their turn, and one at
//! a time past a record that breaks every transaction that it takes part in.

/// Records of the first chunk, of which nobody knows how long they take: few, because customers are locked meanwhile.
const FIRST_RECORD_COUNT: i64 = 32;

/// How long a chunk may take, in milliseconds: with more records its commit costs next to nothing.
const TARGET_MS: i64 = 100;

/// How long a chunk may take while others wait for their turn, in milliseconds.
const TARGET_WHILE_OTHERS_WAIT_MS: i64 = 10;

/// How a worker goes through its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// Records of the next whole chunk.
    chunk: i64,
    /// The most that a chunk may have.
    max: i64,
    /// Somebody had to wait for a chunk, and may do so again.
    has_company: bool,
    hunt: Hunt,
}

/// How a transaction went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// How long it took, in milliseconds.
    pub(super) took_ms: i64,
    /// Others waited for its end.
    pub(super) others_wait: bool,
    /// Gateways are asked before its last records go on.
    pub(super) has_calls: bool,
}

/// The search for the record that breaks its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hunt {
    Off,
    /// One at a time, to find it.
    Single {
        /// Records of the broken chunk that are still suspected.
        left: i64,
    },
    /// Past that one: it fails without being looked at.
    StepOver,
}

impl Pace {
    /// Before the first chunk.
    pub(super) fn new(record_count_max: i64) -> Self {
        let max = record_count_max.max(1);
        Self { chunk: FIRST_RECORD_COUNT.min(max), max, has_company: false, hunt: Hunt::Off }
    }

    /// Records of the next transaction.
    pub(super) fn record_count(self) -> i64 {
        match self.hunt {
            Hunt::Off => self.chunk,
            Hunt::Single { .. } | Hunt::StepOver => 1,
        }
    }

    /// The next record fails without being looked at.
    pub(super) fn steps_over(self) -> bool {
        self.hunt == Hunt::StepOver
    }

    /// A transaction broke, and what broke it has not been passed.
    pub(super) fn is_hunting(self) -> bool {
        self.hunt != Hunt::Off
    }

    /// After a transaction that was committed.
    #[must_use]
    pub(super) fn onward(self, turn: Turn) -> Self {
        if turn.has_calls {
            // Few records go on at a time, and it costs time to look at others.
            return Self { chunk: FIRST_RECORD_COUNT.min(self.max), ..self };
        }
        let hunt = match self.hunt {
            Hunt::Single { left } if left > 1 => Hunt::Single { left: left - 1 },
            // What broke the chunk has been passed, or did not break it again.
            Hunt::Off | Hunt::Single { .. } | Hunt::StepOver => Hunt::Off,
        };
        let chunk = if self.is_hunting() { self.chunk } else { self.fitting(turn).clamp(1, self.max) };
        Self { chunk, hunt, has_company: self.has_company || turn.others_wait, ..self }
    }

    /// Records of a chunk that takes no longer than it may. Who has to wait is made room for at once, and it is forgotten
    /// slowly that somebody had to.
    fn fitting(self, Turn { took_ms, others_wait, has_calls: _ }: Turn) -> i64 {
        match took_ms {
            _ if others_wait && took_ms > TARGET_WHILE_OTHERS_WAIT_MS => {
                self.chunk.saturating_mul(TARGET_WHILE_OTHERS_WAIT_MS) / took_ms
            }
            _ if others_wait => self.chunk,
            _ if took_ms > TARGET_MS => self.chunk / 2,
            _ if took_ms >= TARGET_MS / 2 => self.chunk,
            _ if self.has_company => self.chunk.saturating_add(self.chunk / 4 + 1),
            _ => self.chunk.saturating_mul(2),
        }
    }

    /// After a transaction that broke; `None` when nothing is left to try.
    pub(super) fn broken(self) -> Option<Self> {
        let hunt = match self.hunt {
            Hunt::Off => Hunt::Single { left: self.chunk },
            Hunt::Single { .. } => Hunt::StepOver,
            Hunt::StepOver => return None,
        };
        Some(Self { hunt, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A transaction for which nobody waited.
    fn alone(took_ms: i64) -> Turn {
        Turn { took_ms, others_wait: false, has_calls: false }
    }

    fn awaited(took_ms: i64) -> Turn {
        Turn { took_ms, others_wait: true, has_calls: false }
    }

    /// The record counts of chunks that all go like this.
    fn counts(pace: Pace, turn: Turn) -> [i64; 6] {
        let mut paces = std::iter::successors(Some(pace), |pace| Some(pace.onward(turn)));
        [(); 6].map(|()| paces.next().unwrap().record_count())
    }

    #[test]
    fn the_broken_record_is_found_and_stepped_over() {
        let full = Pace::new(3);
        let pace = full.broken().unwrap();
        assert_eq!((pace.record_count(), pace.is_hunting(), pace.steps_over()), (1, true, false));
        let pace = pace.onward(alone(0)).broken().unwrap();
        assert_eq!((pace.record_count(), pace.is_hunting(), pace.steps_over()), (1, true, true));
        assert_eq!((pace.onward(alone(0)), pace.broken()), (full, None));
    }

    #[test]
    fn what_broke_only_once_slows_down_no_more_than_its_chunk() {
        let paces = std::iter::successors(Pace::new(3).broken(), |pace| Some(pace.onward(alone(0))));
        let hunting: Vec<_> = paces.map(Pace::is_hunting).take(5).collect();
        assert_eq!(hunting, [true, true, true, false, false]);
    }

    #[test]
    fn a_chunk_grows_while_it_is_quick_and_shrinks_when_it_is_slow() {
        for (took_ms, expected) in [(-5, 64), (0, 64), (49, 64), (50, 32), (100, 32), (101, 16), (9_000, 16)] {
            assert_eq!(Pace::new(4_000).onward(alone(took_ms)).record_count(), expected, "{took_ms} ms");
        }
        assert_eq!(counts(Pace::new(400), alone(0)), [32, 64, 128, 256, 400, 400]);
        assert_eq!(counts(Pace::new(6), alone(999)), [6, 3, 1, 1, 1, 1]);
        assert_eq!(Pace::new(0).record_count(), 1);
    }

    #[test]
    fn who_waits_is_made_room_for_at_once_and_forgotten_slowly() {
        let large = (0..5).fold(Pace::new(4_000), |pace, _| pace.onward(alone(0)));
        for (took_ms, expected) in [(80, 128), (11, 930), (10, 1_024), (0, 1_024)] {
            assert_eq!(large.onward(awaited(took_ms)).record_count(), expected, "{took_ms} ms");
        }
        assert_eq!(Pace::new(4_000).onward(awaited(60_000)).record_count(), 1);
        assert_eq!(counts(large.onward(awaited(80)), alone(0)), [128, 161, 202, 253, 317, 397]);
        assert_eq!(counts(Pace::new(3).onward(awaited(999)), alone(0)), [1, 2, 3, 3, 3, 3]);
    }

    #[test]
    fn who_asks_gateways_takes_few_records_and_goes_on_hunting() {
        let asking = Turn { has_calls: true, ..alone(0) };
        let large = (0..5).fold(Pace::new(4_000), |pace, _| pace.onward(alone(0)));
        assert_eq!((large.onward(asking).record_count(), Pace::new(6).onward(asking).record_count()), (32, 6));
        let hunting = large.broken().unwrap();
        assert!(hunting.onward(asking).is_hunting());
        assert!(hunting.broken().unwrap().onward(asking).steps_over());
    }

    #[test]
    fn a_hunt_says_nothing_of_how_long_a_chunk_takes() {
        let hunting = Pace::new(500).broken().unwrap();
        let after = std::iter::successors(Some(hunting), |pace| Some(pace.onward(alone(0)))).nth(32).unwrap();
        assert_eq!((after.is_hunting(), after.record_count()), (false, 32));
    }
}
