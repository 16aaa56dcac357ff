//! Servers that are killed and gateways that do not answer, as often as is asked for.

use std::{process::ExitCode, time::Instant};

use crate::test;

/// Names what is drawn in the first run; the next one has the next number.
const SEED_VARIABLE: &str = "BILLFOLD_FAULTS_SEED";
/// Names how many runs each test has.
const RUNS_VARIABLE: &str = "BILLFOLD_FAULTS_RUNS";
const RUN_COUNT: u64 = 500;

const DATABASES: [&str; 2] = ["sqlite", "postgres"];
/// As they are asked for, and as the tests name them.
const GATEWAYS: [(&str, &str); 2] = [("test", "the_test_gateway"), ("stripe", "stripe")];

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    runs: u64,
    seed: Option<String>,
    /// The names of the tests.
    tests: Vec<String>,
}

impl Order {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut runs, mut seed, mut database, mut gateway) = (RUN_COUNT, None, None, None);
        while let Some(option) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{option} needs a value"))?;
            let cannot = || format!("{option} cannot be `{value}`");
            match option.as_str() {
                "--runs" => runs = value.parse().ok().filter(|runs| *runs > 0).ok_or_else(cannot)?,
                "--seed" => seed = Some(value.parse::<u64>().map_err(|_| cannot())?.to_string()),
                "--database" => database = Some(DATABASES.into_iter().find(|name| *name == value).ok_or_else(cannot)?),
                "--gateway" => {
                    gateway = Some(GATEWAYS.into_iter().find(|(name, _)| *name == value).ok_or_else(cannot)?);
                }
                other => return Err(format!("unknown option {other}")),
            }
        }
        let databases = DATABASES.into_iter().filter(|name| database.is_none_or(|asked| asked == *name));
        let gateways = || GATEWAYS.into_iter().filter(|known| gateway.is_none_or(|asked| asked == *known));
        let test = |database: &str, (_, gateway): (&str, &str)| format!("faults::{database}_agrees_with_{gateway}");
        let tests = databases.flat_map(|database| gateways().map(move |gateway| test(database, gateway))).collect();
        Ok(Self { runs, seed, tests })
    }

    /// The runs of each test, together as many as were asked for or a few more.
    fn runs_each(&self) -> u64 {
        self.runs.div_ceil(self.tests.len() as u64)
    }
}

/// Runs them, each database with each gateway; then the books are compared with the gateways' own lists.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
    let order = match Order::parse(arguments) {
        Ok(order) => order,
        Err(reason) => {
            eprintln!("{reason}");
            return ExitCode::from(2);
        }
    };
    let runs_each = order.runs_each();
    let mut variables = vec![(RUNS_VARIABLE, runs_each.to_string())];
    variables.extend(order.seed.map(|seed| (SEED_VARIABLE, seed)));
    // What was asked for is never left out.
    let needs = |what: &str| order.tests.iter().any(|test| test.contains(what));
    let required = [("--require-postgres", needs("postgres")), ("--require-stripe", needs("stripe"))];
    let required = required.into_iter().filter(|(_, is_needed)| *is_needed).map(|(option, _)| option);
    let cargo = ["--", "-p", "billfold", "--release", "--test", "suite", "--", "--nocapture"];
    let arguments = required.chain(cargo).map(str::to_owned).chain(order.tests.iter().cloned()).collect();
    let begun = Instant::now();
    let ended = test::run_with(arguments, variables);
    println!("{} tests of {runs_each} runs, with their build: {}", order.tests.len(), told(begun.elapsed().as_secs()));
    ended
}

/// So many seconds, as people say it.
fn told(seconds: u64) -> String {
    format!("{} min {} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Order, String> {
        Order::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn runs_are_shared_by_the_tests_that_are_asked_for() {
        for (line, count, runs_each) in [
            ("", 4, 125),
            ("--database sqlite", 2, 250),
            ("--gateway stripe --runs 9", 2, 5),
            ("--gateway test --database postgres --runs 1 --seed 7", 1, 1),
        ] {
            let order = parse(line).unwrap();
            assert_eq!((order.tests.len(), order.runs_each()), (count, runs_each), "{line}: {order:?}");
        }
        let order = parse("--gateway test --database postgres --seed 7").unwrap();
        assert_eq!(order.tests, ["faults::postgres_agrees_with_the_test_gateway"]);
        assert_eq!(order.seed.as_deref(), Some("7"));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["--runs", "--runs 0", "--seed x", "--database oracle", "--gateway paypal", "--speed 1"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
