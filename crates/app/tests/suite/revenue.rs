//! Revenue over time: what each setting earns on which day, what reports say of any day, and what a cancellation does.

mod cancelled;
mod caught_up;
mod reported;

use std::sync::{Mutex, mpsc::channel};

use app::rounds;
use billing::{
    discount::DiscountType,
    earning::{
        EarningInterval::{Monthly, Yearly},
        EarningSettings, EarningTimingInterval as Cut, EarningTimingType as Falls,
    },
    id::PurchaseId,
    purchase::PurchaseOrder,
};
use calendar::{Date, add_days, add_months};
use money::Amount;
use testkit::until;
use tokio::time::sleep;

use crate::{
    coupons::of,
    locks::{MOMENT, shop_with_locks},
    shop::{Shop, each_shop, purchase_of},
    trade::{a_year_in_arrears, amount, date, over},
};

/// The day of every sale here: that on which shops open.
const POSTED_ON: &str = "2024-01-15";

/// What is earned on which day.
type Parts = Vec<(Date, Amount)>;

/// Settings of purchases.md §6.2 and the days on which 1,200 dollars are earned by them.
fn table() -> Vec<(EarningSettings, Parts)> {
    let monthly = |first: &str, count: i64, part: &str| -> Vec<_> {
        (0..count).map(|month| (add_months(date(first), month), amount(part))).collect()
    };
    let whole = |day: &str| vec![(date(day), amount("1200"))];
    let year = |cut, falls| over(12, Monthly, cut, falls);
    let thirds = (1..=36).map(|number| (add_months(date(POSTED_ON), number - 1), third(number)));
    vec![
        (EarningSettings::IMMEDIATELY, whole(POSTED_ON)),
        (year(Cut::EarnImmediately, Falls::EndOfInterval), whole(POSTED_ON)),
        (year(Cut::DoesNotEarn, Falls::DoesNotEarn), vec![]),
        (year(Cut::Monthly, Falls::DoesNotEarn), vec![]),
        (year(Cut::Daily, Falls::StartOfInterval), daily(POSTED_ON)),
        (year(Cut::Daily, Falls::EndOfInterval), daily("2024-01-16")),
        (year(Cut::Monthly, Falls::StartOfInterval), monthly(POSTED_ON, 12, "100")),
        (year(Cut::Monthly, Falls::EndOfInterval), monthly("2024-02-15", 12, "100")),
        (year(Cut::Yearly, Falls::StartOfInterval), whole(POSTED_ON)),
        (year(Cut::Yearly, Falls::EndOfInterval), whole("2025-01-15")),
        (year(Cut::Interval, Falls::StartOfInterval), whole(POSTED_ON)),
        (year(Cut::Interval, Falls::EndOfInterval), whole("2025-01-15")),
        (over(1, Yearly, Cut::Monthly, Falls::EndOfInterval), monthly("2024-02-15", 12, "100")),
        (over(3, Yearly, Cut::Monthly, Falls::StartOfInterval), thirds.collect()),
        (over(1, Monthly, Cut::Yearly, Falls::StartOfInterval), whole(POSTED_ON)),
        (over(1, Monthly, Cut::Yearly, Falls::EndOfInterval), whole("2024-02-15")),
    ]
}

/// 1,200 dollars in 36 parts: 33.33, 33.34, 33.33, and so on.
fn third(number: i64) -> Amount {
    amount(if number % 3 == 2 { "33.34" } else { "33.33" })
}

/// 1,200 dollars in the 366 days from the first on: in whole cents, the sum after n days rounded half up.
fn daily(first: &str) -> Parts {
    let by = |days: i64| (days * 120_000 * 2 + 366) / (2 * 366);
    let part = |day: i64| Amount::from_millionths((by(day + 1) - by(day)) * 10_000);
    (0..366).map(|day| (add_days(date(first), day), part(day))).collect()
}

#[tokio::test]
async fn every_setting_earns_its_parts_on_their_days_however_late_the_rounds() {
    each_shop(async |shop| {
        let (customer, service) = (shop.customer().await, shop.service("SERVICE").await);
        let mut sold = Vec::new();
        for (settings, parts) in table() {
            let order = PurchaseOrder { earning: Some(settings), ..purchase_of(service, "1200") };
            sold.push((shop.sell(customer, order).await.0, settings, parts));
        }
        assert_earned(shop, &sold).await;
        // Day by day, a week of downtime, months of it, and what is left of three years at once.
        for days in [1, 1, 7, 22, 1, 29, 31, 1, 90, 183, 800] {
            shop.clock.advance_days(days);
            shop.earn().await;
            assert_earned(shop, &sold).await;
            shop.earn().await;
            assert_earned(shop, &sold).await;
        }
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

/// States that of each purchase everything is earned that was to be by now, and nothing else.
async fn assert_earned(shop: &Shop, sold: &[(PurchaseId, EarningSettings, Parts)]) {
    let today = shop.today();
    for (purchase, settings, parts) in sold {
        let due: Vec<_> = parts.iter().copied().filter(|(on, _)| *on <= today).collect();
        assert_eq!(shop.posted(*purchase, "Earning").await, due, "on {today} of {settings:?}");
    }
}

#[tokio::test]
async fn discounts_earn_on_the_same_days() {
    each_shop(async |shop| {
        let (customer, service) = (shop.customer().await, shop.service("SERVICE").await);
        let discounts = vec![of(DiscountType::Percentage, "25"), of(DiscountType::Amount, "0.05")];
        let order = PurchaseOrder { discounts, earning: Some(a_year_in_arrears()), ..purchase_of(service, "1200") };
        let (purchase, _) = shop.sell(customer, order).await;
        shop.clock.advance_days(92);
        shop.earn().await;
        let days = ["2024-02-15", "2024-03-15", "2024-04-15"].map(date);
        assert_eq!(shop.posted(purchase, "Earning").await, days.map(|day| (day, amount("100"))));
        // 300.05 in twelve parts: 25.00, then 50.01 and 75.01 together.
        let parts = ["25", "25.01", "25"].map(amount);
        let expected: Vec<_> = days.into_iter().zip(parts).collect();
        assert_eq!(shop.posted(purchase, "DiscountEarning").await, expected);
    })
    .await;
}

#[tokio::test]
async fn the_worker_earns_at_every_midnight_and_what_was_missed() {
    each_shop(async |shop| {
        let (customer, service) = (shop.customer().await, shop.service("SERVICE").await);
        let daily = over(1, Monthly, Cut::Daily, Falls::StartOfInterval);
        let order = PurchaseOrder { earning: Some(daily), ..purchase_of(service, "31") };
        let (purchase, _) = shop.sell(customer, order).await;
        let expected =
            |days: i64| -> Vec<_> { (0..days).map(|day| (add_days(date(POSTED_ON), day), Amount::ONE)).collect() };
        assert_eq!(shop.posted(purchase, "Earning").await, expected(1), "nobody has to work for the first day");

        let worker = rounds::start_worker(&shop.app);
        shop.clock.advance_days(1);
        await_parts(shop, purchase, 2).await;
        worker.stop().await;
        assert_eq!(shop.posted(purchase, "Earning").await, expected(2));

        shop.clock.advance_days(7);
        let worker = rounds::start_worker(&shop.app);
        await_parts(shop, purchase, 9).await;
        shop.clock.advance_days(1);
        await_parts(shop, purchase, 10).await;
        worker.stop().await;
        assert_eq!(shop.posted(purchase, "Earning").await, expected(10));
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_round_that_midnight_overtakes_is_due_again_at_once() {
    shop_with_locks(async |shop| {
        let (customer, service) = (shop.customer().await, shop.service("SERVICE").await);
        let daily = over(1, Monthly, Cut::Daily, Falls::StartOfInterval);
        let order = PurchaseOrder { earning: Some(daily), ..purchase_of(service, "31") };
        let (purchase, _) = shop.sell(customer, order).await;
        shop.clock.advance_days(1);
        let (release, released) = channel();
        let released = Mutex::new(released);
        let held = shop.act(move |tx, session| {
            store::customer::lock(tx, session.account.id, customer)?;
            released.lock().unwrap().recv().unwrap();
            Ok(())
        });
        let story = async {
            sleep(MOMENT).await;
            let worker = rounds::start_worker(&shop.app);
            sleep(MOMENT).await;
            shop.clock.advance_days(1);
            release.send(()).unwrap();
            await_parts(shop, purchase, 3).await;
            worker.stop().await;
        };
        let (held, ()) = tokio::join!(held, story);
        held.unwrap();
    })
    .await;
}

/// Waits until so many parts of a purchase are earned.
async fn await_parts(shop: &Shop, purchase: PurchaseId, count: usize) {
    until("the parts", async || shop.posted(purchase, "Earning").await.len() >= count).await;
}
