//! Usages of coupons: taken when a purchase is charged, once for what was split, and none twice.

use super::*;

#[tokio::test]
async fn usages_are_taken_when_the_purchase_is_charged() {
    each_shop(async |shop| {
        let coupon = half(shop, "SPRING", Some(1)).await;
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let drafts = sell(shop, customer, false, vec![with_codes(product, &["SPRING"]); 2]).await.unwrap();
        assert_eq!(remaining(shop, coupon).await, Some(1), "drafts take none");
        charge(shop, customer, drafts[0].id).await.unwrap();
        assert_eq!(remaining(shop, coupon).await, Some(0));
        let refused = charge(shop, customer, drafts[1].id).await.unwrap_err();
        assert_eq!(refused.to_string(), "Coupon code SPRING is not valid.");
        let refused = shop.act(move |tx, session| coupons::delete::run(tx, session, coupon)).await.unwrap_err();
        assert_eq!(refused.to_string(), "Only coupons that were never applied may be deleted.");
    })
    .await;
}

#[tokio::test]
async fn usages_that_were_taken_since_a_coupon_was_read_stay_taken() {
    each_shop(async |shop| {
        let coupon = half(shop, "SPRING", Some(3)).await;
        let read = async || {
            let coupon = shop.act(move |tx, session| coupons::find::run(tx, session, coupon)).await.unwrap();
            coupon.fields
        };
        let put = async |fields: CouponFields| {
            update(shop, coupon, fields).await.unwrap();
            remaining(shop, coupon).await
        };
        let set = |mut fields: CouponFields, usages| {
            (fields.codes[0].id, fields.codes[0].remaining_usages) = (None, usages);
            fields
        };
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let buy = async |count| sell(shop, customer, true, vec![with_codes(product, &["SPRING"]); count]).await;
        let at_first = read().await;
        buy(1).await.unwrap();
        let in_between = read().await;
        buy(2).await.unwrap();
        assert_eq!(put(at_first.clone()).await, Some(0), "read when there were three");
        assert_eq!(put(in_between.clone()).await, Some(0), "read when there were two");
        assert!(buy(1).await.is_err());

        assert_eq!(put(set(in_between.clone(), Some(2))).await, Some(2), "named by its text alone, they are given");
        buy(1).await.unwrap();
        assert_eq!(put(read().await).await, Some(1));
        assert_eq!(put(in_between).await, Some(1), "two is what was set now");
        assert_eq!(put(at_first.clone()).await, Some(3), "nobody can have read three since");
        let mut fewer = read().await;
        fewer.codes[0].remaining_usages = Some(1);
        buy(1).await.unwrap();
        assert_eq!(put(set(fewer, None)).await, None, "without a limit");
        assert_eq!(put(at_first.clone()).await, Some(3), "with one again");

        let mut unknown = at_first;
        unknown.codes[0].id = Some(billing::id::CouponCodeId(1));
        let problems = problems_of(update(shop, coupon, unknown).await);
        let expected = Problem::new("CouponCodes[0].Id", "CouponCode with id 1 not found.");
        assert_eq!(problems, [expected]);
    })
    .await;
}

#[tokio::test]
async fn a_customer_uses_a_one_time_coupon_once() {
    each_shop(async |shop| {
        let half = discount(shop, "HALF", of(DiscountType::Percentage, "50")).await;
        let once = CouponFields { is_one_time_use: true, ..fields("ONCE", None, vec![half]) };
        create(shop, once).await.unwrap();
        let (first, other, product) = (shop.customer().await, shop.customer().await, shop.product("P", "100").await);
        let orders = || vec![with_codes(product, &["ONCE"])];
        let early = sell(shop, first, false, orders()).await.unwrap().remove(0);
        sell(shop, first, true, orders()).await.unwrap();
        let refused = charge(shop, first, early.id).await.unwrap_err();
        assert_eq!(refused.to_string(), "Coupon code ONCE is not valid.");
        assert_eq!(problems_of(sell(shop, first, false, orders()).await).len(), 1);
        let ask = async |customer| {
            let question = coupons::validate::Question { code: "ONCE".to_owned(), plan: None, customer };
            shop.act(move |tx, session| coupons::validate::run(tx, session, &question)).await.unwrap()
        };
        assert_eq!(ask(Some(first)).await, Some(Ineligible::UsedByCustomer));
        assert_eq!((ask(Some(other)).await, ask(None).await), (None, None));
        sell(shop, other, true, orders()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_a_request_itself_uses_up_is_named_with_the_element() {
    each_shop(async |shop| {
        let twice = half(shop, "TWICE", Some(2)).await;
        let half = discount(shop, "OTHER", of(DiscountType::Percentage, "50")).await;
        let mut once = CouponFields { is_one_time_use: true, ..fields("ONCE", Some(9), vec![half]) };
        once.codes.push(CouponCode { id: None, code: "UNA".to_owned(), remaining_usages: None });
        create(shop, once).await.unwrap();
        let tracked = ProductFields { is_tracking_items: true, ..priced("T", "1") };
        let tracked = shop.act(move |tx, session| products::create::run(tx, session, &tracked)).await.unwrap().id;
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let waiting = || PurchaseOrder {
            quantity: None,
            target_order_quantity: Some(Quantity::ONE),
            ..purchase_of(tracked, "0")
        };
        let orders = || {
            let with = |codes: &[&str]| with_codes(product, codes);
            vec![with(&["TWICE"]), with(&["ONCE"]), with(&["TWICE", "UNA"]), waiting(), with(&["ONCE", "TWICE"])]
        };
        let invalid = |index, code: &str| {
            Problem::new(format!("Purchases[{index}]"), format!("Coupon code {code} is not valid."))
        };
        let problems = problems_of(sell(shop, customer, true, orders()).await);
        let short = Problem::new("Purchases[3]", "Target order quantity has not been reached.");
        assert_eq!(problems, [invalid(2, "UNA"), invalid(4, "ONCE"), invalid(4, "TWICE"), short]);
        assert_eq!(remaining(shop, twice).await, Some(2));
        assert_eq!(sell(shop, customer, false, orders()).await.unwrap().len(), 5, "drafts use nothing");
        let enough = vec![with_codes(product, &["TWICE"]), with_codes(product, &["TWICE", "UNA"])];
        let sold = sell(shop, customer, true, enough).await.unwrap();
        assert_eq!(sold[1].coupon_codes, ["TWICE", "UNA"], "answered as they are stored");
        assert_eq!(sold[0].discounts.len(), 1);
        assert_eq!(remaining(shop, twice).await, Some(0));
    })
    .await;
}

/// A tracked draft of two items, of which one is there, with a coupon by this code.
async fn waiting(shop: &Shop, customer: CustomerId, product: ProductId, code: &str) -> PurchaseId {
    let item = ItemOrder { reference: format!("{code} of {customer}"), name: None, description: None };
    let order = PurchaseOrder {
        quantity: None,
        target_order_quantity: Some(Quantity::parse("3").unwrap()),
        items: vec![item],
        ..with_codes(product, &[code])
    };
    sell(shop, customer, false, vec![order]).await.unwrap()[0].id
}

/// Splits a draft at its items, and gives the rest, which is the newest purchase, an item of its own.
async fn split_off(
    shop: &Shop,
    customer: CustomerId,
    purchase: PurchaseId,
    reference: &str,
    target: i64,
) -> PurchaseId {
    let order = split::Order { purchase, only_lowers_target: false };
    shop.act(move |tx, session| split::run(tx, session, &order)).await.unwrap();
    let page = Page::default();
    let all = shop.act(move |tx, session| app::purchases::list::run(tx, session, customer, &page)).await.unwrap();
    let rest = all.rows.iter().map(|purchase| purchase.id).max().unwrap();
    for number in 1..=target {
        let item = ItemOrder { reference: format!("{reference} {number}"), name: None, description: None };
        let order = product_items::create::Order { purchase: rest, item };
        shop.act(move |tx, session| product_items::create::run(tx, session, &order)).await.unwrap();
    }
    rest
}

#[tokio::test]
async fn purchases_that_were_split_use_a_coupon_once() {
    each_shop(async |shop| {
        let tracked = ProductFields { is_tracking_items: true, ..priced("TRACKED", "100") };
        let product = shop.act(move |tx, session| products::create::run(tx, session, &tracked)).await.unwrap().id;
        let limited = half(shop, "LIMITED", Some(2)).await;
        let halved = discount(shop, "HALF", of(DiscountType::Percentage, "50")).await;
        create(shop, CouponFields { is_one_time_use: true, ..fields("ONCE", None, vec![halved]) }).await.unwrap();
        for code in ["LIMITED", "ONCE"] {
            let customer = shop.customer().await;
            let first = waiting(shop, customer, product, code).await;
            let second = split_off(shop, customer, first, &format!("{code} second"), 1).await;
            let third = split_off(shop, customer, second, &format!("{code} third"), 1).await;
            // In an order of their own, the middle one first.
            for purchase in [second, first, third] {
                charge(shop, customer, purchase).await.unwrap();
                let charged = shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap();
                assert_eq!(charged.terms.amount, Amount::parse("50").unwrap(), "{code}: still discounted");
            }
        }
        assert_eq!(remaining(shop, limited).await, Some(1), "one use for all three");
        // Another purchase of the customer is a use of its own.
        let customer = shop.customer().await;
        let first = waiting(shop, customer, product, "LIMITED").await;
        let second = split_off(shop, customer, first, "another", 2).await;
        let other = shop.customer().await;
        let plain = shop.product("PLAIN", "1").await;
        sell(shop, other, true, vec![with_codes(plain, &["LIMITED"])]).await.unwrap();
        let refused = charge(shop, customer, second).await.unwrap_err();
        assert_eq!(refused.to_string(), "Coupon code LIMITED is not valid.", "it was used up before any of them");
    })
    .await;
}

/// Many customers ask for the last usages at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn no_usage_is_given_twice() {
    const USAGES: i64 = 5;
    const RIVALS: usize = 12;
    each_shop(async |shop| {
        let coupon = half(shop, "SPRING", Some(USAGES)).await;
        let product = shop.product("P", "100").await;
        let mut rivals = Vec::new();
        for _ in 0..RIVALS {
            let customer = shop.customer().await;
            let draft = sell(shop, customer, false, vec![with_codes(product, &["SPRING"])]).await.unwrap().remove(0);
            let order = finalize::Order { customer, purchases: vec![draft.id], collect: None };
            let (app, account, now) = (shop.app.clone(), shop.account, shop.app.now());
            rivals.push(async move {
                let unit = move |tx: &mut app::Tx<'_>| {
                    let session = app::App::own_session(tx, account, now)?;
                    finalize::run(tx, &session, &order)
                };
                app.db().write(unit).await
            });
        }
        let mut charged = 0;
        for rival in rivals.into_iter().collect::<JoinSet<_>>().join_all().await {
            match rival {
                Ok(_) => charged += 1,
                Err(refused) => assert_eq!(refused.to_string(), "Coupon code SPRING is not valid."),
            }
        }
        assert_eq!((charged, remaining(shop, coupon).await), (USAGES, Some(0)));
    })
    .await;
}
