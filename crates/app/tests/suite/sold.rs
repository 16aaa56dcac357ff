//! What was sold shows what was charged, and drafts that nobody can charge hold up nobody.

use app::{
    Error, products,
    purchases::{finalize, finalize_drafts, find, update},
};
use billing::{
    id::{CustomerId, ProductId, PurchaseId},
    product::{ProductFields, ProductType},
    purchase::{Change, PurchaseChange, PurchaseStatus},
    refusal::Refusal,
};
use money::Amount;

use crate::{
    shop::{Shop, each_shop, priced},
    trade::{a_year_in_arrears, amount},
};

async fn replace(shop: &Shop, id: ProductId, fields: ProductFields) {
    let order = products::update::Order { id, fields };
    shop.act(move |tx, session| products::update::run(tx, session, &order)).await.unwrap();
}

async fn charge(shop: &Shop, customer: CustomerId, purchase: PurchaseId) -> Result<(), Error> {
    let order = finalize::Order { customer, purchases: vec![purchase], collect: None };
    shop.act(move |tx, session| finalize::run(tx, session, &order)).await.map(|_| ())
}

async fn charge_all(shop: &Shop, customer: CustomerId) {
    let order = finalize_drafts::Order { customer, only: None, disables_auto_post: false, collect: None };
    shop.act(move |tx, session| finalize_drafts::run(tx, session, &order)).await.unwrap();
}

async fn status(shop: &Shop, purchase: PurchaseId) -> PurchaseStatus {
    shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap().status
}

#[tokio::test]
async fn a_sold_purchase_is_as_taxable_as_its_charge() {
    each_shop(async |shop| {
        shop.tax("10").await;
        let (customer, product) = (shop.taxed_customer().await, shop.product("P", "5").await);
        let amounts = async |purchase| {
            let found = shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap();
            (found.terms.amount, found.terms.taxable_amount)
        };
        let draft = shop.purchase(customer, product, "2").await;
        replace(shop, product, ProductFields { tax_exempt: true, ..priced("P", "5") }).await;
        assert_eq!(amounts(draft).await, (amount("10"), amount("10")), "as it was made");
        charge(shop, customer, draft).await.unwrap();
        assert_eq!(amounts(draft).await, (amount("10"), Amount::ZERO));
        let draft = shop.purchase(customer, product, "3").await;
        replace(shop, product, priced("P", "5")).await;
        charge_all(shop, customer).await;
        assert_eq!(amounts(draft).await, (amount("15"), amount("15")));
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn drafts_that_nobody_knows_how_to_earn_are_named_and_wait() {
    each_shop(async |shop| {
        let (customer, service) = (shop.customer().await, shop.service("SERVICE").await);
        let (good, other) = (shop.product("GOOD", "1").await, shop.service("OTHER").await);
        let draft = async |product| shop.purchase(customer, product, "1").await;
        let (stuck, of_good, of_other) = (draft(service).await, draft(good).await, draft(other).await);
        let unpriced = ProductFields {
            product_type: ProductType::OneTimeCharge,
            cycle: None,
            available_for_purchase: false,
            ..priced("SERVICE", "1")
        };
        replace(shop, service, unpriced.clone()).await;
        let of_good_fields =
            ProductFields { product_type: ProductType::PhysicalGood, code: "GOOD".to_owned(), ..unpriced };
        replace(shop, good, of_good_fields).await;
        let refused = charge(shop, customer, stuck).await.unwrap_err();
        let expected = Refusal::EarningMissing { purchase: stuck, product: "SERVICE".to_owned() };
        assert!(matches!(&refused, Error::Refused(refusal) if *refusal == expected), "{refused:?}");
        charge_all(shop, customer).await;
        assert_eq!(status(shop, of_other).await, PurchaseStatus::Purchased);
        assert_eq!(status(shop, of_good).await, PurchaseStatus::Purchased, "goods always earn at once");
        assert_eq!(status(shop, stuck).await, PurchaseStatus::Draft);

        let earning = Change::Set(a_year_in_arrears());
        let order = update::Order { purchase: stuck, change: PurchaseChange { earning, ..PurchaseChange::default() } };
        shop.act(move |tx, session| update::run(tx, session, &order)).await.unwrap();
        charge_all(shop, customer).await;
        assert_eq!(status(shop, stuck).await, PurchaseStatus::Purchased);
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
