//! What previews show that a run would not do yet: drafts that wait for their targets, for a coupon or for a person.

use app::{
    Answer, Error, Tx, accounts,
    customers::{self, activate},
    purchases::{bulk_create, finalize, finalize_drafts, find},
};
use billing::{
    account::Session,
    customer::{BillingSetting, CustomerStatus},
    discount::DiscountType,
    id::{CustomerId, ProductId, PurchaseId},
    preview::Preview,
    problem::Problem,
    product::ProductFields,
    purchase::{ItemOrder, PurchaseOrder, PurchaseStatus},
    refusal::Refusal,
};
use money::Quantity;

use crate::{
    coupons::{half, of},
    shop::{KEY, Shop, each_shop, priced, purchase_of},
};

/// What an invoice that is taken back comes to, before and after discounts.
async fn shown(
    shop: &Shop,
    run: impl Fn(&mut Tx<'_>, &Session) -> Result<Option<Preview>, Error> + Send + Sync + 'static,
) -> Result<String, Error> {
    let caller = shop.app.authenticate(vec![accounts::key::hash(KEY)]).await.unwrap();
    let totals = |preview: Option<Preview>| {
        let totals = preview.map(|preview| preview.invoice.totals);
        totals.map_or("nothing".to_owned(), |totals| format!("{} less {}", totals.subtotal, totals.discount))
    };
    let render = move |_: &Session, preview| Ok(Answer::new(200, totals(preview)));
    Ok(shop.app.preview(&caller, run, render).await?.body)
}

async fn bulk(shop: &Shop, order: &bulk_create::Order) -> Result<String, Error> {
    let order = order.clone();
    shown(shop, move |tx, session| Ok(Some(bulk_create::preview(tx, session, &order)?.1))).await
}

fn selling(customer: CustomerId, auto_purchase: bool, purchases: Vec<PurchaseOrder>) -> bulk_create::Order {
    bulk_create::Order { customer, auto_purchase, purchases, collect: None }
}

async fn tracked(shop: &Shop) -> ProductId {
    let fields = ProductFields { is_tracking_items: true, ..priced("TRACKED", "10") };
    shop.act(move |tx, session| app::products::create::run(tx, session, &fields)).await.unwrap().id
}

/// A purchase of two items that are named after `reference`.
fn two_items(product: ProductId, reference: &str, target: &str) -> PurchaseOrder {
    let item = |number| ItemOrder { reference: format!("{reference}{number}"), name: None, description: None };
    PurchaseOrder {
        quantity: None,
        items: [1, 2].map(item).into(),
        target_order_quantity: Some(Quantity::parse(target).unwrap()),
        ..purchase_of(product, "0")
    }
}

async fn draft(shop: &Shop, customer: CustomerId, order: PurchaseOrder) -> PurchaseId {
    let order = selling(customer, false, vec![order]);
    shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap().purchases[0].id
}

async fn status(shop: &Shop, purchase: PurchaseId) -> PurchaseStatus {
    shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap().status
}

fn refusal<T: std::fmt::Debug>(refused: Result<T, Error>) -> Refusal {
    let Err(Error::Refused(refusal)) = refused else { panic!("{refused:?}") };
    refusal
}

fn problem<T: std::fmt::Debug>(refused: Result<T, Error>) -> Problem {
    let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!(problems.len(), 1);
    problems[0].clone()
}

#[tokio::test]
async fn a_draft_below_its_target_is_foreseen_and_not_charged() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, tracked(shop).await);
        let order = selling(customer, false, vec![two_items(product, "a", "5")]);
        assert_eq!(bulk(shop, &order).await.unwrap(), "20 less 0");
        let at_once = selling(customer, true, order.purchases);
        let expected = Problem::new("Purchases[0]", Refusal::TargetNotReached.to_string());
        assert_eq!(problem(bulk(shop, &at_once).await), expected, "as the run says");

        let purchases = vec![draft(shop, customer, two_items(product, "b", "5")).await];
        let order = finalize::Order { customer, purchases, collect: None };
        let previewed = order.clone();
        let preview = shown(shop, move |tx, session| finalize::preview(tx, session, &previewed).map(Some)).await;
        assert_eq!(refusal(preview), Refusal::TargetNotReached, "as the run says");
        let run = shop.act(move |tx, session| finalize::run(tx, session, &order)).await;
        assert_eq!(refusal(run), Refusal::TargetNotReached);
    })
    .await;
}

#[tokio::test]
async fn a_coupon_for_one_is_foreseen_on_each_draft_and_used_on_one() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        half(shop, "ONCE", Some(1)).await;
        let order = PurchaseOrder { coupon_codes: vec!["ONCE".to_owned()], ..purchase_of(product, "1") };
        let drafts = selling(customer, false, vec![order.clone(), order.clone()]);
        assert_eq!(bulk(shop, &drafts).await.unwrap(), "20 less 10");
        let refused = bulk(shop, &selling(customer, true, vec![order.clone(), order])).await;
        let expected = Problem::new("Purchases[1]", Refusal::CouponNotValid("ONCE".to_owned()).to_string());
        assert_eq!(problem(refused), expected);
    })
    .await;
}

#[tokio::test]
async fn previews_answer_where_invoices_are_not_posted_automatically() {
    each_shop(async |shop| {
        let product = shop.product("P", "10").await;
        let order = customers::create::Order {
            billing_setting: Some(BillingSetting { auto_post_draft_invoice: Some(false), ..BillingSetting::default() }),
            ..customers::create::Order::default()
        };
        let customer = shop.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id;
        let purchases = vec![draft(shop, customer, purchase_of(product, "3")).await];
        for disables_auto_post in [false, true] {
            let order = activate::Order { customer, finalizes_purchases: true, disables_auto_post, collect: None };
            let preview = shown(shop, move |tx, session| {
                let (customer, invoice) = activate::preview(tx, session, &order)?;
                assert_eq!(customer.status, CustomerStatus::Draft);
                Ok(invoice)
            });
            assert_eq!(preview.await.unwrap(), "30 less 0");
        }
        let order = activate::Order { customer, finalizes_purchases: false, disables_auto_post: false, collect: None };
        shop.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap();

        let order = finalize::Order { customer, purchases, collect: None };
        let preview = shown(shop, move |tx, session| finalize::preview(tx, session, &order).map(Some)).await;
        assert_eq!(preview.unwrap(), "30 less 0");
        let order = finalize_drafts::Order { customer, only: None, disables_auto_post: true, collect: None };
        let preview = shown(shop, move |tx, session| finalize_drafts::preview(tx, session, &order)).await;
        assert_eq!(preview.unwrap(), "30 less 0");
        let order = selling(customer, true, vec![purchase_of(product, "1")]);
        assert_eq!(bulk(shop, &order).await.unwrap(), "10 less 0");
    })
    .await;
}

#[tokio::test]
async fn drafts_that_wait_for_items_do_not_hold_up_the_others() {
    each_shop(async |shop| {
        let (plain, product) = (shop.product("P", "1").await, tracked(shop).await);
        for (name, is_active) in [("a", true), ("b", false)] {
            let customer = if is_active { shop.customer().await } else { shop.draft_customer().await };
            let waiting = draft(shop, customer, two_items(product, &format!("{name}w"), "3")).await;
            let complete = draft(shop, customer, two_items(product, &format!("{name}c"), "2")).await;
            let other = draft(shop, customer, purchase_of(plain, "1")).await;
            let everything = finalize_drafts::Order { customer, only: None, disables_auto_post: false, collect: None };
            let all = everything.clone();
            let invoice = if is_active {
                shop.act(move |tx, session| finalize_drafts::run(tx, session, &all)).await.unwrap()
            } else {
                let order =
                    activate::Order { customer, finalizes_purchases: true, disables_auto_post: false, collect: None };
                shop.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap().billed
            };
            assert_eq!(shop.invoice_of(invoice.unwrap().posted().unwrap()).await.totals.subtotal.to_string(), "21");
            assert_eq!(status(shop, waiting).await, PurchaseStatus::Draft);
            assert_eq!(status(shop, complete).await, PurchaseStatus::Purchased);
            assert_eq!(status(shop, other).await, PurchaseStatus::Purchased);
            let again = shop.act(move |tx, session| finalize_drafts::run(tx, session, &everything)).await;
            assert_eq!(again.unwrap(), None, "what waits is not an error");
            let purchases = finalize_drafts::Named { subscriptions: vec![], purchases: vec![waiting] };
            let only = Some(purchases);
            let named = finalize_drafts::Order { customer, only, disables_auto_post: false, collect: None };
            let refused = shop.act(move |tx, session| finalize_drafts::run(tx, session, &named)).await;
            assert_eq!(refusal(refused), Refusal::TargetNotReached, "unless it is asked for by name");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_sold_at_once_is_stored_as_it_is_answered() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let plain = purchase_of(product, "1");
        let discounted =
            PurchaseOrder { discounts: vec![of(DiscountType::Percentage, "25")], ..purchase_of(product, "1") };
        for auto_purchase in [true, false] {
            let order = selling(customer, auto_purchase, vec![plain.clone(), discounted.clone()]);
            let created = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
            assert_eq!(created.billed.is_some(), auto_purchase);
            for purchase in created.purchases {
                let id = purchase.id;
                let stored = shop.act(move |tx, session| find::run(tx, session, id)).await.unwrap();
                assert_eq!(stored, purchase);
                assert_eq!(stored.purchased_at, auto_purchase.then(|| shop.app.now()));
                assert_eq!(stored.status == PurchaseStatus::Purchased, auto_purchase);
            }
        }
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
