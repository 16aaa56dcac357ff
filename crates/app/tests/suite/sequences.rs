//! Random sequences of everything that moves money, some at the same time: nothing that is stored twice ever disagrees.

use app::{
    Error, Tx, invoices, payments,
    purchases::{self, bulk_create, cancel, finalize},
    revenue::{self, By},
    reversal::{charge, invoice},
};
use billing::{
    account::Session,
    discount::DiscountType,
    earning::{EarningInterval::Monthly, EarningSettings, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{ChargeId, CustomerId, InvoiceId, ProductId, PurchaseId},
    payment::{AllocateOrder, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::PurchaseOrder,
    reversal::{CancellationOption, Choice, Extent},
    write_off,
};
use db::values;
use ledger::LedgerAccount::{DeferredDiscount, DeferredRevenue, EarnedDiscount, EarnedRevenue};
use money::{Amount, Quantity};
use testkit::{TestDatabase, each_database};

use crate::{
    coupons::of,
    shop::{Shop, purchase_of},
    trade::{Dice, over},
};

const SEQUENCE_COUNT: u64 = 100;
const STEP_COUNT: usize = 12;

/// Something that a merchant does.
#[derive(Debug, Clone)]
enum Step {
    Create(bulk_create::Order),
    Finalize(finalize::Order),
    Pay(PaymentOrder),
    WriteOff(InvoiceId),
    Cancel(cancel::Order),
    /// So much of the charge of a purchase, after a preview of it.
    Reverse(PurchaseId, Extent),
    /// So much of the invoice on which a purchase was charged.
    ReverseInvoice(PurchaseId, Extent),
    /// So many days pass; the round runs, or is missed.
    Wait(i64, bool),
}

/// A merchant in the middle of a sequence.
struct Sequence {
    shop: Shop,
    dice: Dice,
    customers: Vec<CustomerId>,
    products: Vec<ProductId>,
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
            sequence.cancel_everything(seed).await;
        }
    })
    .await;
}

impl Sequence {
    /// Two customers, of whom one pays tax, and a service and a good.
    async fn begin(database: &TestDatabase, seed: u64) -> Self {
        let shop = Shop::open_with(database, &format!("key {seed}")).await;
        shop.tax("9.975").await;
        let customers = vec![shop.customer().await, shop.taxed_customer().await];
        let products = vec![shop.service("SERVICE").await, shop.product("GOOD", "0.37").await];
        let dice = Dice::new(seed);
        Self { shop, dice, customers, products, drafts: Vec::new(), sold: Vec::new(), told: Vec::new() }
    }

    /// Takes a step, or two at the same time.
    async fn go_on(&mut self, seed: u64) {
        let first = self.throw().await;
        let second = if self.dice.one_in(3) { Some(self.throw().await) } else { None };
        self.told.extend([&first].into_iter().chain(&second).cloned());
        let outcomes = match &second {
            None => vec![(&first, take(&self.shop, &first).await)],
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

    async fn throw(&mut self) -> Step {
        let customer = self.dice.pick(&self.customers);
        match self.dice.below(16) {
            0..=3 => Step::Create(self.create(customer)),
            4 if !self.drafts.is_empty() => {
                let (customer, draft) = self.dice.pick(&self.drafts);
                Step::Finalize(finalize::Order { customer, purchases: vec![draft], collect: None })
            }
            5 | 6 => Step::Pay(self.payment(customer)),
            7 => match self.newest_invoice(customer).await {
                Some(invoice) => Step::WriteOff(invoice),
                None => Step::Wait(1, true),
            },
            8 | 9 if !self.sold.is_empty() => {
                Step::Cancel(cancel::Order { purchase: self.dice.pick(&self.sold), option: self.option() })
            }
            10..=12 if !self.sold.is_empty() => Step::Reverse(self.dice.pick(&self.sold), self.extent()),
            13 if !self.sold.is_empty() => {
                Step::ReverseInvoice(self.dice.pick(&self.sold), self.dice.pick(&[Extent::Unearned, Extent::Full]))
            }
            _ => {
                let days = self.dice.pick(&[1, 7, 20, 31, 100]);
                Step::Wait(days, !self.dice.one_in(3))
            }
        }
    }

    fn create(&mut self, customer: CustomerId) -> bulk_create::Order {
        let purchases = (0..=self.dice.below(2)).map(|_| self.purchase()).collect();
        bulk_create::Order { customer, auto_purchase: !self.dice.one_in(4), purchases, collect: None }
    }

    fn purchase(&mut self) -> PurchaseOrder {
        let units = self.dice.cents(20_000).millionths();
        let discounts = match self.dice.below(4) {
            0 => vec![of(DiscountType::Percentage, "33.3")],
            1 => vec![of(DiscountType::Amount, "19.99"), of(DiscountType::AmountPerUnit, "0.123")],
            _ => Vec::new(),
        };
        let (product, earning) = (self.dice.pick(&self.products), self.earning());
        PurchaseOrder {
            quantity: Some(Quantity::from_millionths(units)),
            // Goods earn at once.
            earning: (product == self.products[0]).then_some(earning),
            discounts,
            ..purchase_of(product, "0")
        }
    }

    fn earning(&mut self) -> EarningSettings {
        let cut = self.dice.pick(&[Cut::Daily, Cut::Monthly, Cut::Interval, Cut::DoesNotEarn, Cut::EarnImmediately]);
        let falls = self.dice.pick(&[Falls::StartOfInterval, Falls::EndOfInterval]);
        over(self.dice.pick(&[1, 2, 7]), Monthly, cut, falls)
    }

    fn payment(&mut self, customer: CustomerId) -> PaymentOrder {
        PaymentOrder {
            customer,
            source: PaymentSource::Manual,
            amount: self.dice.cents(30_000),
            method: PaymentMethod::Cash,
            reference: None,
            allocations: Vec::new(),
            auto_allocate: self.dice.pick(&[None, Some(AllocateOrder::OldestToNewest)]),
            effective_at: None,
            reference_date: None,
        }
    }

    fn option(&mut self) -> CancellationOption {
        self.dice.pick(&[CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full])
    }

    fn extent(&mut self) -> Extent {
        match self.dice.below(6) {
            0 => Extent::Full,
            1 => Extent::Unearned,
            2 | 3 => Extent::Amount(self.dice.cents(10_000)),
            _ => Extent::NetAmount(self.dice.cents(10_000)),
        }
    }

    async fn newest_invoice(&self, customer: CustomerId) -> Option<InvoiceId> {
        let sql = "SELECT MAX(id) FROM invoice WHERE account_id = $1 AND customer_id = $2";
        let newest = self
            .shop
            .act(move |tx, session| Ok(tx.scalar::<Option<i64>>(sql, &values![session.account.id.0, customer.0])?));
        newest.await.unwrap().map(InvoiceId)
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
            is_refused |= matches!(cancelled, Err(Error::Refused(billing::refusal::Refusal::WrittenOff(_))));
        }
        self.assert_agreement(seed).await;
        if !is_refused {
            assert_eq!(self.reported().await[0], Amount::ZERO, "seed {seed}: after {:?}", self.told);
        }
    }
}

/// Takes a step; the purchases that it made.
async fn take(shop: &Shop, step: &Step) -> Result<Vec<PurchaseId>, Error> {
    match step.clone() {
        Step::Create(order) => {
            let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await?;
            return Ok(created.purchases.iter().map(|purchase| purchase.id).collect());
        }
        Step::Finalize(order) => {
            shop.act(move |tx, session| finalize::run(tx, session, &order)).await?;
        }
        Step::Pay(order) => {
            shop.act(move |tx, session| payments::create::run(tx, session, &order)).await?;
        }
        Step::WriteOff(invoice) => {
            let order = invoices::write_off::Order { invoice, extent: write_off::Extent::Whole, reference: None };
            shop.act(move |tx, session| invoices::write_off::run(tx, session, &order)).await?;
        }
        Step::Cancel(order) => shop.act(move |tx, session| cancel::run(tx, session, &order)).await?,
        Step::Reverse(purchase, extent) => {
            shop.act(move |tx, session| {
                // What an undone step locked is free again: others would come in between.
                let customer = purchases::find::run(tx, session, purchase)?.customer;
                store::customer::lock(tx, session.account.id, customer)?;
                let (_, charge) = charge_of(tx, session, purchase)?;
                reverse_as_foreseen(tx, session, &charge::Order { charge, extent, reference: None })
            })
            .await?;
        }
        Step::ReverseInvoice(purchase, extent) => {
            let reverse = move |tx: &mut Tx<'_>, session: &Session| {
                let (invoice, _) = charge_of(tx, session, purchase)?;
                invoice::run(tx, session, &invoice::Order { invoice, choice: Choice::All, extent, reference: None })
            };
            shop.act(reverse).await?;
        }
        Step::Wait(days, runs_round) => {
            shop.clock.advance_days(days);
            if runs_round {
                shop.earn().await;
            }
        }
    }
    Ok(Vec::new())
}

fn charge_of(tx: &mut Tx<'_>, session: &Session, purchase: PurchaseId) -> Result<(InvoiceId, ChargeId), Error> {
    let charged = store::charge::find_of_purchase(tx, session.account.id, purchase)?;
    Ok(charged.map(|(invoice, charge)| (invoice, charge.id)).expect("what is sold was charged"))
}

/// Does what was done and undone before: it comes out the same, also when it is a refusal.
fn reverse_as_foreseen(tx: &mut Tx<'_>, session: &Session, order: &charge::Order) -> Result<(), Error> {
    let mut foreseen = None;
    let undone: Result<(), Error> = tx.savepoint(|tx| {
        foreseen = Some(charge::run(tx, session, order)?);
        Err(Error::NotEnabled("undone"))
    });
    let done = charge::run(tx, session, order);
    match (foreseen, &done) {
        (Some(foreseen), Ok(done)) => {
            let told = |reversed: &charge::Reversed| {
                let parts = [reversed.reversal.amount, reversed.reversal.discount, reversed.reversal.tax];
                (parts, reversed.reversal.taxes.clone(), reversed.is_nearest, reversed.invoice.totals)
            };
            assert_eq!(told(&foreseen), told(done));
        }
        (None, Err(refused)) => assert_eq!(undone.unwrap_err().to_string(), refused.to_string()),
        (foreseen, done) => panic!("{foreseen:?} was foreseen, and {done:?} was done"),
    }
    done.map(|_| ())
}
