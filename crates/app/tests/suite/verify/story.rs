//! What happened in the account that is verified.

use app::{
    Error, checkpoints,
    collection::{self, Started},
    invoices, payments,
    purchases::bulk_create,
};
use billing::{
    account::Session,
    discount::{Discount, DiscountType},
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{AccountId, CustomerId, InvoiceId, ProductId},
    opening_deferral::{OpeningDeferralOrder, ReverseDeferralOption},
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    pricing::PricingModel,
    product::{ProductFields, ProductType, QuantityRange},
    purchase::{ItemOrder, PurchaseOrder},
    write_off::Extent,
};
use calendar::add_days;
use db::{Tx, values};
use money::{Amount, Price, Quantity};

use super::{amend, taken_back};
use crate::{
    collections::{VISA, once},
    shop::{Shop, priced, purchase_of},
};

/// Two customers; five invoices, of which one is free, one is earned over a year, with a discount, and one is for tracked
/// items at tiered prices; a tax, a reversal, a payment with something left, of which a part is given back, a credit that
/// a reversal frees and a debit takes back, what was owed, had and deferred before, a card that did not pay, a write-off, a draft, a bulk
/// job, a checkpoint.
pub(crate) async fn tell_story(shop: &Shop) {
    let earned = shop.product("EARNED", "10").await;
    let free = shop.product("FREE", "0").await;
    let deferred = product(shop, "DEFERRED", EarningTimingInterval::DoesNotEarn).await;
    let over_time = product(shop, "OVERTIME", EarningTimingInterval::Monthly).await;
    let (customer, other) = (shop.customer().await, shop.customer().await);
    shop.purchase(other, earned, "1").await;
    shop.clock.advance_days(1);
    let first = shop.invoice(customer, earned, "2").await;
    let second = shop.invoice(customer, deferred, "1").await;
    shop.invoice(customer, free, "1").await;
    sell_at_a_discount(shop, customer, over_time).await;
    sell_items_by_tiers(shop, customer).await;
    shop.clock.advance_days(70);
    shop.act(|tx, session| app::earning::run::step(tx, session, CustomerId(0))).await.unwrap();
    amend::tax_and_reverse(shop, customer, second).await;
    defer(shop, customer, over_time).await;
    pay(shop, customer, first).await;
    taken_back::give_and_take_back(shop, customer, first, earned).await;
    fail_to_collect(shop, customer).await;
    let order = invoices::write_off::Order { invoice: first, extent: Extent::Whole, reference: None };
    shop.act(move |tx, session| invoices::write_off::run(tx, session, &order)).await.unwrap();
    let account = shop.account;
    shop.act(move |tx, _| insert_job(tx, account)).await.unwrap();
    let sealed = shop.act(|tx, session| checkpoints::seal::step(tx, session, CustomerId(0))).await.unwrap();
    assert_eq!(sealed, Some(customer));
}

/// 30 that are earned in 30 days, and 60, of which all but the first day's is taken back.
async fn defer(shop: &Shop, customer: CustomerId, product: ProductId) {
    let through = add_days(shop.today(), 29);
    for (text, product) in [("30", Some(product)), ("60", None)] {
        let order = OpeningDeferralOrder {
            customer,
            amount: Amount::parse(text).unwrap(),
            product,
            starts_on: None,
            ends_on: through,
            reference: None,
            description: Some("Support".to_owned()),
        };
        let opened = shop.defer(order).await.unwrap();
        if product.is_none() {
            shop.reverse_deferral(opened.id, ReverseDeferralOption::Unearned).await.unwrap();
        }
    }
}

/// A card is to be charged, nobody knows what became of it, and a person finds out that no money moved.
async fn fail_to_collect(shop: &Shop, customer: CustomerId) {
    shop.add_gateway().await;
    let payment = PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: Amount::from_millionths(7_000_000),
        method: PaymentMethod::CreditCard,
        reference: None,
        reference_date: None,
        allocations: Vec::new(),
        auto_allocate: None,
        effective_at: None,
    };
    let order = payments::collect::Order { payment, from: once(VISA) };
    let fail = move |tx: &mut Tx<'_>, session: &Session| {
        let Started::Collects(call) = payments::collect::begin(tx, session, &order)? else {
            panic!("nothing to collect")
        };
        let activity = call.collection.activity;
        store::collection::set_unclear(tx, session.account.id, activity, "no answer")?;
        collection::resolve(tx, session, activity, None)
    };
    shop.act(fail).await.unwrap();
}

/// A product of 4 dollars that earns in this way, at the end of each part of a year.
pub(super) async fn product(shop: &Shop, code: &'static str, timing_interval: EarningTimingInterval) -> ProductId {
    let created = shop.act(move |tx, session| {
        let mut fields = ProductFields { product_type: ProductType::OneTimeCharge, ..priced(code, "4") };
        fields.cycle.as_mut().expect("a cycle").earning = EarningSettings {
            interval: Some(EarningInterval::Yearly),
            number_of_intervals: Some(1),
            timing_interval: Some(timing_interval),
            timing_type: Some(EarningTimingType::EndOfInterval),
        };
        app::products::create::run(tx, session, &fields)
    });
    created.await.unwrap().id
}

pub(super) async fn sell_at_a_discount(shop: &Shop, customer: CustomerId, product: ProductId) {
    let discount = Discount::new(DiscountType::Percentage, Price::parse("10").unwrap()).unwrap();
    let purchase = PurchaseOrder { discounts: vec![discount], ..purchase_of(product, "30") };
    let order = bulk_create::Order { customer, auto_purchase: true, purchases: vec![purchase], collect: None };
    shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
}

/// Three items: two of 5 dollars each, and one of 4.
async fn sell_items_by_tiers(shop: &Shop, customer: CustomerId) {
    let created = shop.act(|tx, session| {
        let mut fields = ProductFields { is_tracking_items: true, ..priced("TIERED", "5") };
        let cycle = fields.cycle.as_mut().expect("a cycle");
        let two = Quantity::parse("2").unwrap();
        let mut above = QuantityRange { min: two, ..cycle.ranges[0].clone() };
        above.prices[0].1 = Price::parse("4").unwrap();
        (cycle.pricing_model, cycle.ranges[0].max) = (PricingModel::Tiered, Some(two));
        cycle.ranges.push(above);
        app::products::create::run(tx, session, &fields)
    });
    let product = created.await.unwrap().id;
    let items = ["A", "B", "C"].map(|name| ItemOrder { reference: name.to_owned(), name: None, description: None });
    let purchase = PurchaseOrder { quantity: None, items: items.to_vec(), ..purchase_of(product, "0") };
    let order = bulk_create::Order { customer, auto_purchase: true, purchases: vec![purchase], collect: None };
    shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
}

/// Pays 20, of which the invoice gets 15.
pub(super) async fn pay(shop: &Shop, customer: CustomerId, invoice: InvoiceId) {
    let amount = |text| Amount::parse(text).unwrap();
    let order = PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: amount("20"),
        method: PaymentMethod::Cash,
        reference: None,
        allocations: vec![Allocation { invoice, amount: amount("15") }],
        auto_allocate: None,
        effective_at: None,
        reference_date: None,
    };
    shop.act(move |tx, session| payments::create::run(tx, session, &order)).await.unwrap();
}

/// A job that is being processed, with a record in every state but the first.
fn insert_job(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO bulk_job (account_id, id, job_type, status, total, successful, failed, processed, failed_processed,
             created_at, file_name, reference, is_internal, next_record_id)
         SELECT id, 1, 'BulkWriteOff', 'Processing', 4, 3, 1, 1, 1, created_at, '', '', FALSE, 1
         FROM account WHERE id = $1",
        &values![account.0],
    )?;
    let statuses = ["PassedValidation", "FailedValidation", "Processed", "FailedProcessing"];
    let rows = (1i64..).zip(statuses).map(|(id, status)| values![account.0, 1i64, id, status, "1"]);
    Ok(tx.insert("bulk_record", &["account_id", "job_id", "id", "status", "data"], rows)?)
}
