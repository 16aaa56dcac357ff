//! Lanes: the parts of a phase of a job, which are worked on at the same time. Records of one customer share a lane, and so
//! keep their order.

use std::ops::Range;

use calendar::Instant;

use super::{BulkCounts, BulkJob, BulkJobStatus};
use crate::id::{BulkJobId, BulkLaneId, BulkRecordId, CustomerId};

/// Into how many slots customers are spread, and so the most lanes of a job.
pub const SLOT_COUNT: i64 = 16;

/// A part of a phase: its records, the place that it has reached among them, and what became of those before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Its id.
    pub id: BulkLaneId,
    /// Whose part it is.
    pub job: BulkJobId,
    /// Which slots its records are of; of any, and of none, when absent.
    pub share: Option<Share>,
    /// Every record of the lane before this one has ended the phase.
    pub next_record: BulkRecordId,
    /// Behind its last record.
    pub end_record: BulkRecordId,
    /// What became of its records; the job counts those of lanes that have ended. The total is the job's own.
    pub counts: BulkCounts,
    /// A record passed validation that must not overtake those of others.
    pub is_ordered: bool,
    /// Records that are processed before the job pauses; absent when no pause lies ahead.
    pub pause_in: Option<i64>,
    /// Where its events have come to.
    pub last: Mark,
}

impl Lane {
    /// Behind the records among which the next `count` of the lane are looked for. A lane may have few of very many records, or
    /// none; as it reaches no further at a time than one with its share of them, a look never goes through all.
    pub fn reach(&self, count: i64) -> BulkRecordId {
        let span = count.saturating_mul(self.share.map_or(1, |share| share.of));
        BulkRecordId(self.next_record.0.saturating_add(span)).min(self.end_record)
    }

    /// Nothing is left to do, or nothing before a pause.
    pub fn is_over(&self) -> bool {
        self.next_record >= self.end_record || self.pause_in == Some(0)
    }
}

/// What a lane is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which slots its records are of; of any, and of none, when absent.
    pub share: Option<Share>,
    /// Among which records.
    pub records: Range<BulkRecordId>,
    /// Records that are processed before the job pauses.
    pub pause_in: Option<i64>,
}

/// The slots of a lane: those that leave `number` when they are divided by `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// From 0 on.
    pub number: i64,
    /// At least 1.
    pub of: i64,
}

/// Where a sequence of events has come to, by the order in which they are read: their time, then their id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// No event was told later.
    pub at: Instant,
    /// None of that time has a higher id.
    pub id: i64,
}

impl Mark {
    /// The time of events that come after the mark and have ids from `id` on. It is `now`, unless the clock or the ids of
    /// another process were ahead.
    pub fn next(self, now: Instant, id: i64) -> Instant {
        let at = if id > self.id { self.at } else { self.at.plus_millis(1) };
        now.max(at)
    }
}

impl BulkJob {
    /// How the phase that the job is in is divided, of which these `records` are left. To be checked, records need not wait for
    /// each other. They are processed by slots; all in order, where there is one lane, and until a pause that lies ahead.
    pub fn parts(&self, records: Range<BulkRecordId>, lane_count: i64, pause_in: Option<i64>) -> Vec<Part> {
        let part = |share, records| Part { share, records, pause_in };
        if self.status == BulkJobStatus::Validating {
            return ranges(records, lane_count).map(|range| part(None, range)).collect();
        }
        if lane_count == 1 || pause_in.is_some() {
            return vec![part(None, records)];
        }
        let share = |number| Share { number, of: lane_count };
        (0..lane_count).map(|number| part(Some(share(number)), records.clone())).collect()
    }
}

/// In how many lanes a job of `record_count` records is done: one for each `lane_record_count`, so that a small job is one piece.
pub fn lane_count(record_count: i64, lane_record_count: i64, lane_count_max: i64) -> i64 {
    let full_count = (record_count - 1).max(0) / lane_record_count.max(1);
    (full_count + 1).min(lane_count_max).clamp(1, SLOT_COUNT)
}

/// Records whose ids follow each other in `count` parts, of which none is longer than another by more than one.
fn ranges(records: Range<BulkRecordId>, count: i64) -> impl Iterator<Item = Range<BulkRecordId>> {
    let (start, length) = (records.start.0, records.end.0 - records.start.0);
    let cut = move |number: i64| BulkRecordId(start + length * number / count);
    (0..count).map(move |number| cut(number)..cut(number + 1))
}

/// The slot of a customer. Ids are handed out in patterns, so they are mixed first (Fibonacci hashing).
pub fn slot_of(customer: CustomerId) -> i64 {
    let mixed = customer.0.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 60).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::tests::job;

    #[test]
    fn a_job_has_a_lane_for_so_many_records_and_no_more_than_allowed() {
        for (records, each, max, expected) in [
            (0, 500, 4, 1),
            (1, 500, 4, 1),
            (500, 500, 4, 1),
            (501, 500, 4, 2),
            (1_000_000, 500, 4, 4),
            (1_000_000, 500, 99, SLOT_COUNT),
            (1_000_000, 500, 0, 1),
            (7, 0, 4, 4),
        ] {
            assert_eq!(lane_count(records, each, max), expected, "{records} {each} {max}");
        }
    }

    #[test]
    fn ranges_leave_nothing_out_and_nothing_twice() {
        for length in 0..40 {
            for count in 1..=SLOT_COUNT {
                let parts: Vec<_> = ranges(BulkRecordId(100)..BulkRecordId(100 + length), count).collect();
                let lengths: Vec<_> = parts.iter().map(|part| part.end.0 - part.start.0).collect();
                assert_eq!((parts[0].start.0, lengths.iter().sum::<i64>()), (100, length));
                assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
                assert!(lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 1);
            }
        }
    }

    #[test]
    fn a_lane_reaches_as_far_as_its_share_takes_and_ends_with_its_records() {
        let lane = |share, next, pause_in| Lane {
            id: BulkLaneId(1),
            job: BulkJobId(2),
            share,
            next_record: BulkRecordId(next),
            end_record: BulkRecordId(100),
            counts: BulkCounts::default(),
            is_ordered: false,
            pause_in,
            last: Mark { at: Instant::NEVER_SET, id: 0 },
        };
        let share = Some(Share { number: 3, of: 4 });
        for (share, count, expected) in
            [(None, 7, 17), (share, 7, 38), (None, 0, 10), (None, 90, 100), (share, 23, 100), (share, i64::MAX, 100)]
        {
            assert_eq!(lane(share, 10, None).reach(count), BulkRecordId(expected), "{share:?} {count}");
        }
        for (next, pause_in, expected) in
            [(99, None, false), (100, None, true), (99, Some(1), false), (99, Some(0), true), (100, Some(1), true)]
        {
            assert_eq!(lane(share, next, pause_in).is_over(), expected, "{next} {pause_in:?}");
        }
    }

    #[test]
    fn a_phase_is_divided_by_place_or_by_customer_and_before_a_pause_not_at_all() {
        let all = BulkRecordId(10)..BulkRecordId(14);
        let validating = job(BulkJobStatus::Validating, BulkCounts::default());
        let halves: Vec<_> = validating.parts(all.clone(), 2, None).into_iter().map(|part| part.records).collect();
        assert_eq!(halves, [BulkRecordId(10)..BulkRecordId(12), BulkRecordId(12)..BulkRecordId(14)]);
        let processing = job(BulkJobStatus::Processing, BulkCounts::default());
        let part = |share, pause_in| Part { share, records: all.clone(), pause_in };
        let share = |number| Some(Share { number, of: 2 });
        assert_eq!(processing.parts(all.clone(), 2, None), [part(share(0), None), part(share(1), None)]);
        assert_eq!(processing.parts(all.clone(), 2, Some(3)), [part(None, Some(3))]);
        assert_eq!(processing.parts(all.clone(), 1, None), [part(None, None)]);
    }

    #[test]
    fn customers_are_spread_evenly_whatever_pattern_their_ids_have() {
        for step in [1, 2, 7, 16, 1_000] {
            let mut slots = vec![0; usize::try_from(SLOT_COUNT).unwrap()];
            for number in 0..1_600 {
                slots[usize::try_from(slot_of(CustomerId(100_001 + number * step))).unwrap()] += 1;
            }
            assert!(slots.iter().all(|count| (50..200).contains(count)), "{step}: {slots:?}");
        }
    }

    #[test]
    fn what_comes_after_a_mark_is_read_after_it() {
        let at = |millis| Instant::from_millis(millis);
        let mark = Mark { at: at(10), id: 7 };
        for (now, id, expected) in [(9, 8, 10), (10, 8, 10), (11, 8, 11), (9, 7, 11), (10, 6, 11), (12, 6, 12)] {
            let next = mark.next(at(now), id);
            assert_eq!(next, at(expected), "{now} {id}");
            assert!((next, id) > (mark.at, mark.id));
        }
    }

    #[test]
    fn counts_are_added_and_taken_away() {
        let counts = |factor| BulkCounts {
            total: factor,
            successful: 2 * factor,
            failed: 3 * factor,
            processed: 4 * factor,
            failed_processed: 5 * factor,
        };
        assert_eq!(counts(1).plus(counts(2)), counts(3));
        assert_eq!(counts(3).minus(counts(2)), counts(1));
    }
}
