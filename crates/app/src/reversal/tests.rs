//! A charge that is taken back in parts: the books after each, and what is earned of the rest.

use billing::{
    account::Session,
    discount::{Discount, DiscountType},
    earning::{EarningInterval, EarningSettings, EarningTimingInterval as Cut, EarningTimingType},
    id::{AccountId, CustomerId, ProductId, PurchaseId},
    pricing::PricingModel,
    product::{OrderToCashCycle, ProductFields, ProductStatus, ProductType, QuantityRange},
    purchase::PurchaseOrder,
    reversal::Extent,
};
use calendar::{Clock, ClockHand, Instant, Zone};
use db::{Millis, values};
use money::{Amount, Currency, Price, Quantity};
use testkit::{TestDatabase, each_database};

use super::Order;
use crate::{
    App, Error, Tx, accounts,
    books::Books,
    customers::{self, activate},
    earning, products,
    purchases::bulk_create,
    verify,
};

/// A sale of the 15th of January 2024 that earns over a year, monthly and at the end of each month unless it never does.
struct Sale {
    app: App,
    clock: ClockHand,
    account: AccountId,
    purchase: PurchaseId,
}

impl Sale {
    /// Sells for so much, ten percent off.
    async fn of(database: &TestDatabase, key: &'static str, price: &'static str, cut: Cut) -> Self {
        let opening = Instant::parse("2024-01-15T10:00:00").unwrap();
        let (clock, hand) = Clock::fixed(opening);
        let app = App::new(database.db.clone(), clock);
        let order = accounts::create::Order {
            name: "Shop".to_owned(),
            currency: Currency::USD,
            zone: Zone::utc(),
            may_write_off: false,
            may_reuse_references: false,
            drafts_invoices: false,
        };
        let account = app.db().write(move |tx| accounts::create::run(tx, &order, key, opening)).await.unwrap();
        let sold = app.db().write(move |tx| {
            let session = App::own_session(tx, account, opening)?;
            let product = products::create::run(tx, &session, &service(cut))?.id;
            let customer = customers::create::run(tx, &session, &customers::create::Order::default())?.id;
            let order =
                activate::Order { customer, finalizes_purchases: false, disables_auto_post: false, collect: None };
            activate::run(tx, &session, &order)?;
            let purchases = vec![purchase(product, price)];
            let order = bulk_create::Order { customer, auto_purchase: true, purchases, collect: None };
            Ok::<_, Error>(bulk_create::run(tx, &session, &order)?.purchases[0].id)
        });
        let purchase = sold.await.unwrap();
        Self { app, clock: hand, account, purchase }
    }

    async fn act<T: Send + 'static>(
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

    /// Takes back so much; what the customer gets back.
    async fn reverse(&self, extent: Extent) -> Result<Amount, Error> {
        let purchase = self.purchase;
        let reverse = move |tx: &mut Tx<'_>, session: &Session| {
            let account = session.account.id;
            let customer = store::purchase::find(tx, account, purchase)?.expect("it was sold").customer;
            let mut books = Books::open(tx, session, customer)?;
            let (invoice, charge) = store::charge::find_of_purchase(tx, account, purchase)?.expect("it was charged");
            let invoice = store::invoice::find(tx, account, invoice)?.expect("it was posted");
            let order = Order { invoice: &invoice, charges: &[&charge], extent, reference: None };
            let outcome = super::run(tx, session, &mut books, order)?;
            books.close(tx)?;
            Ok(outcome.taken[0].net()?)
        };
        self.act(reverse).await
    }

    async fn earn(&self) {
        let mut after = Some(CustomerId(0));
        while let Some(last) = after {
            after = self.act(move |tx, session| earning::run::step(tx, session, last)).await.unwrap();
        }
    }

    /// Days and amounts of everything that was earned, and that nothing that is stored twice disagrees.
    async fn earned(&self) -> Vec<(String, String)> {
        let account = self.account;
        let report = self.act(move |tx, _| verify::run(tx, account)).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.disagreements().collect::<Vec<_>>());
        let sql = "SELECT t.effective_at, l.amount FROM ledger_transaction t
             JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
             WHERE t.account_id = $1 AND t.kind = 'Earning' ORDER BY t.sequence";
        let read = self.act(move |tx, session| {
            let rows = tx.query(sql, &values![session.account.id.0], |row| {
                let Millis(at) = row.get(0)?;
                let day = Instant::from_millis(at).utc_date().to_string();
                Ok((day, Amount::from_millionths(row.get(1)?).to_string()))
            });
            Ok(rows?)
        });
        read.await.unwrap()
    }
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn service(cut: Cut) -> ProductFields {
    let range =
        QuantityRange { min: Quantity::ZERO, max: None, prices: vec![(Currency::USD, Price::parse("1").unwrap())] };
    let earning = EarningSettings {
        interval: Some(EarningInterval::Yearly),
        number_of_intervals: Some(1),
        timing_interval: Some(cut),
        timing_type: Some(EarningTimingType::EndOfInterval),
    };
    ProductFields {
        code: "SERVICE".to_owned(),
        name: "Service".to_owned(),
        description: None,
        product_type: ProductType::OneTimeCharge,
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

fn purchase(product: ProductId, quantity: &str) -> PurchaseOrder {
    PurchaseOrder {
        product,
        name: "Purchase".to_owned(),
        description: None,
        quantity: Some(Quantity::parse(quantity).unwrap()),
        target_order_quantity: None,
        override_ranges: None,
        pricing_model: None,
        custom_fields: Vec::new(),
        discounts: vec![Discount::new(DiscountType::Percentage, Price::parse("10").unwrap()).unwrap()],
        items: Vec::new(),
        coupon_codes: Vec::new(),
        earning: None,
        netsuite_location_id: None,
        netsuite_class_id: None,
        pricing_formula_type: None,
    }
}

#[tokio::test]
async fn what_a_reversal_leaves_is_earned_over_the_months_to_come() {
    each_database(store::MIGRATIONS, async |database| {
        let sale = Sale::of(database, "one", "120", Cut::Monthly).await;
        // The round has not run: three months are earned before anything is taken back.
        sale.clock.advance_days(91);
        assert_eq!(sale.reverse(Extent::Amount(amount("45"))).await.unwrap(), amount("40.5"));
        let mut expected: Vec<_> = ["2024-02-15", "2024-03-15", "2024-04-15"].map(|day| (day, "10")).into();
        assert_eq!(sale.earned().await, told(&expected));
        // 45 of 90 are left for nine months.
        sale.clock.advance_days(61);
        sale.earn().await;
        expected.extend([("2024-05-15", "5"), ("2024-06-15", "5")]);
        assert_eq!(sale.earned().await, told(&expected));
        // 7.00 more, net, leave 35 less 7.78 for seven months: 3.89, 3.89, and so on.
        assert_eq!(sale.reverse(Extent::NetAmount(amount("7"))).await.unwrap(), amount("7"));
        sale.clock.advance_days(400);
        sale.earn().await;
        let days = ["2024-07-15", "2024-08-15", "2024-09-15", "2024-10-15", "2024-11-15", "2024-12-15", "2025-01-15"];
        expected.extend(days.into_iter().zip(["3.89", "3.89", "3.89", "3.88", "3.89", "3.89", "3.89"]));
        assert_eq!(sale.earned().await, told(&expected));
        assert_eq!(sale.reverse(Extent::Unearned).await.unwrap(), Amount::ZERO);
        // 108 less 40.50 less 7.00.
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), amount("60.5"));
        assert_eq!(sale.earned().await, told(&expected), "nothing follows");
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), Amount::ZERO);
        let refused = sale.reverse(Extent::Amount(amount("1"))).await.unwrap_err();
        assert_eq!(refused.to_string(), "Nothing is left to be reversed.");
    })
    .await;
}

fn told(parts: &[(&str, &str)]) -> Vec<(String, String)> {
    parts.iter().map(|(day, amount)| ((*day).to_owned(), (*amount).to_owned())).collect()
}

#[tokio::test]
async fn a_deposit_is_taken_back_in_parts_or_earned_for_good() {
    each_database(store::MIGRATIONS, async |database| {
        let sale = Sale::of(database, "one", "50", Cut::DoesNotEarn).await;
        assert_eq!(sale.reverse(Extent::Amount(amount("20"))).await.unwrap(), amount("18"));
        sale.clock.advance_days(400);
        sale.earn().await;
        assert_eq!(sale.earned().await, []);
        assert_eq!(sale.reverse(Extent::Nothing).await.unwrap(), Amount::ZERO);
        let earned = told(&[("2025-02-18", "30")]);
        assert_eq!(sale.earned().await, earned);
        // What was earned for good is remembered: nothing is unearned, and all of it goes back from what was earned.
        assert_eq!(sale.reverse(Extent::Unearned).await.unwrap(), Amount::ZERO);
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), amount("27"));
        assert_eq!(sale.earned().await, earned);
    })
    .await;
}

#[tokio::test]
async fn what_was_earned_at_once_is_taken_back_in_parts() {
    each_database(store::MIGRATIONS, async |database| {
        let sale = Sale::of(database, "one", "10", Cut::EarnImmediately).await;
        for back in ["0.09", "0.9"] {
            assert_eq!(sale.reverse(Extent::NetAmount(amount(back))).await.unwrap(), amount(back));
        }
        assert_eq!(sale.reverse(Extent::Full).await.unwrap(), amount("8.01"));
        assert_eq!(sale.earned().await, told(&[("2024-01-15", "10")]));
    })
    .await;
}
