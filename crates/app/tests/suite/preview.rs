//! A preview shows what the run then does, and leaves nothing behind.

use std::collections::BTreeMap;

use app::{
    Answer, Caller, Error, Tx, accounts, coupons, discounts, invoices,
    purchases::{bulk_create, finalize},
};
use billing::{
    account::Session,
    catalogue_discount::{DiscountFields, DiscountStatus, Usages},
    coupon::{CouponCode, CouponFields},
    discount::{Discount, DiscountType},
    earning::{EarningInterval::Monthly, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{CustomerId, ProductId},
    invoice::{Charge, Invoice},
    pricing::{PriceRange, PricingModel},
    product::{ProductFields, ProductType},
    purchase::{ItemOrder, Purchase, PurchaseOrder},
};
use db::{Backend, values};
use money::{Price, Quantity};

use crate::{
    coupons::of,
    shop::{KEY, Shop, each_shop, priced, purchase_of},
    trade::{Dice, over},
};

const ORDER_COUNT: u64 = 24;

/// A shop with everything that changes a price, and whoever holds its key.
struct Stall<'s> {
    shop: &'s Shop,
    caller: Caller,
    customers: [CustomerId; 2],
    plain: ProductId,
    tracked: ProductId,
}

impl<'s> Stall<'s> {
    async fn set_up(shop: &'s Shop) -> Self {
        let caller = shop.app.authenticate(vec![accounts::key::hash(KEY)]).await.unwrap();
        shop.tax("9.975").await;
        shop.tax("5").await;
        let customers = [shop.customer().await, shop.taxed_customer().await];
        let fields = ProductFields {
            is_tracking_items: true,
            product_type: ProductType::OneTimeCharge,
            ..priced("TRACKED", "19.99")
        };
        let tracked = shop.act(move |tx, session| app::products::create::run(tx, session, &fields)).await.unwrap().id;
        coupon(shop).await;
        Self { shop, caller, customers, plain: shop.service("PLAIN").await, tracked }
    }

    /// What a command says that is rolled back.
    async fn preview<T: 'static>(
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
async fn everything(shop: &Shop) -> BTreeMap<String, Vec<String>> {
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
fn random_purchase(stall: &Stall<'_>, dice: &mut Dice, name: &str) -> PurchaseOrder {
    let mut order = if dice.one_in(4) {
        let items = (0..dice.below(5)).map(|number| ItemOrder {
            reference: format!("{name}-{number}"),
            name: None,
            description: None,
        });
        PurchaseOrder { items: items.collect(), quantity: None, ..purchase_of(stall.tracked, "0") }
    } else {
        let quantity = Quantity::from_millionths(dice.cents(6_000).millionths());
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
        amount: Price::from_millionths(dice.cents(5_000).millionths()),
    };
    bounds.map(range).into()
}

/// Every figure of an invoice, without its ids.
fn figures(invoice: &Invoice) -> String {
    let charges: Vec<_> = invoice.charges.iter().map(charge).collect();
    let taxes: Vec<_> = invoice.taxes.iter().map(|tax| &tax.line).collect();
    let due: Vec<_> = invoice.schedules.iter().map(|part| (part.due_at, part.amount, part.outstanding)).collect();
    let Invoice { number, customer, term, posted_at, paid_at, totals, opening_balance, closing_balance, .. } = invoice;
    let head = (number, customer, term, posted_at, paid_at, totals, opening_balance, closing_balance);
    format!("{head:?} {charges:#?} {taxes:#?} {due:?}")
}

fn charge(charge: &Charge) -> String {
    let Charge { product, name, quantity, unit_price, amount, earning, taxable_amount, range_quantity, tiers, .. } =
        charge;
    let discounts: Vec<_> = charge.discounts.iter().map(|taken| (taken.configured, taken.amount)).collect();
    let head = (product, name, quantity, unit_price, amount, earning, taxable_amount, range_quantity);
    format!("{head:?} {tiers:?} {discounts:?}")
}

/// What was sold, without ids and without when.
fn purchases(purchases: &[Purchase]) -> String {
    let of = |purchase: &Purchase| {
        let Purchase { terms, status, coupon_codes, discounts, items, custom_fields, .. } = purchase;
        let discounts: Vec<_> = discounts.iter().map(|discount| discount.discount).collect();
        let items: Vec<_> = items.iter().map(|item| &item.order).collect();
        format!("{terms:?} {status:?} {coupon_codes:?} {discounts:?} {items:?} {custom_fields:?}")
    };
    purchases.iter().map(of).collect::<Vec<_>>().join("\n")
}

/// The invoice that was posted last.
async fn newest(shop: &Shop) -> Invoice {
    let read = shop.act(|tx, session| {
        let id = tx.scalar("SELECT MAX(id) FROM invoice WHERE account_id = $1", &values![session.account.id.0])?;
        invoices::find::run(tx, session, billing::id::InvoiceId(id))
    });
    read.await.unwrap()
}

#[tokio::test]
async fn bulk_create_does_what_its_preview_says() {
    each_shop(async |shop| {
        let stall = Stall::set_up(shop).await;
        for seed in 0..ORDER_COUNT {
            let mut dice = Dice::new(seed);
            let customer = dice.pick(&stall.customers);
            let count = dice.below(3) + 1;
            let ordered = (0..count).map(|number| random_purchase(&stall, &mut dice, &format!("{seed}-{number}")));
            let order =
                bulk_create::Order { customer, auto_purchase: true, purchases: ordered.collect(), collect: None };
            let previewed = order.clone();
            let shown = stall.preview(
                move |tx, session| bulk_create::preview(tx, session, &previewed),
                |(created, preview)| purchases(&created.purchases) + &figures(&preview.invoice),
            );
            let shown = shown.await;
            let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
            let done = purchases(&created.purchases) + &figures(&newest(shop).await);
            assert_eq!(shown, done, "seed {seed}");
        }
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn finalizing_does_what_its_preview_says() {
    each_shop(async |shop| {
        let stall = Stall::set_up(shop).await;
        for seed in 0..ORDER_COUNT {
            let mut dice = Dice::new(1_000 + seed);
            let customer = dice.pick(&stall.customers);
            let count = dice.below(3) + 1;
            let ordered = (0..count).map(|number| random_purchase(&stall, &mut dice, &format!("{seed}-{number}")));
            let order =
                bulk_create::Order { customer, auto_purchase: false, purchases: ordered.collect(), collect: None };
            let drafts = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap().purchases;
            let ids = drafts.iter().map(|draft| draft.id).collect();
            let foresee =
                move |tx: &mut Tx<'_>, session: &Session| finalize::foresee(tx, session, customer, &drafts, None);
            let foreseen = stall.preview(foresee, |preview| figures(&preview.invoice)).await;
            let order = finalize::Order { customer, purchases: ids, collect: None };
            let previewed = order.clone();
            let preview = move |tx: &mut Tx<'_>, session: &Session| finalize::preview(tx, session, &previewed);
            let shown = stall.preview(preview, |preview| figures(&preview.invoice)).await;
            shop.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap();
            assert_eq!(shown, figures(&newest(shop).await), "seed {seed}");
            assert_eq!(foreseen, shown, "seed {seed}");
        }
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_preview_refuses_what_the_run_would_and_leaves_nothing_either() {
    each_shop(async |shop| {
        let stall = Stall::set_up(shop).await;
        let customer = stall.customers[0];
        let mut wrong = purchase_of(stall.plain, "1");
        wrong.coupon_codes = vec!["AUTUMN".to_owned()];
        let purchases = vec![purchase_of(stall.plain, "1"), wrong];
        let order = bulk_create::Order { customer, auto_purchase: true, purchases, collect: None };
        let before = everything(shop).await;
        let previewed = order.clone();
        let preview = move |tx: &mut Tx<'_>, session: &Session| bulk_create::preview(tx, session, &previewed);
        let shown = shop.app.preview(&stall.caller, preview, |_, _| Ok(Answer::new(200, String::new()))).await;
        let done = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await;
        assert_eq!(shown.unwrap_err().to_string(), done.unwrap_err().to_string());
        assert_eq!(everything(shop).await, before);
    })
    .await;
}
