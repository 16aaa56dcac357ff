//! Bulk jobs with processes that are killed at random instants, as often as is asked for.

use std::process::ExitCode;

use crate::test;

/// Names what is drawn in the first run; the next one has the next number.
const SEED_VARIABLE: &str = "BILLFOLD_KILLS_SEED";
/// Names how many runs there are.
const RUNS_VARIABLE: &str = "BILLFOLD_KILLS_RUNS";

/// As they are asked for, with the runs of each when nobody says how many.
const DATABASES: [(&str, u64); 2] = [("sqlite", 1_000), ("postgres", 200)];

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Order {
    runs: Option<u64>,
    seed: Option<u64>,
    database: Option<&'static str>,
}

impl Order {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut order = Self::default();
        while let Some(option) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{option} needs a value"))?;
            let cannot = || format!("{option} cannot be `{value}`");
            match option.as_str() {
                "--runs" => order.runs = Some(value.parse().ok().filter(|runs| *runs > 0).ok_or_else(cannot)?),
                "--seed" => order.seed = Some(value.parse().map_err(|_| cannot())?),
                "--database" => {
                    let known = DATABASES.into_iter().find(|(name, _)| *name == value);
                    order.database = Some(known.ok_or_else(cannot)?.0);
                }
                other => return Err(format!("unknown option {other}")),
            }
        }
        Ok(order)
    }

    /// Each database with its runs.
    fn runs(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let is_asked = |name: &str| self.database.is_none_or(|asked| asked == name);
        DATABASES
            .into_iter()
            .filter(move |(name, _)| is_asked(name))
            .map(|(name, runs)| (name, self.runs.unwrap_or(runs)))
    }
}

/// Runs them, one database after the other, with the released program.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
    let order = match Order::parse(arguments) {
        Ok(order) => order,
        Err(reason) => {
            eprintln!("{reason}");
            return ExitCode::from(2);
        }
    };
    for (database, runs) in order.runs() {
        let mut variables = vec![(RUNS_VARIABLE, runs.to_string())];
        variables.extend(order.seed.map(|seed| (SEED_VARIABLE, seed.to_string())));
        let test = format!("kills::{database}_applies_every_record_once");
        let cargo = ["--release", "-p", "billfold", "--test", "suite", "--", "--nocapture", "--exact", &test];
        let ended = test::run_with(cargo.map(str::to_owned).to_vec(), variables);
        if ended != ExitCode::SUCCESS {
            return ended;
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Order, String> {
        Order::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn each_database_has_its_runs() {
        for (line, runs) in [
            ("", &[("sqlite", 1_000), ("postgres", 200)][..]),
            ("--runs 7", &[("sqlite", 7), ("postgres", 7)]),
            ("--database postgres", &[("postgres", 200)]),
            ("--database sqlite --seed 3 --runs 1", &[("sqlite", 1)]),
        ] {
            assert_eq!(parse(line).unwrap().runs().collect::<Vec<_>>(), runs, "{line}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["--runs", "--runs 0", "--seed x", "--database oracle", "--speed 1"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
