//! A merchant with an empty database and a clock that stands still, to act upon through the commands of the crate.

use std::{sync::Arc, time::Duration};

use app::{
    App, Error, Tx, accounts,
    customers::{self, activate},
    gateways::{Gateways, Settings, add},
    products,
    purchases::{bulk_create, finalize},
};
use billing::{
    account::Session,
    earning::{EarningSettings, EarningTimingInterval},
    gateway::GatewayKind,
    id::{AccountId, CustomerId, InvoiceId, ProductId, PurchaseId},
    instrument::SecretString,
    pricing::PricingModel,
    product::{OrderToCashCycle, ProductFields, ProductStatus, ProductType, QuantityRange},
    purchase::PurchaseOrder,
};
use calendar::{Clock, ClockHand, Instant, Zone};
use gateway::{Gateway, test::TestGateway};
use money::{Currency, Price, Quantity};
use testkit::{Contents, TestDatabase, each_database};
use vault::Vault;

/// The key that opens the account of every shop.
pub(crate) const KEY: &str = "the key of the shop";

/// The vault key of every shop.
pub(crate) const VAULT_KEYS: &str = "test:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=";

/// How long the test gateway takes for a slow answer.
const GATEWAY_PAUSE: Duration = Duration::from_millis(50);

/// Opens one test gateway for everybody, with a vault of one key.
fn gateways(gateway: &Arc<TestGateway>) -> Gateways {
    let keys = SecretString::from(VAULT_KEYS);
    let gateway = Arc::clone(gateway);
    let open = move |settings: &Settings| match settings.kind {
        GatewayKind::Test => Ok(Arc::clone(&gateway) as Arc<dyn Gateway>),
        GatewayKind::Stripe => Err("a shop has the test gateway only".to_owned()),
    };
    Gateways::new(Vault::parse(&keys).unwrap(), Box::new(open))
}

/// When every shop opens.
pub(crate) fn opening() -> Instant {
    Instant::parse("2024-01-15T10:00:00").unwrap()
}

/// An account in US dollars that may write off, and what acts on it.
pub(crate) struct Shop {
    /// The commands and questions.
    pub(crate) app: App,
    /// Moves the time.
    pub(crate) clock: ClockHand,
    /// The account.
    pub(crate) account: AccountId,
    /// The test gateway, once the account was given it.
    pub(crate) gateway: Arc<TestGateway>,
}

/// Runs a test in a new shop on each database.
pub(crate) async fn each_shop(test: impl AsyncFn(&Shop)) {
    each_database(store::MIGRATIONS, async |database| test(&Shop::open(database).await).await).await;
}

impl Shop {
    /// Opens a shop on a migrated database.
    pub(crate) async fn open(database: &TestDatabase) -> Self {
        Self::open_with(database, KEY).await
    }

    /// Opens a shop of its own on a database that may have others, with their own keys and clocks.
    pub(crate) async fn open_with(database: &TestDatabase, key: &str) -> Self {
        let (clock, hand) = Clock::fixed(opening());
        let gateway = Arc::new(TestGateway::in_memory().pausing(GATEWAY_PAUSE));
        let app = App::new(database.db.clone(), clock).with_gateways(gateways(&gateway));
        let order = accounts::create::Order {
            name: "Shop".to_owned(),
            currency: Currency::USD,
            zone: Zone::utc(),
            may_write_off: true,
            may_reuse_references: false,
            drafts_invoices: false,
        };
        let key = key.to_owned();
        let created = app.db().write(move |tx| accounts::create::run(tx, &order, &key, opening()));
        let account = created.await.unwrap();
        Self { app, clock: hand, account, gateway }
    }

    /// Gives the account the test gateway, for every currency.
    pub(crate) async fn add_gateway(&self) {
        let (account, now, gateways) = (self.account, self.app.now(), Arc::clone(self.app.gateways()));
        let order = || add::Order {
            kind: GatewayKind::Test,
            currency: None,
            secret: None,
            webhook_secret: None,
            base_url: None,
        };
        self.app.db().write(move |tx| add::run(tx, &gateways, account, &order(), now)).await.unwrap();
    }

    /// Runs a command, or asks a question, in a transaction of its own.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        command: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        let (account, now) = (self.account, self.app.now());
        let unit = move |tx: &mut Tx<'_>| {
            let session = App::own_session(tx, account, now)?;
            command(tx, &session)
        };
        self.app.db().write(unit).await
    }

    /// All that the database holds.
    pub(crate) async fn contents(&self) -> Contents {
        Contents::read(self.app.db()).await
    }

    /// Creates a product of this price in US dollars.
    pub(crate) async fn product(&self, code: &str, price: &str) -> ProductId {
        let fields = priced(code, price);
        self.act(move |tx, session| products::create::run(tx, session, &fields)).await.unwrap().id
    }

    /// Creates a customer that is still a draft.
    pub(crate) async fn draft_customer(&self) -> CustomerId {
        let order = customers::create::Order::default();
        self.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id
    }

    /// Creates an active customer.
    pub(crate) async fn customer(&self) -> CustomerId {
        let customer = self.draft_customer().await;
        self.activate(customer).await;
        customer
    }

    /// Makes a draft customer active.
    pub(crate) async fn activate(&self, customer: CustomerId) {
        let order = activate::Order { customer, finalizes_purchases: false, disables_auto_post: false, collect: None };
        self.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap();
    }

    /// Makes a draft purchase.
    pub(crate) async fn purchase(&self, customer: CustomerId, product: ProductId, quantity: &str) -> PurchaseId {
        let order = bulk_create::Order {
            customer,
            auto_purchase: false,
            purchases: vec![purchase_of(product, quantity)],
            collect: None,
        };
        let created = self.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
        created.purchases[0].id
    }

    /// Sells a quantity on an invoice of its own.
    pub(crate) async fn invoice(&self, customer: CustomerId, product: ProductId, quantity: &str) -> InvoiceId {
        let purchases = vec![self.purchase(customer, product, quantity).await];
        let order = finalize::Order { customer, purchases, collect: None };
        self.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap().posted().unwrap()
    }
}

/// A good of this price in US dollars, for sale on its own.
pub(crate) fn priced(code: &str, price: &str) -> ProductFields {
    let range =
        QuantityRange { min: Quantity::ZERO, max: None, prices: vec![(Currency::USD, Price::parse(price).unwrap())] };
    let earning =
        EarningSettings { timing_interval: Some(EarningTimingInterval::EarnImmediately), ..EarningSettings::default() };
    ProductFields {
        code: code.to_owned(),
        name: format!("Product {code}"),
        description: None,
        product_type: ProductType::PhysicalGood,
        status: ProductStatus::Active,
        tax_exempt: false,
        cycle: Some(OrderToCashCycle { pricing_model: PricingModel::Standard, ranges: vec![range], earning }),
        available_for_purchase: true,
        is_tracking_items: false,
        quantity: None,
        avalara_item_code: None,
        avalara_tax_code: None,
        gl_code: None,
        gl_code_name: None,
        custom_fields: Vec::new(),
        salesforce_id: None,
        netsuite_item_id: None,
        digital_river_country_of_origin: None,
        digital_river_tax_code: None,
        digital_river_eccn: None,
        pushed_to_digital_river: None,
        quickbooks_item_id: None,
        quickbooks_record_type: None,
    }
}

/// One purchase of a quantity, with nothing special about it.
pub(crate) fn purchase_of(product: ProductId, quantity: &str) -> PurchaseOrder {
    PurchaseOrder {
        product,
        name: "Purchase".to_owned(),
        description: None,
        quantity: Some(Quantity::parse(quantity).unwrap()),
        target_order_quantity: None,
        override_ranges: None,
        pricing_model: None,
        custom_fields: Vec::new(),
        discounts: Vec::new(),
        items: Vec::new(),
        coupon_codes: Vec::new(),
        earning: None,
        netsuite_location_id: None,
        netsuite_class_id: None,
        pricing_formula_type: None,
    }
}
