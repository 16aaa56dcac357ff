//! Products: what is stored comes back, codes are unique, products in use keep theirs.

use app::{Error, customers, products, purchases::finalize};
use billing::{
    custom_field::{CustomField, DataType},
    event::EventType,
    listing::{Clause, Condition, Direction, Operand, Page, Sort},
    named::Named,
    pricing::PricingModel,
    problem::Problem,
    product::{OrderToCashCycle, Product, ProductFields, ProductStatus, QuantityRange},
};
use db::values;
use money::{Amount, Currency, Price, Quantity};

use crate::{
    extras::{define, label},
    shop::{Shop, each_shop, priced},
};

async fn create(shop: &Shop, fields: ProductFields) -> Result<Product, Error> {
    shop.act(move |tx, session| products::create::run(tx, session, &fields)).await
}

async fn update(shop: &Shop, order: products::update::Order) -> Result<Product, Error> {
    shop.act(move |tx, session| products::update::run(tx, session, &order)).await
}

/// A product with something in every field.
fn complete() -> ProductFields {
    let range = |min: &str, max: Option<&str>, prices: [&str; 2]| QuantityRange {
        min: Quantity::parse(min).unwrap(),
        max: max.map(|max| Quantity::parse(max).unwrap()),
        prices: [Currency::EUR, Currency::USD]
            .into_iter()
            .zip(prices.map(|price| Price::parse(price).unwrap()))
            .collect(),
    };
    let fields = priced("FULL", "1");
    let cycle = OrderToCashCycle {
        pricing_model: PricingModel::Tiered,
        ranges: vec![range("0", Some("2.5"), ["4", "5.123456"]), range("2.5", None, ["3", "4"])],
        ..fields.cycle.clone().unwrap()
    };
    ProductFields {
        description: Some("Every field".to_owned()),
        cycle: Some(cycle),
        quantity: Some(Quantity::ONE),
        avalara_tax_code: Some("O0000000".to_owned()),
        gl_code: Some("4000".to_owned()),
        gl_code_name: Some("Sales".to_owned()),
        custom_fields: vec![
            CustomField { key: "b".to_owned(), value: Some("1".to_owned()) },
            CustomField { key: "a".to_owned(), value: None },
        ],
        digital_river_eccn: Some(7),
        pushed_to_digital_river: Some(true),
        quickbooks_item_id: Some(8),
        ..fields
    }
}

/// What a complete product names.
async fn catalogue(shop: &Shop) {
    label(shop, "4000", "Sales").await;
    for key in ["a", "b"] {
        define(shop, key, DataType::String).await;
    }
}

#[tokio::test]
async fn what_is_stored_comes_back() {
    each_shop(async |shop| {
        catalogue(shop).await;
        let created = create(shop, complete()).await.unwrap();
        assert_eq!(created.fields, complete());
        assert!(created.deletable);
        let unpriced = ProductFields { cycle: None, custom_fields: Vec::new(), ..complete() };
        let order = products::update::Order { id: created.id, fields: unpriced.clone() };
        assert_eq!(update(shop, order).await.unwrap().fields, unpriced);
        let order = products::update::Order { id: created.id, fields: complete() };
        assert_eq!(update(shop, order).await.unwrap().fields, complete());
        let (account, id) = (shop.account, created.id);
        let events = shop.act(move |tx, _| {
            let sql = "SELECT event_type FROM event WHERE account_id = $1 AND subject_id = $2 ORDER BY id";
            Ok(tx.query(sql, &values![account.0, id.0], |row| row.get::<String>(0))?)
        });
        let expected = [EventType::ProductCreated, EventType::ProductUpdated, EventType::ProductUpdated];
        assert_eq!(events.await.unwrap(), expected.map(EventType::name));
    })
    .await;
}

#[tokio::test]
async fn codes_are_unique() {
    each_shop(async |shop| {
        let first = shop.product("A", "1").await;
        let second = shop.product("B", "1").await;
        let taken = || vec![Problem::new("Code", "Code A is already in use.")];
        let refused = create(shop, priced("A", "2")).await;
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems == taken()));
        let refused = update(shop, products::update::Order { id: second, fields: priced("A", "2") }).await;
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems == taken()));
        update(shop, products::update::Order { id: first, fields: priced("A", "2") }).await.unwrap();
        update(shop, products::update::Order { id: first, fields: priced("C", "2") }).await.unwrap();
        create(shop, priced("A", "2")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_product_in_use_keeps_its_code() {
    each_shop(async |shop| {
        let product = shop.product("A", "1").await;
        let customer = shop.customer().await;
        shop.purchase(customer, product, "1").await;
        let refused = update(shop, products::update::Order { id: product, fields: priced("B", "2") }).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(problems[0].field, "Code");
        let updated = update(shop, products::update::Order { id: product, fields: priced("A", "2") }).await.unwrap();
        assert_eq!((updated.fields, updated.deletable), (priced("A", "2"), false));
    })
    .await;
}

#[tokio::test]
async fn a_new_price_holds_for_new_purchases_only() {
    each_shop(async |shop| {
        let product = shop.product("A", "1").await;
        let customer = shop.customer().await;
        let draft = shop.purchase(customer, product, "1").await;
        update(shop, products::update::Order { id: product, fields: priced("A", "20") }).await.unwrap();
        shop.invoice(customer, product, "1").await;
        let order = finalize::Order { customer, purchases: vec![draft], collect: None };
        shop.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap();
        let customer = shop.act(move |tx, session| customers::find::run(tx, session, customer)).await.unwrap();
        assert_eq!(customer.balance, Amount::parse("21").unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_unknown_product_is_not_found() {
    each_shop(async |shop| {
        let unknown = billing::id::ProductId(5);
        let refused = update(shop, products::update::Order { id: unknown, fields: priced("B", "2") }).await;
        assert_eq!(refused.unwrap_err().to_string(), "Product with id 5 not found.");
        let refused = shop.act(move |tx, session| products::find::run(tx, session, unknown)).await;
        assert_eq!(refused.unwrap_err().to_string(), "Product with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn every_listed_name_filters_and_sorts() {
    each_shop(async |shop| {
        catalogue(shop).await;
        for code in ["A", "B"] {
            create(shop, ProductFields { code: code.to_owned(), ..complete() }).await.unwrap();
        }
        let retired = ProductFields { status: ProductStatus::Retired, cycle: None, ..priced("C", "1") };
        create(shop, retired).await.unwrap();
        let list =
            async |page: Page| shop.act(move |tx, session| products::list::run(tx, session, &page)).await.unwrap();
        for column in products::list::COLUMNS {
            let sort = Sort { field: column.field.name, direction: Direction::Descending };
            assert_eq!(list(Page { sort, ..Page::default() }).await.rows.len(), 3, "{sort:?}");
        }
        let active = Clause { field: "status", condition: Condition::Equals(Operand::Text("Active".to_owned())) };
        let slice = list(Page { conditions: vec![active], ..Page::default() }).await;
        assert_eq!((slice.matching, slice.total), (2, 3));
        assert_eq!(slice.rows[1].fields, ProductFields { code: "B".to_owned(), ..complete() });
    })
    .await;
}
