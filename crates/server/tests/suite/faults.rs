//! Servers that are killed, gateways that do not answer, lines that are cut: in the end the books are what the gateway has
//! in its own list, and every request has one effect and one answer.

mod books;
mod client;
mod line;
mod order;
mod trouble;

use std::{
    env,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    thread,
    time::Duration,
};

use serde_json::Value;
use testkit::{Dice, StripeLine, TestDatabase, fixtures, on_postgres};

use self::{
    books::Books,
    client::{Answer, answered, send_all},
    line::Line,
    order::{Desk, Order},
    trouble::Trouble,
};
use crate::process::{Server, run};

/// Names a seed; a failed run prints it.
const SEED_VARIABLE: &str = "BILLFOLD_FAULTS_SEED";
/// How many runs each test has.
const RUNS_VARIABLE: &str = "BILLFOLD_FAULTS_RUNS";
/// Enough to come upon most troubles, and few enough for every run of the tests.
const RUN_COUNT: u64 = 10;

/// Orders of a run, each of a client of its own or of two that say the same.
const ORDER_COUNT_MAX: u64 = 4;
/// After this time a worker asks the gateway what became of a payment.
const LEASE_MS: &str = "500";

// One test for each, so that they take their time together, and so that one can be asked for by its name.

#[tokio::test]
async fn sqlite_agrees_with_the_test_gateway() {
    agree(&TestDatabase::sqlite(&[]).await, Some(Line::test())).await;
}

#[tokio::test]
async fn sqlite_agrees_with_stripe() {
    agree(&TestDatabase::sqlite(&[]).await, StripeLine::find().map(Line::stripe)).await;
}

#[tokio::test]
async fn postgres_agrees_with_the_test_gateway() {
    on_postgres(&[], async |database| agree(database, Some(Line::test())).await).await;
}

#[tokio::test]
async fn postgres_agrees_with_stripe() {
    on_postgres(&[], async |database| agree(database, StripeLine::find().map(Line::stripe)).await).await;
}

/// Runs with seed after seed, on one database; nothing where there is no such gateway.
async fn agree(database: &TestDatabase, line: Option<Line>) {
    let Some(line) = line else { return };
    let first = variable(SEED_VARIABLE).unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    let count = variable(RUNS_VARIABLE).unwrap_or(RUN_COUNT);
    let (url, db, runtime) = (database.url.clone(), database.db.clone(), tokio::runtime::Handle::current());
    let all = move || {
        let mut shop = Shop::open(&url, line, Books { db, runtime });
        for seed in first..first + count {
            println!("{SEED_VARIABLE}={seed} {RUNS_VARIABLE}=1 replays this run");
            shop.run(seed);
        }
        shop.close();
    };
    tokio::task::spawn_blocking(all).await.unwrap();
}

fn variable(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// A shop that is served by a process with a gateway.
struct Shop {
    database: String,
    key: String,
    books: Books,
    line: Line,
    server: Option<Server>,
    desk: Desk,
}

impl Shop {
    fn open(database: &str, line: Line, books: Books) -> Self {
        let account = run(&["account", "create", "--json", "--name", "Shop", "--database", database]);
        let key = account["apiKey"].as_str().unwrap().to_owned();
        books.add_gateway(account["accountId"].as_i64().unwrap(), &line);
        let server = serve(database, &line);
        let product = server.caller(&key).post("/v1/products", &fixtures::product("P", "0.01"))["id"].clone();
        let desk = Desk::new(product.as_i64().unwrap());
        Self { database: database.to_owned(), key, books, line, server: Some(server), desk }
    }

    /// Clients order, something goes wrong, and everything has an end.
    fn run(&mut self, seed: u64) {
        let mut dice = Dice::new(seed);
        let server = self.server.take().unwrap_or_else(|| serve(&self.database, &self.line));
        let caller = server.caller(&self.key);
        let count = dice.below(ORDER_COUNT_MAX) + 1;
        let orders: Vec<Order> = (0..count).map(|_| self.desk.draw(&mut dice, &caller, &self.line)).collect();
        let trouble = Trouble::draw(&mut dice, &self.line);
        println!("  {trouble:?}: {}", orders.iter().map(Order::describe).collect::<Vec<_>>().join(", "));

        let clients: Vec<_> = orders.iter().flat_map(|order| (0..order.client_count).map(move |_| order)).collect();
        let server = send_all(server, &self.key, &clients, |server, progress| {
            trouble.befall(server, progress, &self.line, &self.books)
        });
        let server = server.unwrap_or_else(|| serve(&self.database, &self.line));
        self.line.mend();

        let caller = server.caller(&self.key);
        let answers: Vec<Answer> = orders.iter().map(|order| answered(&caller, order)).collect();
        self.books.wait_until_nothing_is_open();
        for (order, answer) in orders.iter().zip(&answers) {
            assert_eq!(answered(&caller, order), *answer, "the same request is answered otherwise: {order:?}");
            self.assert_one_effect(order, answer);
        }
        self.books.assert_agree(&self.line);
        self.server = Some(server);
    }

    /// What an order was answered is what its gateway did.
    fn assert_one_effect(&self, order: &Order, answer: &Answer) {
        let moved = if order.is_refund() { self.line.refunded() } else { self.line.charged() };
        let of_order = moved.iter().filter(|(_, cents)| *cents == order.cents).count();
        match (answer.status, order.tolerates_failure) {
            (200, true) => assert!(of_order <= 1, "{of_order} times: {order:?} {answer:?}"),
            (200, false) => assert_eq!(of_order, 1, "{order:?} {answer:?}"),
            _ => assert_eq!(of_order, 0, "{order:?} {answer:?}"),
        }
    }

    fn close(mut self) {
        drop(self.server.take());
        let verified: Value = run(&["verify", "--json", "--database", &self.database]);
        assert_eq!(verified["isClean"], true, "{verified}");
    }
}

fn serve(database: &str, line: &Line) -> Server {
    let vault = line.vault_key_file();
    let journal = line.journal();
    let mut options = vec!["--collection-lease-ms", LEASE_MS, "--vault-key-file", &vault];
    options.extend(journal.iter().flat_map(|journal| ["--test-gateway-file", journal]));
    Server::start_with(database, &options)
}

/// Looks again in a moment.
fn pause() {
    thread::sleep(Duration::from_millis(2));
}
