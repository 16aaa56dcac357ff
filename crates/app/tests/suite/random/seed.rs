//! What a run follows from, and how it is told: a number, and who was served first when clients met.

use std::{
    collections::BTreeMap,
    env,
    fmt::{self, Display},
    hash::{BuildHasher as _, Hasher as _, RandomState},
};

/// Names a seed: `4711`, or what a failed run said.
pub(super) const SEED_VARIABLE: &str = "BILLFOLD_RANDOM_SEED";
/// How many operations a run has.
pub(super) const OPERATIONS_VARIABLE: &str = "BILLFOLD_RANDOM_OPERATIONS";

/// Enough to come upon every operation many times, and few enough for every run of the tests.
const OPERATION_COUNT: usize = 400;

/// `4711/12:10/34:201/57`: the dice, the order in which the clients of round 12 were served, that of round 34, and the
/// round from which on they meet. Rounds before it are served one client after the other, so that a replay comes to the same place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seed {
    pub(super) dice: u64,
    orders: BTreeMap<usize, Vec<usize>>,
    meeting_from: usize,
}

impl Seed {
    /// The one that is asked for, or any.
    pub(super) fn asked() -> Self {
        match variable(SEED_VARIABLE) {
            Some(text) => Self::parse(&text).unwrap_or_else(|| panic!("{SEED_VARIABLE}={text} is no seed")),
            None => Self { dice: RandomState::new().build_hasher().finish() % 1_000_000, ..Self::default() },
        }
    }

    /// In which order the clients of a round are to be served; none when they meet.
    pub(super) fn order(&self, round: usize, client_count: usize) -> Option<Vec<usize>> {
        let drawn = || (0..client_count).collect();
        (round < self.meeting_from).then(|| self.orders.get(&round).cloned().unwrap_or_else(drawn))
    }

    /// Notes the order in which the clients of a round were served.
    pub(super) fn note(&mut self, round: usize, order: Vec<usize>) {
        self.orders.insert(round, order);
    }

    /// The seed of a run that came to this round.
    pub(super) fn at(&self, round: usize) -> Self {
        Self { meeting_from: round, ..self.clone() }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let mut seed = Self { dice: parts.next()?.parse().ok()?, ..Self::default() };
        for part in parts {
            match part.split_once(':') {
                Some((round, order)) => {
                    let client = |digit: char| usize::try_from(digit.to_digit(10)?).ok();
                    seed.orders.insert(round.parse().ok()?, order.chars().map(client).collect::<Option<_>>()?);
                }
                None => seed.meeting_from = part.parse().ok()?,
            }
        }
        Some(seed)
    }
}

impl Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.dice)?;
        for (round, order) in &self.orders {
            write!(f, "/{round}:")?;
            order.iter().try_for_each(|client| write!(f, "{client}"))?;
        }
        write!(f, "/{}", self.meeting_from)
    }
}

/// How many operations a run has.
pub(super) fn operation_count() -> usize {
    variable(OPERATIONS_VARIABLE).map_or(OPERATION_COUNT, |text| text.parse().expect("a number of operations"))
}

#[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}

#[test]
fn a_seed_is_read_as_it_is_told() {
    let mut seed = Seed::parse("4711").unwrap();
    assert_eq!(seed.order(0, 2), None, "clients meet");
    seed.note(12, vec![1, 0]);
    let told = seed.at(57).to_string();
    assert_eq!(told, "4711/12:10/57");
    let replayed = Seed::parse(&told).unwrap();
    assert_eq!(replayed, seed.at(57));
    assert_eq!([12, 13, 57].map(|round| replayed.order(round, 2)), [Some(vec![1, 0]), Some(vec![0, 1]), None]);
    assert_eq!(Seed::parse("4711/x:1"), None);
}
