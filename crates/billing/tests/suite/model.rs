//! An independent model: the same questions answered by other algorithms, over many random cases.

mod arithmetic;
mod calendar;
mod earnings;
mod reversals;
mod sales;

use std::time::Instant;

use self::arithmetic::Random;

/// How many cases each comparison tries.
const CASES: u32 = 100_000;
const SEED: u64 = 0x0B11_F01D;

/// Runs `compare` over the cases of the seed. Each case starts from its own number, so that it can be repeated alone.
fn agree(compare: impl Fn(&mut Random)) {
    let started = Instant::now();
    println!("seed {SEED:#x}");
    for case in 0..CASES {
        naming(case, || compare(&mut Random::of(SEED, case)));
    }
    println!("{CASES} cases in {:?}", started.elapsed());
}

/// Names the case that disagrees.
fn naming(case: u32, run: impl FnOnce()) {
    struct Named(u32);
    impl Drop for Named {
        fn drop(&mut self) {
            if std::thread::panicking() {
                println!("case {} of seed {SEED:#x} disagrees", self.0);
            }
        }
    }
    let named = Named(case);
    run();
    drop(named);
}

#[test]
fn prices_and_discounts_agree() {
    agree(sales::compare);
}

#[test]
fn schedules_agree() {
    agree(earnings::compare);
}

#[test]
fn reversals_agree() {
    agree(reversals::compare);
}
