//! Discounts and custom fields of draft purchases, definitions of custom fields, and general-ledger labels.

use app::{
    Error, custom_fields, gl_codes, products, purchase_discounts,
    purchases::{bulk_create, finalize, find, set_custom_field},
};
use billing::{
    custom_field::{CustomField, DataType, DefinedField, DefinitionFields},
    discount::{Discount, DiscountType},
    gl_code::{GlCodeFields, GlCodeStatus},
    id::{CustomFieldId, GlCodeId, PurchaseDiscountId, PurchaseId},
    problem::Problem,
    product::{Product, ProductFields},
    purchase::PurchaseOrder,
};

use crate::{
    coupons::of,
    shop::{Shop, each_shop, priced, purchase_of},
};

/// Defines a custom field that is called after its key.
pub(crate) async fn define(shop: &Shop, key: &str, data_type: DataType) -> CustomFieldId {
    let fields = DefinitionFields { key: key.to_owned(), friendly_name: format!("The {key}"), data_type };
    shop.act(move |tx, session| custom_fields::create::run(tx, session, &fields)).await.unwrap().id
}

/// Creates a general-ledger label.
pub(crate) async fn label(shop: &Shop, code: &str, name: &str) -> GlCodeId {
    let fields = GlCodeFields { code: code.to_owned(), name: name.to_owned(), status: GlCodeStatus::Active };
    shop.act(move |tx, session| gl_codes::create::run(tx, session, &fields)).await.unwrap().id
}

fn value(key: &str, value: &str) -> CustomField {
    CustomField { key: key.to_owned(), value: Some(value.to_owned()) }
}

fn fields_of(refused: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
    problems.into_iter().map(|problem| problem.field).collect()
}

#[tokio::test]
async fn discounts_of_a_draft_change_its_amounts() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let purchase = shop.purchase(customer, product, "3").await;
        let add = async |discount: Discount| {
            let order = purchase_discounts::create::Order { purchase, discount };
            shop.act(move |tx, session| purchase_discounts::create::run(tx, session, &order)).await
        };
        let change = async |id: PurchaseDiscountId, discount: Discount| {
            let order = purchase_discounts::update::Order { id, discount };
            shop.act(move |tx, session| purchase_discounts::update::run(tx, session, &order)).await
        };
        let remove = async |id| shop.act(move |tx, session| purchase_discounts::delete::run(tx, session, id)).await;
        let stands = async || {
            let found = shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap();
            let terms = &found.terms;
            (terms.amount.to_string(), terms.taxable_amount.to_string(), found.modified_at == shop.app.now())
        };
        shop.clock.advance_millis(1_000);
        let first = add(of(DiscountType::Percentage, "10")).await.unwrap().discount.id;
        assert_eq!(stands().await, ("270".to_owned(), "270".to_owned(), true));
        let second = add(of(DiscountType::AmountPerUnit, "0.5")).await.unwrap().discount.id;
        assert_eq!(stands().await.0, "268.5");
        let changed = change(first, of(DiscountType::Amount, "1000")).await.unwrap();
        assert_eq!((changed.purchase, changed.discount.discount.amount.to_string()), (purchase, "1000".to_owned()));
        assert_eq!(stands().await.0, "0", "never below zero");
        let read = shop.act(move |tx, session| purchase_discounts::find::run(tx, session, first)).await.unwrap();
        assert_eq!(read, changed);
        remove(first).await.unwrap();
        assert_eq!(stands().await.0, "298.5");
        let gone = format!("PurchaseDiscount with id {first} not found.");
        assert_eq!(remove(first).await.unwrap_err().to_string(), gone);
        assert_eq!(change(first, of(DiscountType::Amount, "1")).await.unwrap_err().to_string(), gone);

        let order = finalize::Order { customer, purchases: vec![purchase], collect: None };
        shop.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap();
        let refused = [
            add(of(DiscountType::Amount, "1")).await.map(|_| ()),
            change(second, of(DiscountType::Amount, "1")).await.map(|_| ()),
            remove(second).await,
        ];
        for refused in refused {
            assert_eq!(refused.unwrap_err().to_string(), "Only purchases in status Draft may be modified.");
        }
        assert_eq!(stands().await.0, "298.5");
    })
    .await;
}

#[tokio::test]
async fn values_have_the_type_of_their_definition() {
    each_shop(async |shop| {
        define(shop, "count", DataType::Number).await;
        define(shop, "due", DataType::DateTime).await;
        let (customer, product) = (shop.customer().await, shop.product("P", "1").await);
        let sell = async |custom_fields: Vec<CustomField>| {
            let purchases = vec![PurchaseOrder { custom_fields, ..purchase_of(product, "1") }];
            let order = bulk_create::Order { customer, auto_purchase: false, purchases, collect: None };
            shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await
        };
        let bad = vec![value("count", "many"), value("other", "x"), value("due", "2014-06-26")];
        assert_eq!(
            fields_of(sell(bad).await),
            ["Purchases[0].CustomFields[0].Value", "Purchases[0].CustomFields[1].Key"]
        );
        let good = vec![value("due", "2014-06-26"), value("count", "12.50")];
        let purchase = sell(good).await.unwrap().purchases.remove(0);
        let shown = |key: &str, data_type, value: Option<&str>| DefinedField {
            key: key.to_owned(),
            friendly_name: format!("The {key}"),
            data_type,
            value: value.map(str::to_owned),
        };
        let due = shown("due", DataType::DateTime, Some("2014-06-26T00:00:00"));
        assert_eq!(purchase.custom_fields, [due.clone(), shown("count", DataType::Number, Some("12.5"))]);

        let set = async |purchase: PurchaseId, field: CustomField| {
            let order = set_custom_field::Order { purchase, field };
            shop.act(move |tx, session| set_custom_field::run(tx, session, &order)).await
        };
        assert_eq!(fields_of(set(purchase.id, value("count", "x")).await), ["Value"]);
        assert_eq!(fields_of(set(purchase.id, value("nothing", "x")).await), ["Key"]);
        set(purchase.id, value("count", "-1e2")).await.unwrap();
        let found = shop.act(move |tx, session| find::run(tx, session, purchase.id)).await.unwrap();
        assert_eq!(found.custom_fields, [due, shown("count", DataType::Number, Some("-100"))]);
        let plain = shop.purchase(customer, product, "1").await;
        set(plain, CustomField { key: "count".to_owned(), value: None }).await.unwrap();
        let found = shop.act(move |tx, session| find::run(tx, session, plain)).await.unwrap();
        assert_eq!(found.custom_fields, [shown("count", DataType::Number, None)]);
        let order = finalize::Order { customer, purchases: vec![plain], collect: None };
        shop.act(move |tx, session| finalize::run(tx, session, &order)).await.unwrap();
        let refused = set(plain, value("count", "1")).await.unwrap_err();
        assert_eq!(refused.to_string(), "Only purchases in status Draft may be modified.");
    })
    .await;
}

#[tokio::test]
async fn a_definition_is_renamed_and_stays_while_it_has_values() {
    each_shop(async |shop| {
        let id = define(shop, "count", DataType::Number).await;
        let fields = |key: &str, data_type| DefinitionFields {
            key: key.to_owned(),
            friendly_name: "Number of things".to_owned(),
            data_type,
        };
        let update = async |fields| {
            let order = custom_fields::update::Order { id, fields };
            shop.act(move |tx, session| custom_fields::update::run(tx, session, &order)).await
        };
        assert_eq!(fields_of(update(fields("other", DataType::String)).await), ["Key", "DataType"]);
        update(fields("count", DataType::Number)).await.unwrap();
        let taken = fields("count", DataType::String);
        let refused = shop.act(move |tx, session| custom_fields::create::run(tx, session, &taken)).await;
        assert_eq!(fields_of(refused), ["Key"]);
        let with_value = ProductFields { custom_fields: vec![value("count", "7")], ..priced("P", "1") };
        let product = shop.act(move |tx, session| products::create::run(tx, session, &with_value)).await.unwrap();
        assert_eq!(product.custom_fields[0].friendly_name, "Number of things");
        let delete = async || shop.act(move |tx, session| custom_fields::delete::run(tx, session, id)).await;
        let refused = delete().await.unwrap_err();
        assert_eq!(refused.to_string(), "Only custom fields without values may be deleted.");
        let order = products::update::Order { id: product.id, fields: priced("P", "1") };
        shop.act(move |tx, session| products::update::run(tx, session, &order)).await.unwrap();
        delete().await.unwrap();
        assert_eq!(delete().await.unwrap_err().to_string(), format!("CustomField with id {id} not found."));
    })
    .await;
}

#[tokio::test]
async fn products_follow_their_labels() {
    each_shop(async |shop| {
        let id = label(shop, "4000", "Sales").await;
        let with = |code: &str, gl_code: &str| ProductFields {
            gl_code: Some(gl_code.to_owned()),
            custom_fields: vec![],
            ..priced(code, "1")
        };
        let create = async |fields: ProductFields| -> Result<Product, Error> {
            shop.act(move |tx, session| products::create::run(tx, session, &fields)).await
        };
        let refused = create(ProductFields { custom_fields: vec![value("x", "y")], ..with("P", "5000") }).await;
        assert_eq!(fields_of(refused), ["ProductCustomFields[0].Key", "GlCode"]);
        let product = create(with("P", "4000")).await.unwrap();
        assert_eq!(product.fields.gl_code_name.as_deref(), Some("Sales"));

        let change = |code: &str, status| GlCodeFields { code: code.to_owned(), name: "Revenue".to_owned(), status };
        let order = gl_codes::update::Order { id, fields: change("4100", GlCodeStatus::Retired) };
        shop.act(move |tx, session| gl_codes::update::run(tx, session, &order)).await.unwrap();
        let found = shop.act(move |tx, session| products::find::run(tx, session, product.id)).await.unwrap().fields;
        assert_eq!((found.gl_code.as_deref(), found.gl_code_name.as_deref()), (Some("4100"), Some("Revenue")));
        assert_eq!(fields_of(create(with("Q", "4100")).await), ["GlCode"], "a retired label is given to no product");
        let order = products::update::Order { id: product.id, fields: with("P", "4100") };
        shop.act(move |tx, session| products::update::run(tx, session, &order)).await.unwrap();

        let other = label(shop, "5000", "Other").await;
        let order = gl_codes::update::Order { id: other, fields: change("4100", GlCodeStatus::Active) };
        let refused = shop.act(move |tx, session| gl_codes::update::run(tx, session, &order)).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(problems, [Problem::new("Code", "Code 4100 is already in use.")]);
    })
    .await;
}

#[tokio::test]
async fn a_label_that_is_renamed_meanwhile_leaves_no_product_with_its_old_code() {
    each_shop(async |shop| {
        let id = label(shop, "0", "Sales").await;
        for round in 1..=12 {
            let coded = |product: usize| ProductFields {
                gl_code: Some((round - 1).to_string()),
                ..priced(&format!("{round}-{product}"), "1")
            };
            let create = |product: usize| {
                let fields = coded(product);
                shop.act(move |tx, session| products::create::run(tx, session, &fields))
            };
            let fields =
                GlCodeFields { code: round.to_string(), name: "Sales".to_owned(), status: GlCodeStatus::Active };
            let order = gl_codes::update::Order { id, fields };
            let rename = shop.act(move |tx, session| gl_codes::update::run(tx, session, &order));
            let (renamed, one, two, three) = tokio::join!(rename, create(1), create(2), create(3));
            renamed.unwrap();
            for created in [one, two, three] {
                // Too late is refused; in time follows the label.
                let Ok(product) = created else {
                    assert_eq!(fields_of(created), ["GlCode"]);
                    continue;
                };
                let found = shop.act(move |tx, session| products::find::run(tx, session, product.id)).await.unwrap();
                assert_eq!(found.fields.gl_code, Some(round.to_string()));
            }
        }
    })
    .await;
}
