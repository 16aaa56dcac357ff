//! How a worker goes through records of which one may break every transaction that it takes part in.

/// How a chunk goes through its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Many at a time.
    Full,
    /// One at a time, to find the one that breaks the transaction.
    Single {
        /// Records of the broken chunk that are still suspected.
        left: i64,
    },
    /// Past that one: it fails without being looked at.
    StepOver,
}

impl Pace {
    /// After a chunk that was committed.
    pub(super) fn onward(self) -> Self {
        match self {
            Self::Single { left } if left > 1 => Self::Single { left: left - 1 },
            // What broke the chunk has been passed, or did not break it again.
            Self::Full | Self::Single { .. } | Self::StepOver => Self::Full,
        }
    }

    /// After a chunk that broke; `None` when nothing is left to try. A full chunk has `record_count` records.
    pub(super) fn broken(self, record_count: i64) -> Option<Self> {
        match self {
            Self::Full => Some(Self::Single { left: record_count }),
            Self::Single { .. } => Some(Self::StepOver),
            Self::StepOver => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_record_is_found_and_stepped_over() {
        let pace = Pace::Full.broken(3).unwrap();
        assert_eq!(pace, Pace::Single { left: 3 });
        let pace = pace.onward().broken(3).unwrap();
        assert_eq!(pace, Pace::StepOver);
        assert_eq!((pace.onward(), pace.broken(3)), (Pace::Full, None));
    }

    #[test]
    fn what_broke_only_once_slows_down_no_more_than_its_chunk() {
        let pace = Pace::Full.broken(3).unwrap();
        let paces: Vec<_> = std::iter::successors(Some(pace), |pace| Some(pace.onward())).take(4).collect();
        assert_eq!(paces, [Pace::Single { left: 3 }, Pace::Single { left: 2 }, Pace::Single { left: 1 }, Pace::Full]);
    }
}
