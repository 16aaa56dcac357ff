//! A shop with the test gateway, whose answers can be held back or lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use app::{
    Answer, Caller, Error, Idempotency, Tx, accounts, collection,
    gateways::Gateways,
    invoices,
    purchases::{bulk_create, finalize::Billed},
};
use billing::{
    account::Session,
    collect::{CollectFrom, CollectOrder, Keeps},
    id::{CustomerId, InvoiceId, PaymentActivityId, ProductId, PurchaseId},
    instrument::{Card, Expiration, Holder, Instrument, SecretString},
    listing::Page,
    payment_activity::{ActivityStatus, PaymentActivity},
};
use calendar::Instant;
use db::values;
use gateway::{
    Charge, Failure, Gateway, Receipt, Refund, Settled, Token, Trace, Vaulted,
    test::{Entry, TestGateway},
};
use testkit::{each_database, until};
use vault::Vault;

use crate::{
    shop::{KEY, Shop, purchase_of},
    trade::amount,
};

/// Pays.
pub(crate) const VISA: &str = "4242424242424242";
/// Is stored, and refuses every charge.
pub(super) const DECLINED_LATER: &str = "4000000000000341";
/// Refuses.
pub(crate) const DECLINED: &str = "4000000000000002";
/// Times out, and nothing is charged.
pub(super) const TIMES_OUT: &str = "4000000000000259";
/// Pays, and the answer is lost.
pub(super) const LOST: &str = "4000000000000226";

/// The test gateway behind a line that may be cut.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) inner: Arc<TestGateway>,
    /// No answer comes back, of charges and of questions what became of them.
    pub(super) is_cut: AtomicBool,
    /// Whoever stores or charges waits before it is done, and questions about returns before they are answered.
    pub(super) is_held: AtomicBool,
}

impl Line {
    fn wait(&self) {
        while self.is_held.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn heard<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        if self.is_cut.load(Ordering::SeqCst) { Err(Failure::Unclear("the line is cut".to_owned())) } else { answer }
    }

    /// What was charged, in order.
    pub(super) fn charges(&self) -> Vec<String> {
        let entries = self.inner.entries().unwrap();
        entries
            .iter()
            .filter_map(
                |entry| if let Entry::Charged(movement) = entry { Some(movement.amount.to_string()) } else { None },
            )
            .collect()
    }

    /// What was given back, in order.
    pub(super) fn refunds(&self) -> Vec<String> {
        let entries = self.inner.entries().unwrap();
        entries
            .iter()
            .filter_map(
                |entry| if let Entry::Refunded(movement) = entry { Some(movement.amount.to_string()) } else { None },
            )
            .collect()
    }
}

impl Gateway for Line {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn store(&self, key: &str, instrument: &Instrument) -> Result<Vaulted, Failure> {
        self.wait();
        self.inner.store(key, instrument)
    }

    fn adopt(&self, owner: &str, method: &str) -> Result<Vaulted, Failure> {
        self.inner.adopt(owner, method)
    }

    fn forget(&self, token: &Token) -> Result<(), Failure> {
        self.inner.forget(token)
    }

    fn charge(&self, charge: &Charge) -> Result<Receipt, Failure> {
        self.wait();
        self.heard(self.inner.charge(charge))
    }

    fn settle(&self, charge_key: &str) -> Result<Settled, Failure> {
        if self.is_cut.load(Ordering::SeqCst) {
            return Err(Failure::Unclear("the line is cut".to_owned()));
        }
        self.inner.settle(charge_key)
    }

    fn returned(&self, charge: &str, now: Instant) -> Result<Option<String>, Failure> {
        self.wait();
        if self.is_cut.load(Ordering::SeqCst) {
            return Err(Failure::Unclear("the line is cut".to_owned()));
        }
        self.inner.returned(charge, now)
    }

    fn keeps(&self, trace: &Trace) -> Result<bool, Failure> {
        if self.is_cut.load(Ordering::SeqCst) {
            return Err(Failure::Unclear("the line is cut".to_owned()));
        }
        self.inner.keeps(trace)
    }

    fn refund(&self, refund: &Refund) -> Result<Receipt, Failure> {
        self.wait();
        self.heard(self.inner.refund(refund))
    }

    fn settle_refund(&self, refund: &Refund) -> Result<Settled, Failure> {
        if self.is_cut.load(Ordering::SeqCst) {
            return Err(Failure::Unclear("the line is cut".to_owned()));
        }
        self.inner.settle_refund(refund)
    }
}

/// A shop that collects.
pub(super) struct Till {
    pub(super) shop: Shop,
    pub(super) line: Arc<Line>,
    pub(super) caller: Caller,
    /// A dollar a piece.
    pub(super) product: ProductId,
}

/// Runs a test in a new shop on each database; its books are right in the end.
pub(super) async fn each_till(test: impl AsyncFn(&Till)) {
    each_database(store::MIGRATIONS, async |database| {
        let shop = Shop::open(database).await;
        let inner = Arc::clone(&shop.gateway);
        let line = Arc::new(Line { inner, is_cut: AtomicBool::new(false), is_held: AtomicBool::new(false) });
        let own: Arc<dyn Gateway> = Arc::clone(&line) as _;
        let vault = Vault::parse(&vault::new_key().unwrap()).unwrap();
        let app = shop.app.clone().with_gateways(Gateways::new(vault, Box::new(move |_| Ok(Arc::clone(&own)))));
        let shop = Shop { app, ..shop };
        shop.add_gateway().await;
        let caller = shop.app.authenticate(vec![accounts::key::hash(KEY)]).await.unwrap();
        let product = shop.product("P", "1").await;
        let till = Till { shop, line, caller, product };
        test(&till).await;
        let report = till.shop.act(|tx, session| app::verify::run(tx, session.account.id)).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.disagreements().collect::<Vec<_>>());
    })
    .await;
}

/// A card of this number.
pub(super) fn card(number: &str) -> Box<Instrument> {
    Box::new(Instrument::Card(Card {
        number: SecretString::from(number),
        cvv: None,
        expiration: Expiration { year: 99, month: 1 },
        holder: Holder { first_name: "Ada".to_owned(), last_name: "Byron".to_owned(), ..Holder::default() },
    }))
}

/// Collect with this, and post nothing unless it succeeds.
pub(crate) fn first(from: CollectFrom) -> CollectOrder {
    CollectOrder { from: Some(from), uses_funds_first: false, rolls_back: true }
}

/// Collect with this, and leave the invoice open if it fails.
pub(super) fn after(from: CollectFrom) -> CollectOrder {
    CollectOrder { rolls_back: false, ..first(from) }
}

/// A card to be used once.
pub(crate) fn once(number: &str) -> CollectFrom {
    provided(number, Keeps::Nothing)
}

pub(super) fn provided(number: &str, keeps: Keeps) -> CollectFrom {
    CollectFrom::Provided { instrument: card(number), keeps }
}

/// The key of a request, which is told by its hash.
pub(super) fn idempotency(key: &str, request: &str) -> Idempotency {
    Idempotency { key: key.to_owned(), request_hash: request.to_owned(), former_hashes: Vec::new() }
}

impl Till {
    /// Sells so much at once; the answer lists the purchases.
    pub(super) async fn buy(
        &self,
        customer: CustomerId,
        dollars: &str,
        collect: CollectOrder,
        key: Option<Idempotency>,
    ) -> Result<Answer, Error> {
        let order = bulk_create::Order {
            customer,
            auto_purchase: true,
            purchases: vec![purchase_of(self.product, dollars)],
            collect: Some(collect),
        };
        let begin = move |tx: &mut Tx<'_>, session: &Session| bulk_create::begin(tx, session, &order, false);
        self.shop
            .app
            .collect(&self.caller, key, begin, bulk_create::end, |_, ended| {
                Ok(match ended {
                    Ok(created) => {
                        let invoice = created.billed.and_then(Billed::posted).map(|invoice| invoice.to_string());
                        let statuses: Vec<_> = created.purchases.iter().map(|purchase| purchase.status).collect();
                        Answer::new(200, format!("{statuses:?} {}", invoice.unwrap_or_default()))
                    }
                    Err(texts) => Answer::new(400, texts.join(" ")),
                })
            })
            .await
    }

    /// The attempts of a customer, oldest first.
    pub(super) async fn activities(&self, customer: CustomerId) -> Vec<PaymentActivity> {
        let page = Page { size: 100, ..Page::default() };
        let list = move |tx: &mut Tx<'_>, session: &Session| {
            app::payment_activities::list::of_customer(tx, session, customer, &page)
        };
        let mut rows = self.shop.act(list).await.unwrap().rows;
        rows.sort_by_key(|activity| activity.id);
        rows
    }

    /// How the attempts of a customer ended.
    pub(super) async fn ends(&self, customer: CustomerId) -> Vec<ActivityStatus> {
        self.activities(customer).await.iter().map(|activity| activity.status).collect()
    }

    /// What each invoice of a customer owes, oldest first.
    pub(super) async fn owed(&self, customer: CustomerId) -> Vec<String> {
        let page = Page { size: 100, ..Page::default() };
        let list = move |tx: &mut Tx<'_>, session: &Session| invoices::list::of_customer(tx, session, customer, &page);
        let mut rows = self.shop.act(list).await.unwrap().rows;
        rows.sort_by_key(|invoice| invoice.id);
        rows.iter().map(|invoice| invoice.totals.outstanding().unwrap().to_string()).collect()
    }

    /// What the customer owes in all; below zero is available.
    pub(super) async fn balance(&self, customer: CustomerId) -> String {
        let find = move |tx: &mut Tx<'_>, session: &Session| app::customers::find::run(tx, session, customer);
        self.shop.act(find).await.unwrap().balance.to_string()
    }

    /// Drafts of a customer, and what reserves them.
    pub(super) async fn drafts(&self, customer: CustomerId) -> Vec<(PurchaseId, Option<PaymentActivityId>)> {
        let list = move |tx: &mut Tx<'_>, session: &Session| {
            let ids = store::purchase::list_drafts(tx, session.account.id, customer)?;
            ids.into_iter()
                .map(|id| Ok((id, app::purchases::find::run(tx, session, id)?.reserved_by)))
                .collect::<Result<Vec<_>, Error>>()
        };
        self.shop.act(list).await.unwrap()
    }

    /// The stored methods of a customer, and whether each is the default.
    pub(super) async fn methods(&self, customer: CustomerId) -> Vec<(billing::id::PaymentMethodId, String, bool)> {
        let list = move |tx: &mut Tx<'_>, session: &Session| {
            let account = session.account.id;
            let default = store::payment_method::find_default(tx, account, customer)?;
            let methods = store::payment_method::list(tx, account, &[customer])?;
            let shown = methods.into_iter().map(|method| (method.id, method.face.label(), default == Some(method.id)));
            Ok(shown.collect::<Vec<_>>())
        };
        self.shop.act(list).await.unwrap()
    }

    /// Lets the worker of collections do what is due.
    pub(super) async fn work_until(&self, customer: CustomerId, ends: &[ActivityStatus]) {
        let worker = collection::start_worker(&self.shop.app);
        until("the ends", async || self.ends(customer).await == ends).await;
        worker.stop().await;
    }

    /// Lets the worker of collections do all that there is to do.
    pub(super) async fn work_until_idle(&self) {
        let worker = collection::start_worker(&self.shop.app);
        let count = "SELECT COUNT(*) FROM task WHERE account_id = $1 AND kind = 'collect'";
        let left =
            move |tx: &mut Tx<'_>, session: &Session| Ok(tx.scalar::<i64>(count, &values![session.account.id.0])?);
        until("the end of every task", async || self.shop.act(left).await.unwrap() == 0).await;
        worker.stop().await;
    }

    /// An invoice that owes so much.
    pub(super) async fn invoice(&self, customer: CustomerId, dollars: &str) -> InvoiceId {
        let invoice = self.shop.invoice(customer, self.product, dollars).await;
        assert_eq!(self.shop.invoice_of(invoice).await.totals.outstanding(), Ok(amount(dollars)));
        invoice
    }
}
