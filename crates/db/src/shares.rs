//! How threads are shared between the keys of units, so that no key's units occupy all of them.

/// How many threads a key may occupy for each further one that it leaves free.
const OCCUPIED_PER_FREE: usize = 2;

/// Threads, and whose units they run.
///
/// A key that is alone gets two thirds of the threads; of what it leaves, the next gets two thirds, and so on. The last
/// free thread is for units without a key, and for keys that have none under way.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    free: usize,
    /// Keys with units under way, and how many; at most one entry a thread.
    occupied: Vec<(i64, usize)>,
}

impl Shares {
    /// One more thread, which is free.
    pub(crate) fn add_thread(&mut self) {
        self.free += 1;
    }

    /// Whether a thread that is free may run a unit of `key`.
    pub(crate) fn may_start(&self, key: Option<i64>) -> bool {
        let own = self.occupied.iter().find(|(other, _)| Some(*other) == key);
        own.is_none_or(|(_, count)| *count < OCCUPIED_PER_FREE * self.free.saturating_sub(1))
    }

    /// A thread runs a unit of `key` from now on.
    pub(crate) fn start(&mut self, key: Option<i64>) {
        self.free = self.free.saturating_sub(1);
        let Some(key) = key else { return };
        match self.occupied.iter_mut().find(|(other, _)| *other == key) {
            Some((_, count)) => *count += 1,
            None => self.occupied.push((key, 1)),
        }
    }

    /// The unit has ended.
    pub(crate) fn end(&mut self, key: Option<i64>) {
        self.free += 1;
        if let Some((_, count)) = self.occupied.iter_mut().find(|(other, _)| Some(*other) == key) {
            *count -= 1;
        }
        self.occupied.retain(|(_, count)| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::Shares;

    fn of(thread_count: usize) -> Shares {
        let mut shares = Shares::default();
        (0..thread_count).for_each(|_| shares.add_thread());
        shares
    }

    /// Starts as many units of a key as may run.
    fn fill(shares: &mut Shares, key: i64) -> usize {
        let mut count = 0;
        while shares.free > 0 && shares.may_start(Some(key)) {
            shares.start(Some(key));
            count += 1;
        }
        count
    }

    #[test]
    fn every_key_leaves_a_third_to_those_after_it() {
        for (thread_count, expected) in
            [(1, [1, 0, 0]), (2, [1, 1, 0]), (3, [2, 1, 0]), (11, [7, 2, 1]), (32, [21, 7, 2])]
        {
            let mut shares = of(thread_count);
            assert_eq!([1, 2, 3].map(|key| fill(&mut shares, key)), expected, "{thread_count} threads");
        }
    }

    #[test]
    fn what_ends_makes_room_and_what_has_no_key_needs_none() {
        let mut shares = of(3);
        assert_eq!(fill(&mut shares, 1), 2);
        assert!(!shares.may_start(Some(1)));
        assert!(shares.may_start(None));
        shares.end(Some(1));
        assert!(shares.may_start(Some(1)));
        shares.start(None);
        assert!(!shares.may_start(Some(1)));
        shares.end(None);
        shares.end(Some(1));
        assert_eq!((shares.free, shares.occupied.len()), (3, 0));
    }
}
