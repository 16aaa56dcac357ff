//! What a benchmark prints.

use super::bulk_create::Options;
use super::load::Measured;

/// Floor and product, one directly after the other.
pub(super) struct Round {
    pub(super) floor: Measured,
    pub(super) product: Measured,
}

impl Round {
    /// The product's requests a second in thousandths of the floor's.
    fn permille(&self) -> u64 {
        self.product.per_second().saturating_mul(1_000) / self.floor.per_second().max(1)
    }
}

/// Prints every round and the median of their ratios.
pub(super) fn print(options: &Options, rounds: &[Round]) {
    let database = options.database.name();
    let Options { connections, seconds, .. } = options;
    println!("BulkCreate of 4 drafts, {database}, {connections} connections, {seconds} s each\n");
    println!("        ---------- floor ----------    --------- product ---------");
    println!("round   requests/s   p50 ms  p99 ms    requests/s   p50 ms  p99 ms    ratio");
    for (number, round) in (1..).zip(rounds) {
        println!(
            "{number:>5}   {}    {}   {}",
            figures(&round.floor),
            figures(&round.product),
            percent(round.permille())
        );
    }
    println!("\nmedian ratio {}", percent(median(rounds.iter().map(Round::permille).collect())).trim_start());
}

fn figures(measured: &Measured) -> String {
    let Measured { p50_us, p99_us, .. } = measured;
    format!("{:>10}  {}  {}", measured.per_second(), millis(*p50_us), millis(*p99_us))
}

fn millis(us: u64) -> String {
    format!("{:>3}.{:02}", us / 1_000, us % 1_000 / 10)
}

/// Thousandths as a percentage.
pub(super) fn percent(permille: u64) -> String {
    format!("{:>3}.{} %", permille / 10, permille % 10)
}

/// The middle one; of two in the middle the lower.
fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}
