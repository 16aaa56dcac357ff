//! The random operations of the tests, as many as are asked for.

use std::process::ExitCode;

use crate::test;

/// Names what is drawn; the tests print it when something is wrong.
const SEED_VARIABLE: &str = "BILLFOLD_RANDOM_SEED";
/// Names how much is drawn.
const OPERATIONS_VARIABLE: &str = "BILLFOLD_RANDOM_OPERATIONS";
const OPERATIONS: &str = "10000";

/// Runs them on both databases against the model, then `verify` and Beancount.
pub(crate) fn run(mut arguments: impl Iterator<Item = String>) -> ExitCode {
    let mut variables = vec![(OPERATIONS_VARIABLE, OPERATIONS.to_owned())];
    while let Some(option) = arguments.next() {
        let variable = match option.as_str() {
            "--operations" => OPERATIONS_VARIABLE,
            "--seed" => SEED_VARIABLE,
            other => return wrong(&format!("unknown option {other}")),
        };
        let Some(value) = arguments.next() else { return wrong(&format!("{option} needs a value")) };
        variables.retain(|(name, _)| *name != variable);
        variables.push((variable, value));
    }
    let arguments = ["-p", "app", "--release", "--test", "suite", "--", "random::", "--nocapture"];
    test::run_with(arguments.map(str::to_owned).to_vec(), variables)
}

fn wrong(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::from(2)
}
