//! Reports of revenue as of a day: the same for ever, whenever they are asked for and whenever the rounds ran.

use app::{
    Error,
    purchases::cancel,
    revenue::{self, By, Row},
};
use billing::{
    discount::DiscountType,
    earning::{EarningInterval::Monthly, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::PurchaseId,
    purchase::PurchaseOrder,
    reversal::CancellationOption,
};
use calendar::{Date, Zone, add_days};
use money::Amount;

use crate::{
    coupons::of,
    shop::{Shop, each_shop, purchase_of},
    trade::{amount, date, over},
};

/// A report by each of its three views.
async fn as_of(shop: &Shop, on: Date) -> [Vec<Row>; 3] {
    let ask = shop.act(move |tx, session| {
        let mut by = |by| revenue::as_of(tx, session, on, by);
        Ok([by(By::Account)?, by(By::Product)?, by(By::Customer)?])
    });
    ask.await.unwrap()
}

fn sum(rows: &[Row]) -> [Amount; 2] {
    let of = |part: fn(&Row) -> Amount| Amount::sum(rows.iter().map(part)).unwrap();
    [of(|row| row.deferred), of(|row| row.earned)]
}

/// Moves a shop to Newfoundland, whose day ends at half past three in UTC.
async fn move_to_newfoundland(shop: &Shop) {
    let moved = shop.act(|tx, _| Ok(tx.execute("UPDATE account SET time_zone = 'America/St_Johns'", &[])?));
    assert_eq!(moved.await.unwrap(), 1);
}

/// Sells something every day for six days, at ten in the morning and at ten to midnight of the shop, and tells what the
/// reports of each day said in its last moments. No round runs.
async fn tell_six_days(shop: &Shop) -> (Vec<PurchaseId>, Vec<(Date, [Vec<Row>; 3])>) {
    let zone = Zone::parse("America/St_Johns").unwrap();
    let customers = [shop.customer().await, shop.customer().await];
    let products = [shop.service("A").await, shop.service("B").await];
    let settings = [
        over(1, Monthly, Cut::Daily, Falls::StartOfInterval),
        over(2, Monthly, Cut::Daily, Falls::EndOfInterval),
        over(1, Monthly, Cut::DoesNotEarn, Falls::DoesNotEarn),
        over(1, Monthly, Cut::EarnImmediately, Falls::StartOfInterval),
    ];
    let (mut sold, mut told) = (Vec::new(), Vec::new());
    for day in 0..6_usize {
        let today = add_days(date("2024-01-15"), i64::try_from(day).unwrap());
        for (time, minutes) in [(0_usize, 10 * 60), (1, 24 * 60 - 10)] {
            shop.clock.set(zone.start_of(today).plus_millis(minutes * 60_000));
            let order = PurchaseOrder {
                earning: Some(settings[(day + 2 * time) % settings.len()]),
                discounts: vec![of(DiscountType::Percentage, "12.5")],
                ..purchase_of(products[day % 2], "100.01")
            };
            sold.push(shop.sell(customers[(day / 2 + time) % 2], order).await.0);
        }
        told.push((today, as_of(shop, today).await));
    }
    (sold, told)
}

async fn assert_told(shop: &Shop, told: &[(Date, [Vec<Row>; 3])], when: &str) {
    for (day, reports) in told {
        assert_eq!(as_of(shop, *day).await, *reports, "{day}, asked {when}");
    }
}

#[tokio::test]
async fn a_day_is_reported_the_same_for_ever() {
    each_shop(async |shop| {
        move_to_newfoundland(shop).await;
        let (sold, mut told) = tell_six_days(shop).await;
        let last = told[5].0;
        for (day, [total, products, customers]) in &told {
            assert_eq!((total.len(), sum(products)), (1, sum(total)), "{day}");
            assert_eq!(sum(customers), sum(total), "{day}");
        }
        assert_told(shop, &told, "before any round").await;

        shop.clock.advance_days(7);
        for days in 1..=7 {
            told.push((add_days(last, days), as_of(shop, add_days(last, days)).await));
        }
        assert_told(shop, &told, "after a week without rounds").await;
        shop.earn().await;
        assert_told(shop, &told, "after the rounds were made up for").await;

        shop.clock.advance_days(1);
        let options = [CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full];
        for (purchase, option) in sold.into_iter().zip(options.into_iter().cycle()).skip(1) {
            let order = cancel::Order { purchase, option };
            shop.act(move |tx, session| cancel::run(tx, session, &order)).await.unwrap();
        }
        assert_told(shop, &told, "after cancellations").await;
        shop.clock.advance_days(70);
        assert_told(shop, &told, "much later").await;
        shop.earn().await;
        assert_told(shop, &told, "after the last round").await;
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn figures_are_net_and_days_end_at_midnight() {
    each_shop(async |shop| {
        move_to_newfoundland(shop).await;
        let (customer, product) = (shop.customer().await, shop.service("A").await);
        let order = PurchaseOrder {
            earning: Some(over(1, Monthly, Cut::Daily, Falls::StartOfInterval)),
            discounts: vec![of(DiscountType::Amount, "31")],
            ..purchase_of(product, "93")
        };
        // In Newfoundland it is still the 14th: 62 dollars over the 31 days until the 14th of February.
        shop.clock.set(calendar::Instant::parse("2024-01-15T03:29:59").unwrap());
        shop.sell(customer, order).await;
        shop.clock.advance_days(40);
        for (day, deferred, earned) in [
            ("2024-01-14", "60", "2"),
            ("2024-01-15", "58", "4"),
            ("2024-02-12", "2", "60"),
            ("2024-02-13", "0", "62"),
            ("2024-02-23", "0", "62"),
        ] {
            let [total, products, customers] = as_of(shop, date(day)).await;
            assert_eq!(sum(&total), [deferred, earned].map(amount), "{day}");
            assert_eq!((products[0].product, products[0].label.as_deref()), (Some(product), Some("A")));
            assert_eq!(customers[0].customer, Some(customer));
        }
        assert_eq!(as_of(shop, date("2024-01-13")).await, [const { Vec::new() }; 3]);
        let refused = shop.act(|tx, session| revenue::as_of(tx, session, date("2024-02-24"), By::Account)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    })
    .await;
}
