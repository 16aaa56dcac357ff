//! Fractions of wide integers with the rounding of the reference written as it is said, and repeatable chance.

/// A fraction with a positive denominator.
#[derive(Clone, Copy)]
pub(crate) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    pub(crate) fn new(numerator: i128, denominator: i128) -> Self {
        assert!(denominator > 0, "a denominator is positive");
        Self { numerator, denominator }
    }

    /// The nearest integer: add one half and cut, on the side of zero that the fraction is on.
    pub(crate) fn rounded(self) -> i128 {
        let doubled = 2 * self.numerator.abs() + self.denominator;
        let size = doubled.div_euclid(2 * self.denominator);
        if self.numerator < 0 { -size } else { size }
    }
}

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn of(seed: u64, case: u32) -> Self {
        let mut random = Self(seed ^ (u64::from(case) << 32));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both possible.
    pub(crate) fn within(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap() + 1;
        low + i64::try_from(self.next() % width).unwrap()
    }

    pub(crate) fn is_one_in(&mut self, count: i64) -> bool {
        self.within(1, count) == 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let last = i64::try_from(from.len()).unwrap() - 1;
        from[usize::try_from(self.within(0, last)).unwrap()]
    }
}
