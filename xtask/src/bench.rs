//! Benchmarks: floor and product on this machine, one after the other, several times (docs/benchmarks.md).

mod load;
mod report;
mod server;
mod shop;

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};

use self::load::Load;
use self::report::Round;
use self::server::Server;
use self::shop::Shop;
use crate::machine;
use crate::postgres::{self, Durability};

/// Before the first round, so that caches and files are warm.
const WARM_UP: Duration = Duration::from_secs(1);

/// What is measured, and how.
struct Options {
    seconds: u64,
    connections: u32,
    rounds: u32,
    database: Database,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    Sqlite,
    Postgres,
}

impl Options {
    /// Reads `bulk-create [--seconds N] [--connections N] [--rounds N] [--database sqlite|postgres]`.
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        match arguments.next().as_deref() {
            Some("bulk-create") => {}
            other => return Err(format!("there is no benchmark `{}`, only `bulk-create`", other.unwrap_or_default())),
        }
        let mut options = Self { seconds: 5, connections: 64, rounds: 3, database: Database::Sqlite };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            let wrong = || format!("{name} cannot be `{value}`");
            match name.as_str() {
                "--seconds" => options.seconds = positive(&value).ok_or_else(wrong)?,
                "--connections" => options.connections = positive(&value).ok_or_else(wrong)?,
                "--rounds" => options.rounds = positive(&value).ok_or_else(wrong)?,
                "--database" => {
                    options.database = match value.as_str() {
                        "sqlite" => Database::Sqlite,
                        "postgres" => Database::Postgres,
                        _ => return Err(wrong()),
                    }
                }
                _ => return Err(format!("there is no option {name}")),
            }
        }
        Ok(options)
    }
}

fn positive<T: std::str::FromStr + PartialOrd + From<u8>>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number| *number >= T::from(1))
}

/// Runs a benchmark; fails when something failed, never because of a time.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> ExitCode {
    let options = match Options::parse(arguments) {
        Ok(options) => options,
        Err(reason) => {
            eprintln!("{reason}");
            return ExitCode::from(2);
        }
    };
    let measured = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(until_interrupted(measure(&options))));
    match measured {
        Ok(rounds) => {
            report::print(&options, &rounds);
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
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

async fn measure(options: &Options) -> Result<Vec<Round>, String> {
    load::require_wrk()?;
    let programs = build()?;
    // Beside the programs and not in a temporary directory, which may be memory: commits must reach a disk.
    let directory = TempDir::with_prefix_in("bench-", &programs).map_err(|error| error.to_string())?;
    let file = |name: &str| format!("sqlite:{}", directory.path().join(name).display());
    let cluster = match options.database {
        Database::Sqlite => None,
        Database::Postgres => Some(postgres::Server::start(Durability::Full)?),
    };
    let url = |name| cluster.as_ref().map_or_else(|| file(name), postgres::Server::url);

    let key = shop::create_account(&programs.join("billfold"), &url("product.db"))?;
    let floor = Server::start(&programs.join("floor"), &[&url("floor.db")]).await?;
    let product = ["serve", "--database", &url("product.db"), "--listen", "127.0.0.1:0"];
    let product = Server::start(&programs.join("billfold"), &product).await?;
    let shop = Shop::open(&product.url, key)?;

    let floor = Load::new(directory.path(), "floor", &floor.url, &Shop::floor())?;
    let product = Load::new(directory.path(), "product", &product.url, &shop)?;
    for load in [&floor, &product] {
        load.check()?;
        load.run(options.connections, WARM_UP).await?;
    }
    let mut rounds = Vec::new();
    for _ in 0..options.rounds {
        let seconds = Duration::from_secs(options.seconds);
        let floor = floor.run(options.connections, seconds).await?;
        rounds.push(Round { floor, product: product.run(options.connections, seconds).await? });
    }
    Ok(rounds)
}

/// Builds both programs as they are released; where they are.
fn build() -> Result<PathBuf, String> {
    let cargo = || Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    machine::run(cargo().args(["build", "--release", "-p", "billfold", "-p", "bench"]))?;
    let metadata = machine::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]));
    let metadata: serde_json::Value =
        metadata.and_then(|text| serde_json::from_str(&text).ok()).ok_or("cargo metadata cannot be read")?;
    let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target directory")?;
    Ok(PathBuf::from(target).join("release"))
}
