//! Clocks and their hands.

use calendar::{Clock, Instant};

#[test]
fn a_fixed_clock_moves_only_with_its_hand() {
    let start = Instant::parse("2024-01-31T10:00:00").unwrap();
    let (clock, hand) = Clock::fixed(start);
    let other = clock.clone();
    assert_eq!(clock.now(), start);
    hand.advance_days(29);
    hand.advance_millis(-1);
    assert_eq!(other.now().to_string(), "2024-02-29T09:59:59.999");
    hand.set(start);
    assert_eq!(clock.now(), start);
    hand.advance_days(i64::MAX);
    assert_eq!(clock.now(), Instant::MAX);
}

#[test]
fn the_system_clock_goes_forward_from_a_plausible_time() {
    let clock = Clock::system();
    let first = clock.now();
    assert!(first > Instant::parse("2024-01-01").unwrap());
    assert!(clock.now() >= first);
}
