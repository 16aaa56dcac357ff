//! Project tasks, run as `cargo xtask TASK`.

mod machine;
mod postgres;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask test [-- ARGUMENTS]

  test   runs all tests on SQLite and on a PostgreSQL server of their own, which is installed if need be;
         ARGUMENTS go to `cargo test`, such as `-p db` or `--test suite`";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("test") => test::run(arguments.skip_while(|argument| argument == "--").collect()),
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
