//! The whole set-up and the whole run of the tests.

use std::env;
use std::process::ExitCode;

use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::postgres::{Durability, Server};

/// Names the server to the tests; set by the user, it is used instead of one of our own.
const SERVER_VARIABLE: &str = "BILLFOLD_TEST_POSTGRES";

/// Runs `cargo test` with the given arguments and answers with its exit status.
pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(run_with_server(arguments)),
        Err(error) => failure(&error.to_string()),
    }
}

async fn run_with_server(arguments: Vec<String>) -> ExitCode {
    // From here on an interruption ends the tests, not this program, which has a server to stop.
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return failure("signals cannot be received");
    };
    let server = match env::var_os(SERVER_VARIABLE) {
        Some(_) => None,
        None => start_server(),
    };
    let mut cargo = cargo_test(&arguments, server.as_ref());
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

fn start_server() -> Option<Server> {
    match Server::start(Durability::None) {
        Ok(server) => Some(server),
        Err(reason) => {
            eprintln!("PostgreSQL is missing: {reason}");
            eprintln!("left out: every test of PostgreSQL; the same tests run on SQLite");
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
