//! Interactive calls while a job of write-offs is done: what they wait for it, at a rate that does not wait for them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;

use super::shop::Shop;
use super::write_offs::{self, Debts};
use super::{Database, options, positive, put};

/// Connections that calls are made over. More calls than that never wait at a time, unless something is very wrong, and then
/// those that are late are counted from when they were due.
const CONNECTION_COUNT: usize = 64;

/// Calls before the job, so that caches and connections are warm.
const WARM_UP_CALLS: usize = 500;

/// Of a hundred calls, ninety-nine must be faster.
const P99_MAX: Duration = Duration::from_millis(50);

/// What is measured, and how.
pub(super) struct Options {
    records: usize,
    rate: u32,
    database: Database,
}

impl Options {
    /// Reads `[--records N] [--rate N] [--database sqlite|postgres]`.
    pub(super) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut found = Self { records: 100_000, rate: 100, database: Database::Sqlite };
        options(arguments, |name, value| match name {
            "--records" => Some(put(&mut found.records, positive::<u32>(value).map(|count| count as usize))),
            "--rate" => Some(put(&mut found.rate, positive(value))),
            "--database" => Some(put(&mut found.database, Database::parse(value))),
            _ => None,
        })?;
        Ok(found)
    }
}

pub(super) async fn run(options: &Options) -> Result<(), String> {
    // The place is what the database of the server lies in.
    let Debts { place: _place, server, shop, invoices } = Debts::make(options.database, options.records).await?;
    println!("calling {} times a second …", options.rate);
    let calls = Calls { url: format!("{}/v1/purchases/bulkCreate", server.url), shop: &shop, rate: options.rate };
    let alone = calls.make(|| while_called(WARM_UP_CALLS, options.rate))?.1;
    let (times, during) = calls.make(|| write_offs::process(&server.url, &shop.key, &invoices, false))?;
    println!("BulkCreate of 4 drafts, {} a second, {}\n", options.rate, options.database.name());
    println!("                        calls   p50 ms   p99 ms   max ms   failed");
    alone.print("alone");
    during.print("with a job of write-offs");
    println!("\n{} write-offs were submitted, validated and processed in {} ms", options.records, times.whole_ms());
    during.judge()
}

/// Lets as much time pass as so many calls take.
fn while_called(count: usize, rate: u32) -> Result<(), String> {
    let count = u32::try_from(count).map_err(|error| error.to_string())?;
    thread::sleep(Duration::from_secs(1) * count / rate);
    Ok(())
}

/// Calls that come when they are due, whatever became of those before.
struct Calls<'a> {
    url: String,
    shop: &'a Shop,
    /// In a second.
    rate: u32,
}

impl Calls<'_> {
    /// Makes them for as long as something else takes.
    fn make<T>(&self, meanwhile: impl FnOnce() -> Result<T, String>) -> Result<(T, Waits), String> {
        let (orders, next, is_over) = (self.shop.orders(), AtomicUsize::new(0), AtomicBool::new(false));
        let begun = Instant::now();
        let caller = || {
            let agent = Agent::new_with_defaults();
            let mut waits = Waits::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let due = begun + Duration::from_secs(1) * u32::try_from(number).unwrap_or(u32::MAX) / self.rate;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                if is_over.load(Ordering::Relaxed) {
                    return waits;
                }
                let is_answered = self.call(&agent, &orders[number % orders.len()]);
                waits.note(due.elapsed(), is_answered);
            }
        };
        thread::scope(|scope| {
            let callers: Vec<_> = (0..CONNECTION_COUNT).map(|_| scope.spawn(caller)).collect();
            let outcome = meanwhile();
            is_over.store(true, Ordering::Relaxed);
            let mut waits = Waits::default();
            for caller in callers {
                waits.add(caller.join().map_err(|_| "a caller panicked")?);
            }
            Ok((outcome?, waits))
        })
    }

    fn call(&self, agent: &Agent, order: &str) -> bool {
        let call = agent.post(&self.url).header("Authorization", format!("Basic {}", self.shop.key));
        let answer = call.header("Content-Type", "application/json").send(order);
        answer.is_ok_and(|mut answer| answer.status() == 200 && answer.body_mut().read_to_string().is_ok())
    }
}

/// How long answers took, from when their calls were due.
#[derive(Default)]
struct Waits {
    times: Vec<Duration>,
    failure_count: usize,
}

impl Waits {
    fn note(&mut self, time: Duration, is_answered: bool) {
        self.times.push(time);
        self.failure_count += usize::from(!is_answered);
    }

    fn add(&mut self, mut other: Self) {
        self.times.append(&mut other.times);
        self.times.sort_unstable();
        self.failure_count += other.failure_count;
    }

    /// So many of a hundred answers took no longer.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.times.len() * percent).div_ceil(100).max(1);
        self.times.get(rank - 1).copied().unwrap_or_default()
    }

    fn print(&self, name: &str) {
        let millis = |time: Duration| format!("{:>4}.{:02}", time.as_millis(), time.as_micros() % 1_000 / 10);
        let [p50, p99, max] = [50, 99, 100].map(|percent| millis(self.percentile(percent)));
        println!("{name:<24}{:>5}  {p50}  {p99}  {max}  {:>7}", self.times.len(), self.failure_count);
    }

    /// What is asked for.
    fn judge(&self) -> Result<(), String> {
        let p99 = self.percentile(99);
        if self.failure_count > 0 {
            return Err(format!("{} of {} calls failed", self.failure_count, self.times.len()));
        }
        if p99 > P99_MAX {
            return Err(format!("p99 is {p99:?}, more than {P99_MAX:?}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(millis: impl Iterator<Item = u64>, failure_count: usize) -> Waits {
        let mut all = Waits::default();
        all.add(Waits { times: millis.map(Duration::from_millis).collect(), failure_count });
        all
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_times() {
        let all = waits((1..=200).rev(), 0);
        let found = [50, 99, 100].map(|percent| all.percentile(percent).as_millis());
        assert_eq!(found, [100, 198, 200]);
        assert_eq!(Waits::default().percentile(99), Duration::ZERO);
    }

    #[test]
    fn one_failure_or_a_slow_hundredth_is_too_much() {
        assert!(waits([60].into_iter().chain(1..=50).chain(0..=48), 0).judge().is_ok());
        assert!(waits([60, 60].into_iter().chain(1..=50).chain(0..=47), 0).judge().is_err());
        assert!(waits(1..=50, 1).judge().is_err());
    }
}
