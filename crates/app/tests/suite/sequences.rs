//! Random sequences of everything that moves money, some at the same time: nothing that is stored twice ever disagrees.

mod draw;
mod step;

use app::{
    Error,
    purchases::cancel,
    revenue::{self, By},
};
use billing::id::{CouponId, CustomerId, ProductId, PurchaseId};
use db::values;
use ledger::LedgerAccount::{DeferredDiscount, DeferredRevenue, EarnedDiscount, EarnedRevenue};
use money::Amount;
use testkit::{Dice, TestDatabase, each_database};

use self::step::{Step, take};
use crate::{
    coupons::{half, remaining},
    shop::{Shop, opening},
};

const SEQUENCE_COUNT: u64 = 100;
const STEP_COUNT: usize = 12;
/// In one of so many sequences, what is refused is compared with all that the database held before.
const SEEDS_A_COMPARISON: u64 = 5;
/// So often the coupon `FEW` can be used.
const USAGE_COUNT: i64 = 4;
/// Where the good is among the products.
const GOOD: usize = 1;
/// Where the product is whose items have references.
const TRACKED: usize = 2;

/// A merchant in the middle of a sequence.
struct Sequence {
    shop: Shop,
    dice: Dice,
    customers: Vec<CustomerId>,
    products: Vec<ProductId>,
    /// The coupon `FEW`.
    few: CouponId,
    /// So many items were thought of.
    item_count: u64,
    drafts: Vec<(CustomerId, PurchaseId)>,
    sold: Vec<PurchaseId>,
    /// What was done, to be told when something is wrong.
    told: Vec<Step>,
}

#[tokio::test]
async fn whatever_is_done_in_whatever_order_the_books_agree() {
    each_database(store::MIGRATIONS, async |database| {
        for seed in 0..SEQUENCE_COUNT {
            let mut sequence = Sequence::begin(database, seed).await;
            for _ in 0..STEP_COUNT {
                sequence.go_on(seed).await;
            }
            sequence.assert_agreement(seed).await;
            sequence.assert_usages(seed).await;
            sequence.assert_statements(seed).await;
            sequence.cancel_everything(seed).await;
        }
    })
    .await;
}

impl Sequence {
    /// Two customers, of whom one pays two taxes; a service, a good and items; and coupons for many and for few.
    async fn begin(database: &TestDatabase, seed: u64) -> Self {
        let shop = Shop::open_with(database, &format!("key {seed}")).await;
        shop.tax("9.975").await;
        shop.tax("5").await;
        shop.limited_coupon("TENTH", 1_000).await;
        let few = half(&shop, "FEW", Some(USAGE_COUNT)).await;
        let customers = vec![shop.customer().await, shop.taxed_customer().await];
        let service = shop.service("SERVICE").await;
        let products = vec![service, shop.product("GOOD", "0.37").await, shop.tracked_service("ITEMS", "19.99").await];
        let (drafts, sold, told) = (Vec::new(), Vec::new(), Vec::new());
        Self { shop, dice: Dice::new(seed), customers, products, few, item_count: 0, drafts, sold, told }
    }

    /// Takes a step, or two at the same time.
    async fn go_on(&mut self, seed: u64) {
        let first = self.throw().await;
        let second = if self.dice.one_in(3) { Some(self.throw().await) } else { None };
        self.told.extend([&first].into_iter().chain(&second).cloned());
        let outcomes = match &second {
            None => vec![(&first, self.take_alone(seed, &first).await)],
            Some(second) => {
                let (one, two) = tokio::join!(take(&self.shop, &first), take(&self.shop, second));
                vec![(&first, one), (second, two)]
            }
        };
        for (step, outcome) in outcomes {
            match (step, outcome) {
                (Step::Create(order), Ok(created)) if order.auto_purchase => self.sold.extend(created),
                (Step::Create(order), Ok(created)) => {
                    self.drafts.extend(created.into_iter().map(|id| (order.customer, id)));
                }
                (Step::Finalize(order), Ok(_)) => {
                    self.drafts.retain(|(_, id)| !order.purchases.contains(id));
                    self.sold.extend(&order.purchases);
                }
                // A rule may say no, to the second of two same steps for example; nothing else may go wrong.
                (_, Ok(_) | Err(Error::Refused(_) | Error::Invalid(_))) => {}
                (step, Err(error)) => panic!("seed {seed}: {step:?}: {error:?} after {:?}", self.told),
            }
        }
    }

    /// Takes a step at which nobody else does anything: one that is refused changes nothing at all.
    async fn take_alone(&self, seed: u64, step: &Step) -> Result<Vec<PurchaseId>, Error> {
        if !seed.is_multiple_of(SEEDS_A_COMPARISON) {
            return take(&self.shop, step).await;
        }
        let before = self.shop.contents().await;
        let outcome = take(&self.shop, step).await;
        if let Err(error) = &outcome {
            let told = format!("seed {seed}: {step:?}: {error:?} after {:?}", self.told);
            self.shop.contents().await.assert_same(&before, &told);
        }
        outcome
    }

    /// Everything that is stored twice agrees, and the report of today says what the ledger says once the rounds ran.
    async fn assert_agreement(&self, seed: u64) {
        let wrong = self.shop.disagreements().await;
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?} after {:?}", self.told);
        let before = self.reported().await;
        self.shop.earn().await;
        assert_eq!(self.reported().await, before, "seed {seed}: the round changed the report after {:?}", self.told);
        let posted = [(DeferredRevenue, DeferredDiscount), (EarnedRevenue, EarnedDiscount)];
        for ((revenue, discount), reported) in posted.into_iter().zip(before) {
            let [revenue, discount] =
                [self.shop.credit_of(None, revenue).await, self.shop.credit_of(None, discount).await];
            assert!(!revenue.is_negative() && !discount.is_positive(), "seed {seed}: {revenue} and {discount}");
            assert_eq!(revenue.checked_add(discount), Ok(reported), "seed {seed}: after {:?}", self.told);
        }
    }

    /// Statements of a few days each follow the ledger of every customer, and end where everything stands.
    async fn assert_statements(&mut self, seed: u64) {
        let told = format!("seed {seed} after {:?}", self.told);
        let mut cuts = vec![opening()];
        while cuts.len() < 3 {
            let days = i64::try_from(self.dice.below(60)).expect("few") + 1;
            cuts.push(cuts[cuts.len() - 1].plus_days(days));
        }
        for customer in &self.customers {
            self.shop.assert_statements(*customer, &cuts, &told).await;
        }
    }

    /// Every purchase that was charged with the coupon used it once, and nobody else did.
    async fn assert_usages(&self, seed: u64) {
        let coupon = self.few;
        let sql = "SELECT COUNT(*) FROM purchase_coupon p
             JOIN charge c ON c.account_id = p.account_id AND c.purchase_id = p.purchase_id
             WHERE p.account_id = $1 AND p.coupon_id = $2";
        let charged =
            self.shop.act(move |tx, session| Ok(tx.scalar::<i64>(sql, &values![session.account.id.0, coupon.0])?));
        let charged = charged.await.unwrap();
        let left = remaining(&self.shop, coupon).await;
        assert_eq!(left, Some(USAGE_COUNT - charged), "seed {seed}: after {:?}", self.told);
    }

    /// Deferred and earned revenue of today.
    async fn reported(&self) -> [Amount; 2] {
        let today = self.shop.today();
        let rows = self.shop.act(move |tx, session| revenue::as_of(tx, session, today, By::Account)).await.unwrap();
        let [deferred, earned] = [|row: &revenue::Row| row.deferred, |row: &revenue::Row| row.earned];
        [Amount::sum(rows.iter().map(deferred)).unwrap(), Amount::sum(rows.iter().map(earned)).unwrap()]
    }

    /// Once nothing is sold any more nothing is deferred any more, however each purchase was cancelled.
    async fn cancel_everything(&mut self, seed: u64) {
        let mut is_refused = false;
        for purchase in self.sold.clone() {
            let option = self.option();
            let cancelled = take(&self.shop, &Step::Cancel(cancel::Order { purchase, option })).await;
            // What was written off cannot be taken back: it stays sold.
            is_refused |= matches!(cancelled, Err(Error::Refused(billing::refusal::Refusal::WrittenOff { .. })));
        }
        self.assert_agreement(seed).await;
        if !is_refused {
            assert_eq!(self.reported().await[0], Amount::ZERO, "seed {seed}: after {:?}", self.told);
        }
    }
}
