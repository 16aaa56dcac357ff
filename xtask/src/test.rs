//! The whole set-up and the whole run of the tests.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use cluster::{Durability, Server, machine};

use crate::{beancount, localstripe};

/// Names the server to the tests; set by the user, it is used instead of one of our own.
const SERVER_VARIABLE: &str = "BILLFOLD_TEST_POSTGRES";
/// Names the directory of Beancount's programs to the tests; set by the user, nothing is installed.
const BEANCOUNT_VARIABLE: &str = "BILLFOLD_TEST_BEANCOUNT";
/// Names a localstripe to the tests; set by the user, it is used instead of one of our own.
const STRIPE_VARIABLE: &str = "BILLFOLD_TEST_STRIPE";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    /// Fail without PostgreSQL, instead of leaving its tests out.
    requires_postgres: bool,
    /// Fail without localstripe.
    requires_stripe: bool,
    /// For `cargo test`.
    arguments: Vec<String>,
}

impl Order {
    /// Our own options come first; a `--` ends them.
    fn parse(arguments: impl Iterator<Item = String>) -> Self {
        let mut arguments = arguments.peekable();
        let (mut requires_postgres, mut requires_stripe) = (false, false);
        loop {
            if arguments.next_if(|argument| argument == "--require-postgres").is_some() {
                requires_postgres = true;
            } else if arguments.next_if(|argument| argument == "--require-stripe").is_some() {
                requires_stripe = true;
            } else {
                break;
            }
        }
        let arguments = arguments.skip_while(|argument| argument == "--").collect();
        Self { requires_postgres, requires_stripe, arguments }
    }
}

/// Runs `cargo test` with the given arguments and answers with its exit status.
pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    run_with(arguments, Vec::new())
}

/// Runs `cargo test` with the given arguments and more variables for the tests.
pub(crate) fn run_with(arguments: Vec<String>, variables: Vec<(&'static str, String)>) -> ExitCode {
    let order = Order::parse(arguments.into_iter());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(run_with_server(order, variables)),
        Err(error) => failure(&error.to_string()),
    }
}

async fn run_with_server(order: Order, variables: Vec<(&'static str, String)>) -> ExitCode {
    let Order { requires_postgres, requires_stripe, arguments } = order;
    // From here on an interruption ends the tests, not this program, which has a server to stop.
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return failure("signals cannot be received");
    };
    // An empty name is none, as the tests see it.
    let server = match env::var_os(SERVER_VARIABLE).filter(|url| !url.is_empty()) {
        Some(_) => None,
        None => match Server::start(Durability::None) {
            Ok(server) => Some(server),
            Err(reason) if requires_postgres => return failure(&missing(&reason, "nothing was tested")),
            Err(reason) => {
                eprintln!("{}", missing(&reason, "left out: every test of PostgreSQL; the same tests run on SQLite"));
                None
            }
        },
    };
    let stripe = match start_stripe(requires_stripe) {
        Ok(stripe) => stripe,
        Err(reason) => return failure(&reason),
    };
    if let Err(reason) = machine::require("pdftotext", "poppler-utils") {
        eprintln!("pdftotext is missing: {reason}");
        eprintln!("left out: reading the text of PDF files back; everything else of those tests is run");
    }
    let mut cargo = cargo_test(&arguments, server.as_ref());
    if let Some(stripe) = &stripe {
        cargo.env(STRIPE_VARIABLE, stripe.url());
    }
    if env::var_os(BEANCOUNT_VARIABLE).is_none()
        && let Some(programs) = set_up_beancount()
    {
        cargo.env(BEANCOUNT_VARIABLE, programs);
    }
    cargo.envs(variables);
    let mut tests = match cargo.spawn() {
        Ok(tests) => tests,
        Err(error) => return failure(&format!("cargo cannot be run: {error}")),
    };
    tokio::select! {
        ended = tests.wait() => match ended {
            Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
            Err(error) => failure(&error.to_string()),
        },
        _ = interrupt.recv() => interrupted(tests).await,
        _ = terminate.recv() => interrupted(tests).await,
    }
}

fn missing(reason: &str, consequence: &str) -> String {
    format!("PostgreSQL is missing: {reason}\n{consequence}")
}

/// None when the user has one, or when there is to be none.
fn start_stripe(is_required: bool) -> Result<Option<localstripe::Server>, String> {
    if env::var_os(STRIPE_VARIABLE).is_some_and(|url| !url.is_empty()) {
        return Ok(None);
    }
    match localstripe::Server::start() {
        Ok(stripe) => Ok(Some(stripe)),
        Err(reason) if is_required => Err(format!("localstripe is missing: {reason}\nnothing was tested")),
        Err(reason) => {
            eprintln!("localstripe is missing: {reason}");
            eprintln!("left out: every test of the payment gateway for Stripe");
            Ok(None)
        }
    }
}

fn set_up_beancount() -> Option<PathBuf> {
    match beancount::set_up() {
        Ok(programs) => Some(programs),
        Err(reason) => {
            eprintln!("Beancount is missing: {reason}");
            eprintln!("left out: Beancount's own check of exported journals; everything else of those tests is run");
            None
        }
    }
}

fn cargo_test(arguments: &[String], server: Option<&Server>) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg("test");
    let names_packages = |argument: &String| argument.starts_with("-p") || argument.starts_with("--package");
    if !arguments.iter().any(names_packages) {
        cargo.arg("--workspace");
    }
    cargo.args(arguments);
    if let Some(server) = server {
        cargo.env(SERVER_VARIABLE, server.url());
    }
    cargo
}

async fn interrupted(mut tests: tokio::process::Child) -> ExitCode {
    // An error means that they have ended by themselves, as after ctrl-c on a terminal.
    let _ = tests.kill().await;
    ExitCode::from(130)
}

fn failure(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_option_is_told_from_those_of_cargo() {
        for (line, requires_postgres, requires_stripe, rest) in [
            ("", false, false, ""),
            ("--require-postgres", true, false, ""),
            ("--require-stripe --require-postgres", true, true, ""),
            ("--require-postgres -- -p db", true, false, "-p db"),
            ("--require-stripe -- -p db", false, true, "-p db"),
            ("-- -p db", false, false, "-p db"),
            ("-p db -- --require-postgres", false, false, "-p db -- --require-postgres"),
            ("-- --require-postgres", false, false, "--require-postgres"),
        ] {
            let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let expected = Order { requires_postgres, requires_stripe, arguments: words(rest) };
            assert_eq!(Order::parse(words(line).into_iter()), expected, "{line}");
        }
    }
}
