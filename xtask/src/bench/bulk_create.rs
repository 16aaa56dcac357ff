//! `BulkCreate` of four drafts: requests a second, rounds of floor and product in turn.

use std::time::Duration;

use super::load::Load;
use super::report::{self, Round};
use super::server::Server;
use super::shop::{self, Shop};
use super::{Database, Place, options, positive, put};
use cluster::machine;

/// Before the first round, so that caches and files are warm.
const WARM_UP: Duration = Duration::from_secs(1);

/// What is measured, and how.
pub(super) struct Options {
    pub(super) seconds: u64,
    pub(super) connections: u32,
    pub(super) rounds: u32,
    pub(super) database: Database,
}

impl Options {
    /// Reads `[--seconds N] [--connections N] [--rounds N] [--database sqlite|postgres]`.
    pub(super) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut found = Self { seconds: 5, connections: 64, rounds: 3, database: Database::Sqlite };
        options(arguments, |name, value| match name {
            "--seconds" => Some(put(&mut found.seconds, positive(value))),
            "--connections" => Some(put(&mut found.connections, positive(value))),
            "--rounds" => Some(put(&mut found.rounds, positive(value))),
            "--database" => Some(put(&mut found.database, Database::parse(value))),
            _ => None,
        })?;
        Ok(found)
    }
}

pub(super) async fn run(options: &Options) -> Result<(), String> {
    machine::require("wrk", "wrk")?;
    let place = Place::new(options.database)?;
    let key = shop::create_account(&place.program("billfold"), &place.url("product.db"), &[])?;
    let floor = Server::start(&place.program("floor"), &[&place.url("floor.db")]).await?;
    let product = ["serve", "--database", &place.url("product.db"), "--listen", "127.0.0.1:0"];
    let product = Server::start(&place.program("billfold"), &product).await?;
    let shop = Shop::open(&product.url, key)?;

    let directory = place.directory.path();
    let floor = Load::new(directory, "floor", &floor.url, &Shop::floor())?;
    let product = Load::new(directory, "product", &product.url, &shop)?;
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
    report::print(options, &rounds);
    Ok(())
}
