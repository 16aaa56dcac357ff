//! A shop where anything may be sold in any way, and every row that is left behind.

use std::collections::BTreeMap;

use app::{Answer, Caller, Error, Tx, accounts, coupons, discounts, purchases::bulk_create};
use billing::{
    account::Session,
    catalogue_discount::{DiscountFields, DiscountStatus, Usages},
    coupon::{CouponCode, CouponFields},
    discount::{Discount, DiscountType},
    earning::{EarningInterval::Monthly, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{CustomerId, ProductId},
    pricing::{PriceRange, PricingModel},
    purchase::{ItemOrder, Purchase, PurchaseOrder},
};
use db::{Backend, values};
use money::{Price, Quantity};
use testkit::Dice;

use crate::{
    coupons::of,
    shop::{KEY, Shop, purchase_of},
    trade::{cents, over},
};

/// A shop with everything that changes a price, and whoever holds its key.
pub(super) struct Stall<'s> {
    pub(super) shop: &'s Shop,
    pub(super) caller: Caller,
    pub(super) customers: [CustomerId; 2],
    pub(super) plain: ProductId,
    tracked: ProductId,
}

impl<'s> Stall<'s> {
    pub(super) async fn set_up(shop: &'s Shop) -> Self {
        let caller = shop.app.authenticate(vec![accounts::key::hash(KEY)]).await.unwrap();
        shop.tax("9.975").await;
        shop.tax("5").await;
        let customers = [shop.customer().await, shop.taxed_customer().await];
        let tracked = shop.tracked_service("TRACKED", "19.99").await;
        coupon(shop).await;
        Self { shop, caller, customers, plain: shop.service("PLAIN").await, tracked }
    }

    /// What a command says that is rolled back.
    pub(super) async fn preview<T: 'static>(
        &self,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        say: impl Fn(T) -> String + Send + Sync + 'static,
    ) -> String {
        let before = everything(self.shop).await;
        let shown = self.shop.app.preview(&self.caller, run, move |_, result| Ok(Answer::new(200, say(result)))).await;
        let after = everything(self.shop).await;
        for (table, rows) in &before {
            assert_eq!(after.get(table), Some(rows), "a preview changed {table}");
        }
        shown.unwrap().body
    }

    /// Makes one to three drafts of anything.
    pub(super) async fn drafts(&self, dice: &mut Dice, customer: CustomerId, name: &str) -> Vec<Purchase> {
        let order = self.order(dice, customer, name, false);
        self.shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap().purchases
    }

    /// One to three purchases of anything.
    pub(super) fn order(
        &self,
        dice: &mut Dice,
        customer: CustomerId,
        name: &str,
        auto_purchase: bool,
    ) -> bulk_create::Order {
        let count = dice.below(3) + 1;
        let purchases = (0..count).map(|number| random_purchase(self, dice, &format!("{name}-{number}"))).collect();
        bulk_create::Order { customer, auto_purchase, purchases, collect: None }
    }
}

/// A coupon of two discounts, `SPRING`.
async fn coupon(shop: &Shop) {
    let created = shop.act(|tx, session| {
        let mut ids = Vec::new();
        for (code, discount) in [("TENTH", of(DiscountType::Percentage, "10")), ("TWO", of(DiscountType::Amount, "2"))]
        {
            ids.push(discounts::create::run(tx, session, &catalogue(code, discount))?.id);
        }
        let fields = CouponFields {
            name: "Spring".to_owned(),
            description: None,
            is_retired: false,
            applies_to_all_plans: false,
            is_one_time_use: false,
            codes: vec![CouponCode { id: None, code: "SPRING".to_owned(), remaining_usages: Some(1_000) }],
            discounts: ids,
            eligibilities: Vec::new(),
            plans: Vec::new(),
        };
        coupons::create::run(tx, session, &fields)
    });
    created.await.unwrap();
}

fn catalogue(code: &str, discount: Discount) -> DiscountFields {
    DiscountFields {
        name: code.to_owned(),
        description: None,
        code: code.to_owned(),
        discount,
        usages: Usages::default(),
        status: DiscountStatus::Active,
        frequency_overrides: Vec::new(),
    }
}

/// Every row of every table, as text; not the blocks of ids, which may be spent on nothing.
pub(super) async fn everything(shop: &Shop) -> BTreeMap<String, Vec<String>> {
    let backend = shop.app.db().backend();
    let read = shop.act(move |tx, _| {
        let tables = match backend {
            Backend::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Backend::Postgres => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
                 WHERE table_schema = CAST(current_schema() AS TEXT)"
            }
        };
        let tables: Vec<String> = tx.query(tables, &[], |row| row.get(0))?;
        let mut everything = BTreeMap::new();
        for table in tables.into_iter().filter(|table| table != "id_block") {
            let sql = whole_rows(tx, backend, &table)?;
            let mut rows: Vec<String> = tx.query(&sql, &[], |row| row.get(0))?;
            rows.sort_unstable();
            everything.insert(table, rows);
        }
        Ok(everything)
    });
    read.await.unwrap()
}

/// A statement that reads a table's rows as texts.
fn whole_rows(tx: &mut Tx<'_>, backend: Backend, table: &str) -> Result<String, Error> {
    if backend == Backend::Postgres {
        return Ok(format!("SELECT CAST(t AS TEXT) FROM {table} t"));
    }
    let columns = tx.query("SELECT name FROM pragma_table_info($1)", &values![table], |row| row.get::<String>(0))?;
    let columns: Vec<_> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    Ok(format!("SELECT {} FROM {table}", columns.join(" || ',' || ")))
}

/// A purchase with anything about it.
pub(super) fn random_purchase(stall: &Stall<'_>, dice: &mut Dice, name: &str) -> PurchaseOrder {
    let mut order = if dice.one_in(4) {
        let items = (0..dice.below(5)).map(|number| ItemOrder {
            reference: format!("{name}-{number}"),
            name: None,
            description: None,
        });
        PurchaseOrder { items: items.collect(), quantity: None, ..purchase_of(stall.tracked, "0") }
    } else {
        let quantity = Quantity::from_millionths(cents(dice, 6_000).millionths());
        PurchaseOrder { quantity: Some(quantity), ..purchase_of(stall.plain, "0") }
    };
    name.clone_into(&mut order.name);
    if dice.one_in(2) {
        let model = dice.pick(&[PricingModel::Tiered, PricingModel::Volume, PricingModel::Stairstep]);
        order.pricing_model = Some(model);
        order.override_ranges = Some(ranges(dice));
    }
    for _ in 0..dice.below(4) {
        let kind = dice.pick(&[DiscountType::Percentage, DiscountType::Amount, DiscountType::AmountPerUnit]);
        order.discounts.push(of(kind, dice.pick(&["0.33", "7.125", "50"])));
    }
    if dice.one_in(3) {
        order.coupon_codes = vec!["SPRING".to_owned()];
    }
    let cut = dice.pick(&[Cut::Daily, Cut::Monthly, Cut::DoesNotEarn, Cut::EarnImmediately]);
    order.earning = Some(over(3, Monthly, cut, Falls::StartOfInterval));
    order
}

/// Three ranges, the last one open.
fn ranges(dice: &mut Dice) -> Vec<PriceRange> {
    let quantity = |text| Quantity::parse(text).unwrap();
    let bounds = [("0", Some("2")), ("2", Some("20")), ("20", None)];
    let range = |(min, max): (_, Option<_>)| PriceRange {
        min: quantity(min),
        max: max.map(quantity),
        amount: Price::from_millionths(cents(dice, 5_000).millionths()),
    };
    bounds.map(range).into()
}
