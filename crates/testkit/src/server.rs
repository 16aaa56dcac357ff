//! The whole server in the test's own process, without sockets, on a clock that only the test moves.

use std::{
    hash::{BuildHasher as _, Hasher as _, RandomState},
    sync::Arc,
    time::Duration,
};

use api::{Config, Limits, wire::path::NormalisePath};
use app::{App, Tx, accounts, bulk, gateways::add};
use axum::Router;
use billing::{gateway::GatewayKind, id::AccountId, instrument::SecretString};
use calendar::{Clock, ClockHand, Instant, Zone};
use gateway::test::TestGateway;
use jobs::Worker;
use money::Currency;
use store::verify::ChainRow;

use crate::{Client, TestDatabase, each_database, gateways, log};

/// When every test server starts.
pub const START: &str = "2024-01-15T10:00:00";

/// Where every test server believes to be reached.
pub const BASE_URL: &str = "https://billing.test";

/// More requests than any test makes.
const UNLIMITED: Limits = Limits { per_minute: 1_000_000, per_day: 1_000_000 };

/// The frame of test servers, to be changed by tests of the frame.
pub fn config() -> Config {
    Config {
        pdf_per_minute: i64::MAX,
        base_url: Some(BASE_URL.to_owned()),
        limits: UNLIMITED,
        body_bytes_max: 1 << 20,
        body_time_max: Duration::from_mins(1),
        // However slow the machine is, a small job has ended when its call is answered.
        bulk: bulk::Limits { wait_max: Duration::from_secs(30), ..bulk::Limits::default() },
    }
}

/// How long the test gateway takes for a slow answer.
const GATEWAY_PAUSE: Duration = Duration::from_millis(50);

/// A server with its bulk worker.
pub struct TestServer {
    /// Moves the time of the server.
    pub clock: ClockHand,
    /// What the server acts through.
    pub app: App,
    /// The test gateway that all its accounts use which have one.
    pub gateway: Arc<TestGateway>,
    service: NormalisePath<Router>,
    worker: Worker,
}

/// An account with its first key.
#[derive(Debug, Clone)]
pub struct TestAccount {
    /// Its id.
    pub id: i64,
    /// The secret within the key.
    pub secret: String,
    /// The key, as its owner is shown it.
    pub key: String,
}

/// Runs a test on a new server on each database.
pub async fn each_server(test: impl AsyncFn(&TestServer)) {
    each_database(store::MIGRATIONS, async |database| {
        let server = TestServer::start(database, config());
        test(&server).await;
        server.stop().await;
    })
    .await;
}

/// Runs a test on a new server on the embedded database: for what no database can change.
pub async fn on_server(config: Config, test: impl AsyncFn(&TestServer)) {
    let database = TestDatabase::sqlite(store::MIGRATIONS).await;
    let server = TestServer::start(&database, config);
    test(&server).await;
    server.stop().await;
}

impl TestServer {
    /// Starts at [`START`] on a migrated database.
    pub fn start(database: &TestDatabase, config: Config) -> Self {
        log::listen();
        let (clock, hand) = Clock::fixed(Instant::parse(START).expect("a valid instant"));
        let gateway = Arc::new(TestGateway::in_memory().pausing(GATEWAY_PAUSE));
        let app = App::new(database.db.clone(), clock).with_gateways(gateways::gateways(&gateway));
        let worker = bulk::start_worker(&app, api::record_parser(), config.bulk);
        Self { clock: hand, service: api::service(app.clone(), config), app, gateway, worker }
    }

    /// Ends the worker after its transaction. Fails the test when the log has the number of a card or bank account.
    pub async fn stop(self) {
        self.worker.stop().await;
        log::assert_has_no_number();
    }

    /// A caller without a key.
    pub fn anonymous(&self) -> Client {
        Client::new(self.service.clone())
    }

    /// A caller who presents a key the usual way.
    pub fn client(&self, key: &str) -> Client {
        self.anonymous().with("authorization", &format!("Basic {key}"))
    }

    /// The owner of a new account.
    pub async fn shop(&self) -> Client {
        self.client(&self.account().await.key)
    }

    /// The owner of a new account that charges and stores through the test gateway.
    pub async fn shop_with_gateway(&self) -> Client {
        let account = self.account().await;
        self.add_gateway(&account).await;
        self.client(&account.key)
    }

    /// Every line of an account's ledger: when, what, debit, credit, amount; customer by customer.
    pub async fn ledger(&self, account: &TestAccount) -> Vec<String> {
        let id = AccountId(account.id);
        let read = move |tx: &mut Tx<'_>| {
            let mut lines = Vec::new();
            store::verify::each_chain_row(tx, id, |row| {
                let ChainRow::Line(head, _, Some(line)) = row else { return };
                let (at, kind) = (head.effective_at, head.kind);
                lines.push(format!("{at} {kind}: {} / {} {}", line.debit, line.credit, line.amount));
            })?;
            Ok::<_, app::Error>(lines)
        };
        self.app.db().read(read).await.expect("the ledger can be read")
    }

    /// Fails the test unless everything that is stored twice in an account agrees.
    pub async fn assert_clean(&self, account: &TestAccount) {
        let id = AccountId(account.id);
        let report = self.app.db().read(move |tx| app::verify::run(tx, id)).await.expect("the account can be read");
        let wrong: Vec<_> = report.disagreements().collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    /// Gives an account the test gateway, for every currency.
    pub async fn add_gateway(&self, account: &TestAccount) {
        self.add(account, GatewayKind::Test, None, None).await;
    }

    /// Gives an account the Stripe that is reached at `url`, for every currency.
    pub async fn add_stripe(&self, account: &TestAccount, url: String) {
        let secret = SecretString::from(gateways::STRIPE_KEY);
        self.add(account, GatewayKind::Stripe, Some(secret), Some(url)).await;
    }

    async fn add(
        &self,
        account: &TestAccount,
        kind: GatewayKind,
        secret: Option<SecretString>,
        base_url: Option<String>,
    ) {
        let (id, now, gateways) = (AccountId(account.id), self.app.now(), Arc::clone(self.app.gateways()));
        let order = add::Order { kind, currency: None, secret, webhook_secret: None, base_url };
        let added = self.app.db().write(move |tx| add::run(tx, &gateways, id, &order, now)).await;
        added.expect("a gateway can be added");
    }

    /// A new account in US dollars and UTC that may write off over the API.
    pub async fn account(&self) -> TestAccount {
        self.account_of(true).await
    }

    /// A new account in US dollars and UTC.
    pub async fn account_of(&self, may_write_off: bool) -> TestAccount {
        let (secret, now) = (new_secret(), self.app.now());
        let key = api::key_of(&secret);
        let order = accounts::create::Order {
            name: "Shop".to_owned(),
            currency: Currency::USD,
            zone: Zone::utc(),
            may_write_off,
            may_reuse_references: false,
            drafts_invoices: false,
        };
        let own = key.clone();
        let created = self.app.db().write(move |tx| accounts::create::run(tx, &order, &own, now)).await;
        TestAccount { id: created.expect("an account can be created").0, secret, key }
    }
}

/// 64 characters, as in real keys; chance enough for a test. The letter at the beginning gives the key its familiar `MDp`.
fn new_secret() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("s{:016x}{:016x}{:016x}{:015x}", word(), word(), word(), word() >> 4)
}
