//! Benchmarks: floor and product on this machine, one after the other (docs/benchmarks.md).

mod bulk_create;
mod interactive;
mod load;
mod report;
mod server;
mod shop;
mod write_offs;

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};

use cluster::machine;
use cluster::{self, Durability};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "sqlite" => Some(Self::Sqlite),
            "postgres" => Some(Self::Postgres),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Reads `--name value` pairs; `set` says whether it knows the name and likes the value.
fn options(
    mut arguments: impl Iterator<Item = String>,
    mut set: impl FnMut(&str, &str) -> Option<Result<(), ()>>,
) -> Result<(), String> {
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match set(&name, &value) {
            None => return Err(format!("there is no option {name}")),
            Some(Err(())) => return Err(format!("{name} cannot be `{value}`")),
            Some(Ok(())) => {}
        }
    }
    Ok(())
}

/// Puts a value in its place, if there is one.
fn put<T>(place: &mut T, value: Option<T>) -> Result<(), ()> {
    *place = value.ok_or(())?;
    Ok(())
}

fn positive<T: std::str::FromStr + PartialOrd + From<u8>>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number| *number >= T::from(1))
}

/// Runs a benchmark; fails when something failed, and because of a time only where one is promised.
pub(crate) fn run(mut arguments: impl Iterator<Item = String>) -> ExitCode {
    let name = arguments.next();
    let outcome = match name.as_deref() {
        Some("bulk-create") => {
            bulk_create::Options::parse(arguments).map(|options| measured(bulk_create::run(&options)))
        }
        Some("bulk-write-off") => {
            write_offs::Options::parse(arguments).map(|options| measured(write_offs::run(&options)))
        }
        Some("interactive-while-bulk") => {
            interactive::Options::parse(arguments).map(|options| measured(interactive::run(&options)))
        }
        other => Err(format!(
            "there is no benchmark `{}`, only `bulk-create`, `bulk-write-off` and `interactive-while-bulk`",
            other.unwrap_or_default()
        )),
    };
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(reason)) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(2)
        }
    }
}

fn measured(work: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(until_interrupted(work))
}

/// An interruption ends the servers as well: they go with the future.
async fn until_interrupted<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let receive = |kind| signal(kind).map_err(|error| format!("signals cannot be received: {error}"));
    let (mut interrupt, mut terminate) = (receive(SignalKind::interrupt())?, receive(SignalKind::terminate())?);
    tokio::select! {
        result = work => result,
        _ = interrupt.recv() => Err("interrupted".to_owned()),
        _ = terminate.recv() => Err("interrupted".to_owned()),
    }
}

/// Both programs as they are released, and a place for their data.
struct Place {
    programs: PathBuf,
    directory: TempDir,
    cluster: Option<cluster::Server>,
}

impl Place {
    fn new(database: Database) -> Result<Self, String> {
        let programs = build()?;
        // Beside the programs and not in a temporary directory, which may be memory: commits must reach a disk.
        let directory = TempDir::with_prefix_in("bench-", &programs).map_err(|error| error.to_string())?;
        let cluster = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(cluster::Server::start(Durability::Full)?),
        };
        Ok(Self { programs, directory, cluster })
    }

    fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The URL of a database: a file of that name, or the one of the cluster, in which all have tables of their own.
    fn url(&self, name: &str) -> String {
        let file = || format!("sqlite:{}", self.directory.path().join(name).display());
        self.cluster.as_ref().map_or_else(file, cluster::Server::url)
    }
}

/// Builds both programs; where they are.
fn build() -> Result<PathBuf, String> {
    let cargo = || Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    machine::run(cargo().args(["build", "--release", "-p", "billfold", "-p", "bench"]))?;
    let metadata = machine::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]));
    let metadata: serde_json::Value =
        metadata.and_then(|text| serde_json::from_str(&text).ok()).ok_or("cargo metadata cannot be read")?;
    let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target directory")?;
    Ok(PathBuf::from(target).join("release"))
}
