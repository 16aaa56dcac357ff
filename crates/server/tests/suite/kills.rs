//! `kill -9` of servers, workers and the database at random instants of random bulk jobs: every record is applied once, its job
//! counts what its records say, everything is told once, and nothing is stuck.

mod aim;
mod books;
mod clerk;
mod house;
mod order;

use std::{
    collections::HashSet,
    env,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    thread,
    time::Instant,
};

use cluster::{Durability, Server as Cluster};
use serde_json::{Value, json};
use testkit::{Dice, TestDatabase, fixtures};

use self::{
    aim::{Aim, Watch},
    books::Books,
    clerk::Clerk,
    house::{House, Kill},
    order::{Order, Stock},
};
use crate::process::{run, wait_for};

/// Names a seed; a failed run prints it.
const SEED_VARIABLE: &str = "BILLFOLD_KILLS_SEED";
/// How many runs each test has.
const RUNS_VARIABLE: &str = "BILLFOLD_KILLS_RUNS";
/// Runs of every run of the tests.
const SQLITE_RUN_COUNT: u64 = 15;
const POSTGRES_RUN_COUNT: u64 = 5;

/// Runs that share a database: reading all of it for verification takes longer with every run.
const SHOP_RUN_COUNT: u64 = 20;
/// Customers of a shop.
const CUSTOMER_COUNT: usize = 8;
/// One file in so many may be cut off where it arrives: its sender then has to wait for half a minute.
const CUT_FILE_IN: u64 = 40;
/// Sizes of chunks: small enough that most jobs have many.
const CHUNKS: &[u64] = &[20, 50, 100, 300];

#[tokio::test]
async fn sqlite_applies_every_record_once() {
    let mut aim = Aim::default();
    for seeds in shops(SQLITE_RUN_COUNT) {
        let database = TestDatabase::sqlite(&[]).await;
        (_, aim) = spend(&database, None, seeds, aim).await;
    }
    aim.assert_hit();
}

#[tokio::test]
async fn postgres_applies_every_record_once() {
    // A server of its own: it is killed as well.
    let mut cluster = match Cluster::find(Durability::None) {
        Some(started) => started.unwrap_or_else(|error| panic!("{error}")),
        None if variable(RUNS_VARIABLE).is_some() => panic!("PostgreSQL is not installed"),
        None => return eprintln!("left out: PostgreSQL is not installed"),
    };
    let mut aim = Aim::default();
    for seeds in shops(POSTGRES_RUN_COUNT) {
        let database = TestDatabase::on(cluster.url(), &[]).await;
        let left;
        (left, aim) = spend(&database, Some(cluster), seeds, aim).await;
        cluster = left.expect("the database outlives its shops");
    }
    aim.assert_hit();
}

/// The seeds of all runs, those together that share a database.
fn shops(run_count: u64) -> Vec<Vec<u64>> {
    let first = variable(SEED_VARIABLE).unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    let seeds: Vec<u64> = (first..first + variable(RUNS_VARIABLE).unwrap_or(run_count)).collect();
    seeds.chunks(usize::try_from(SHOP_RUN_COUNT).expect("a small number")).map(<[u64]>::to_vec).collect()
}

/// All runs of one database.
async fn spend(database: &TestDatabase, cluster: Option<Cluster>, seeds: Vec<u64>, aim: Aim) -> (Option<Cluster>, Aim) {
    let (url, db, runtime) = (database.url.clone(), database.db.clone(), tokio::runtime::Handle::current());
    let all = move || {
        let mut cluster = cluster;
        let mut shop = Shop::open(&url, cluster.as_mut(), Books { db, runtime }, aim, seeds[0]);
        for seed in seeds {
            println!("{SEED_VARIABLE}={seed} {RUNS_VARIABLE}=1 replays this run");
            shop.run(seed);
        }
        let aim = shop.close();
        println!("{aim}");
        (cluster, aim)
    };
    tokio::task::spawn_blocking(all).await.unwrap()
}

pub(crate) fn variable(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// Who sends the jobs, and what they are about.
struct Shop<'a> {
    database: String,
    key: String,
    books: Books,
    house: House<'a>,
    has_cluster: bool,
    customers: Vec<i64>,
    aim: Aim,
}

impl<'a> Shop<'a> {
    fn open(database: &str, cluster: Option<&'a mut Cluster>, books: Books, aim: Aim, seed: u64) -> Self {
        let create = ["account", "create", "--json", "--name", "Shop", "--database", database];
        let account = run(&[&create[..], &["--enable", "write-off-over-api"]].concat());
        let key = account["apiKey"].as_str().unwrap().to_owned();
        let has_cluster = cluster.is_some();
        let house = House::start(database, cluster, Dice::new(seed).pick(CHUNKS));
        let caller = house.caller(&key);
        caller.post("/v1/products", &fixtures::product("P", "1"));
        let customers = (0..CUSTOMER_COUNT).map(|_| caller.create_customer()).collect();
        let database = database.to_owned();
        Self { database, key, books, house, has_cluster, customers, aim }
    }

    /// A job is sent, something is killed, and everything has the end that it is to have.
    fn run(&mut self, seed: u64) {
        let (begun, mut dice, label) = (Instant::now(), Dice::new(seed), format!("r{seed}"));
        let make = |count| self.sell(&format!("for-{label}"), count);
        let order = Order::draw(&mut dice, label.clone(), &Stock { customers: &self.customers, sell: &make });
        let bears_cut = !order.is_file || dice.one_in(CUT_FILE_IN);
        let kills = Kill::draw(&mut dice, self.has_cluster, &order, bears_cut);
        println!("  {}: {kills:?}", order.describe());

        let clerk = Clerk {
            caller: self.house.caller(&self.key),
            order: &order,
            may_be_unknown: kills.iter().any(|kill| kill.is_of_database()),
        };
        let after = self.books.last_job();
        let (ended, phases) = thread::scope(|scope| {
            let clerk = scope.spawn(|| clerk.run());
            // Also when the clerk has failed, which is heard below.
            let is_over = || clerk.is_finished();
            let mut watch = Watch::new(&self.books, &order, after, &is_over, &self.aim);
            let phases = self.house.befall(&kills, &mut watch);
            (clerk.join().expect("the job has its end"), phases)
        });
        self.house.assert_alive();
        assert_results(&order, &ended);
        self.books.assert_applied_once(&order, &ended);
        self.books.assert_told_once(&order, &ended);
        self.aim.learn(&order, &kills, &phases);
        println!("  {:?}; killed during {phases:?}", begun.elapsed());
    }

    /// Makes invoices of one dollar by a job that is left in peace: each with its customer.
    fn sell(&self, reference: &str, count: usize) -> Vec<(i64, i64)> {
        let caller = self.house.caller(&self.key);
        let before: HashSet<_> = self.books.invoices().into_iter().collect();
        let row = |customer: &i64| format!("{customer},P,1,Yes\n");
        let rows: String = self.customers.iter().cycle().take(count).map(row).collect();
        let file = format!("StaxBillId,ProductCode,PurchaseQuantity,AutoFinalizePurchase\n{rows}");
        let path = format!("/v1/BulkApi/Upload?type=PurchaseImport&reference={reference}&allowRepeat=true");
        let (status, text) = caller.upload(&path, "text/csv", &file).expect("the server answers");
        assert_eq!(status, 200, "{text}");
        let id = serde_json::from_str::<Value>(&text).unwrap()["id"].clone();
        let job = format!("/v1/BulkApi/{id}");
        wait_for("the file", || (caller.get(&job)["status"] == "Validated").then_some(()));
        caller.post("/v1/BulkApi/Process", &json!({ "id": id }));
        wait_for("the invoices", || (caller.get(&job)["status"] == "Processed").then_some(()));
        let invoices: Vec<_> = self.books.invoices().into_iter().filter(|one| !before.contains(one)).collect();
        assert_eq!(invoices.len(), count);
        invoices
    }

    /// Everything that is stored twice agrees, whatever was killed.
    fn close(self) -> Aim {
        let Self { database, house, aim, .. } = self;
        drop(house);
        let verified: Value = run(&["verify", "--json", "--database", &database]);
        assert_eq!(verified["isClean"], true, "{verified}");
        aim
    }
}

/// Every record has the result that it is to have, and the job the status that follows.
fn assert_results(order: &Order, ended: &Value) {
    let (expected, records) = (order.expected(), ended["records"].as_array().unwrap());
    assert_eq!(records.len(), expected.len(), "{ended}");
    for (index, (record, expected)) in records.iter().zip(&expected).enumerate() {
        assert_eq!(record["status"], expected.status, "record {index}: {record}");
        let is_good = expected.status == "Processed";
        assert_eq!(record["details"].is_null(), is_good, "record {index}: {record}");
    }
    let has_failed = expected.iter().any(|expected| expected.status == "FailedProcessing");
    let status = if has_failed { "ProcessedWithErrors" } else { "Processed" };
    assert_eq!((&ended["status"], &ended["totalRecords"]), (&json!(status), &json!(expected.len())));
}
