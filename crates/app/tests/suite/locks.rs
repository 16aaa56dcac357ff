//! Locks are taken in one order by everybody (docs/decisions/0002): who waits for one holds none that comes after it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::channel,
    },
    thread,
    time::Duration,
};

use app::{
    App, Error, Tx,
    customers::update,
    products,
    purchases::{bulk_create, finalize, find},
};
use billing::{
    account::Session,
    customer::CustomerFields,
    id::{CustomerId, ProductId, PurchaseId},
    pricing::{Pricing, PricingModel},
    product::{OrderToCashCycle, ProductFields, QuantityRange},
    purchase::PurchaseOrder,
};
use db::values;
use money::{Currency, Price, Quantity};
use testkit::on_postgres;
use tokio::{task::JoinSet, time::sleep};

use crate::shop::{Shop, each_shop, priced, purchase_of};

/// Long enough for a command to come to the lock that it waits for.
pub(crate) const MOMENT: Duration = Duration::from_millis(300);

/// Runs a test in a new shop on the database that has row locks.
pub(crate) async fn shop_with_locks(test: impl AsyncFn(&Shop)) {
    on_postgres(store::MIGRATIONS, async |database| test(&Shop::open(database).await).await).await;
}

/// Whether the customer `second` can be locked while a command waits for the customer `first`, and what the command says
/// in the end.
pub(crate) async fn is_free_while<T>(
    shop: &Shop,
    [first, second]: [CustomerId; 2],
    command: impl Future<Output = T>,
) -> (bool, T) {
    let (sender, is_locked) = channel();
    let holder = shop.act(move |tx, session| {
        store::customer::lock(tx, session.account.id, first)?;
        sender.send(()).unwrap();
        thread::sleep(MOMENT);
        let sql = "SELECT id FROM customer WHERE account_id = $1 AND id = $2";
        let free = tx.claim(sql, &values![session.account.id.0, second.0], |row| row.get::<i64>(0))?;
        Ok(free.is_some())
    });
    let command = async {
        while is_locked.try_recv().is_err() {
            sleep(Duration::from_millis(1)).await;
        }
        command.await
    };
    let (is_free, answer) = tokio::join!(holder, command);
    (is_free.unwrap(), answer)
}

#[tokio::test]
async fn a_move_locks_its_hierarchy_in_the_order_of_ids() {
    shop_with_locks(async |shop| {
        let (low, high) = (shop.customer().await, shop.customer().await);
        assert!(low < high);
        let below_low = move |tx: &mut Tx<'_>, session: &Session| -> Result<_, Error> {
            let current = app::customers::find::run(tx, session, high)?;
            let fields = CustomerFields { parent: Some(low), ..current.fields };
            let (status, account_status) = (current.status, Some(current.account_status));
            update::run(tx, session, &update::Order { id: high, status, account_status, currency: None, fields })
        };
        let (is_free, moved) = is_free_while(shop, [low, high], shop.act(below_low)).await;
        assert!(is_free, "the customer waits for its parent-to-be before it is locked itself");
        assert_eq!(moved.unwrap().fields.parent, Some(low));
    })
    .await;
}

/// The same product with two tiers instead of one price.
fn tiered(code: &str) -> ProductFields {
    let ten = Quantity::parse("10").unwrap();
    let range =
        |min, max, price| QuantityRange { min, max, prices: vec![(Currency::USD, Price::parse(price).unwrap())] };
    let ranges = vec![range(Quantity::ZERO, Some(ten), "5"), range(ten, None, "3")];
    let fields = priced(code, "1");
    let cycle =
        fields.cycle.clone().map(|cycle| OrderToCashCycle { pricing_model: PricingModel::Tiered, ranges, ..cycle });
    ProductFields { cycle, ..fields }
}

fn order(customer: CustomerId, products: &[ProductId], auto_purchase: bool) -> bulk_create::Order {
    let purchases = products.iter().map(|product| purchase_of(*product, "12")).collect();
    bulk_create::Order { customer, auto_purchase, purchases, collect: None }
}

async fn buy(shop: &Shop, order: bulk_create::Order) -> Vec<PurchaseId> {
    let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
    created.purchases.iter().map(|purchase| purchase.id).collect()
}

async fn pricing(shop: &Shop, purchase: PurchaseId) -> Pricing {
    shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap().terms.pricing
}

#[tokio::test]
async fn nobody_buys_at_a_price_list_that_never_was() {
    each_shop(async |shop| {
        let product = shop.product("A", "1").await;
        let change = async |fields: ProductFields| {
            let order = products::update::Order { id: product, fields };
            shop.act(move |tx, session| products::update::run(tx, session, &order)).await.unwrap();
        };
        let buyers: Vec<_> = [shop.customer().await, shop.customer().await, shop.customer().await].into();
        let one = buy(shop, order(buyers[0], &[product], false)).await;
        change(tiered("A")).await;
        let other = buy(shop, order(buyers[0], &[product], false)).await;
        let legal = [pricing(shop, one[0]).await, pricing(shop, other[0]).await];
        assert_ne!(legal[0], legal[1]);

        let toggle = async {
            for turn in 0..30 {
                change(if turn % 2 == 0 { priced("A", "1") } else { tiered("A") }).await;
            }
        };
        let sell = async |customer| {
            for turn in 0..15 {
                let sold = buy(shop, order(customer, &[product], turn % 2 == 0)).await;
                assert!(legal.contains(&pricing(shop, sold[0]).await));
                let drafted = shop.purchase(customer, product, "12").await;
                let finalize = finalize::Order { customer, purchases: vec![drafted], collect: None };
                shop.act(move |tx, session| finalize::run(tx, session, &finalize)).await.unwrap();
                assert!(legal.contains(&pricing(shop, drafted).await));
            }
        };
        tokio::join!(toggle, sell(buyers[0]), sell(buyers[1]), sell(buyers[2]));
    })
    .await;
}

/// Does something, and says how often it was begun: more than once when it lost a race.
fn attempts<T, C>(shop: &Shop, command: C) -> impl Future<Output = (Result<T, Error>, usize)> + Send + use<T, C>
where
    T: Send + 'static,
    C: Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
{
    let (db, account, now) = (shop.app.db().clone(), shop.account, shop.app.now());
    async move {
        let attempts = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&attempts);
        let unit = db.write(move |tx| {
            counter.fetch_add(1, Ordering::SeqCst);
            let session = App::own_session(tx, account, now)?;
            command(tx, &session)
        });
        (unit.await, attempts.load(Ordering::SeqCst))
    }
}

#[tokio::test]
async fn first_sales_of_the_same_products_in_any_order_lose_no_race() {
    each_shop(async |shop| {
        let mut fresh = Vec::new();
        for number in 0..10 {
            fresh.push(shop.product(&format!("P{number}"), "1").await);
        }
        let mut buyers = Vec::new();
        for turn in 0..8 {
            let mut products = fresh.clone();
            products.rotate_left(turn);
            if turn % 2 == 0 {
                products.reverse();
            }
            buyers.push(order(shop.customer().await, &products, turn % 3 == 0));
        }
        let sales =
            buyers.into_iter().map(|order| attempts(shop, move |tx, session| bulk_create::run(tx, session, &order)));
        for (sold, attempts) in sales.collect::<JoinSet<_>>().join_all().await {
            assert_eq!((sold.unwrap().purchases.len(), attempts), (10, 1));
        }
        for product in fresh {
            let found = shop.act(move |tx, session| products::find::run(tx, session, product)).await.unwrap();
            assert!(!found.deletable);
        }
    })
    .await;
}

#[tokio::test]
async fn usages_of_coupons_are_taken_in_one_order() {
    each_shop(async |shop| {
        let product = shop.product("P", "10").await;
        for code in ["FIRST", "SECOND"] {
            shop.limited_coupon(code, 100).await;
        }
        let mut finals = Vec::new();
        for turn in 0..8 {
            let customer = shop.customer().await;
            let codes = if turn % 2 == 0 { ["FIRST", "SECOND"] } else { ["SECOND", "FIRST"] };
            let purchases = codes.map(|code| {
                let coupon_codes = vec![code.to_owned()];
                PurchaseOrder { coupon_codes, ..purchase_of(product, "1") }
            });
            let order =
                bulk_create::Order { customer, auto_purchase: false, purchases: purchases.into(), collect: None };
            let purchases = buy(shop, order).await;
            finals.push(finalize::Order { customer, purchases, collect: None });
        }
        let finals =
            finals.into_iter().map(|order| attempts(shop, move |tx, session| finalize::run(tx, session, &order)));
        for (posted, attempts) in finals.collect::<JoinSet<_>>().join_all().await {
            posted.unwrap();
            assert_eq!(attempts, 1);
        }
    })
    .await;
}
