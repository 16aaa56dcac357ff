//! Project tasks, run as `cargo xtask TASK`.

mod beancount;
mod bench;
mod faults;
mod kills;
mod localstripe;
mod openapi;
mod python;
mod random;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask test [--require-postgres] [--require-stripe] [-- ARGUMENTS]
       cargo xtask random [--operations N] [--seed SEED]
       cargo xtask faults [--runs N] [--seed SEED] [--database sqlite|postgres] [--gateway test|stripe]
       cargo xtask kills [--runs N] [--seed SEED] [--database sqlite|postgres]
       cargo xtask bench bulk-create [--seconds N] [--connections N] [--rounds N] [--database sqlite|postgres]
       cargo xtask bench bulk-write-off [--records N] [--database sqlite|postgres]
       cargo xtask bench interactive-while-bulk [--records N] [--rate N] [--database sqlite|postgres]
       cargo xtask openapi

  test      runs all tests on SQLite and on a PostgreSQL server of their own, which is installed if need be;
            without that server only on SQLite, or not at all with --require-postgres; the payment gateway for
            Stripe against localstripe, if Python and its package index can be had or with --require-stripe;
            ARGUMENTS go to `cargo test`, such as `-p db` or `--test suite`
  random    runs random operations of several clients against a model, on both databases; a seed that a failed run
            printed replays it
  faults    pays through servers that are killed and gateways that do not answer, then compares the books with what the
            gateways say; 500 runs when absent; a seed that a failed run printed replays it
  kills     does bulk jobs with processes that are killed at random instants: a server on SQLite; a server, three workers
            and the database on PostgreSQL; 1,000 and 200 runs when absent; a seed that a failed run printed replays it
  bench     measures the released product against the bare floor (docs/benchmarks.md)
  openapi   writes docs/openapi.json, the document of the interface";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("test") => test::run(arguments.collect()),
        Some("random") => random::run(arguments),
        Some("faults") => faults::run(arguments),
        Some("kills") => kills::run(arguments),
        Some("bench") => bench::run(arguments),
        Some("openapi") => openapi::run(),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
