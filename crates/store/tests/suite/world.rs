//! Two accounts on each database, and the nouns that most tests need.

use std::fmt::Debug;

use billing::{
    account::Account,
    customer::CustomerFields,
    earning::EarningSettings,
    id::{AccountId, CustomerId, ProductId, PurchaseId},
    listing::{Clause, Condition, Direction, ID, Operand, Page, Slice, Sort},
    pricing::{PriceRange, Pricing, PricingModel},
    product::{OrderToCashCycle, ProductFields, ProductStatus, ProductType, QuantityRange},
    purchase::{ItemOrder, NewPurchase, PurchaseOrder},
    term::Term,
};
use calendar::{Date, Instant, Zone};
use db::{Error, Tx};
use money::{Amount, Currency, Price, Quantity};
use store::{customer, listing::Column, product, purchase};
use testkit::each_database;

/// The account that acts.
pub(crate) const HERE: AccountId = AccountId(1);
/// Another one, which must never see anything.
pub(crate) const ELSEWHERE: AccountId = AccountId(2);

/// Runs a test in one transaction on each database, where both accounts exist.
pub(crate) async fn each_store(test: fn(&mut Tx<'_>) -> Result<(), Error>) {
    each_database(store::MIGRATIONS, async |database| {
        let run = move |tx: &mut Tx<'_>| {
            add_accounts(tx)?;
            test(tx)
        };
        database.db.write(run).await.unwrap();
    })
    .await;
}

/// Both accounts.
pub(crate) fn add_accounts(tx: &mut Tx<'_>) -> Result<(), Error> {
    [HERE, ELSEWHERE].into_iter().try_for_each(|id| store::account::insert(tx, &account(id), now()))
}

pub(crate) fn account(id: AccountId) -> Account {
    Account {
        id,
        name: format!("Account {id}"),
        currency: Currency::USD,
        zone: Zone::parse("America/Toronto").unwrap(),
        term: Term::NET_0,
        may_write_off: id == HERE,
        may_reuse_references: id == ELSEWHERE,
        drafts_invoices: id == ELSEWHERE,
    }
}

pub(crate) fn now() -> Instant {
    Instant::parse("2024-01-15T10:00:00").unwrap()
}

pub(crate) fn later() -> Instant {
    now().plus_days(1)
}

pub(crate) fn day(text: &str) -> Date {
    calendar::parse_date(text).unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "what is stored is optional nearly everywhere")]
pub(crate) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A new customer.
pub(crate) fn add_customer(tx: &mut Tx<'_>, id: i64) -> Result<CustomerId, Error> {
    customer::insert(tx, HERE, CustomerId(id), Currency::USD, &CustomerFields::default(), now())?;
    Ok(CustomerId(id))
}

/// Two tiers of prices in two currencies, earned over a year.
pub(crate) fn cycle() -> OrderToCashCycle {
    let range = |min: &str, max: Option<&str>, usd: &str| QuantityRange {
        min: quantity(min),
        max: max.map(quantity),
        prices: vec![(Currency::EUR, price("1")), (Currency::USD, price(usd))],
    };
    OrderToCashCycle {
        pricing_model: PricingModel::Tiered,
        ranges: vec![range("0", Some("2"), "5"), range("2", None, "4")],
        earning: EarningSettings::IMMEDIATELY,
    }
}

pub(crate) fn product_fields(code: &str) -> ProductFields {
    ProductFields {
        code: code.to_owned(),
        name: format!("Product {code}"),
        description: some("Text"),
        product_type: ProductType::PhysicalGood,
        status: ProductStatus::Active,
        tax_exempt: true,
        cycle: Some(cycle()),
        available_for_purchase: true,
        is_tracking_items: true,
        quantity: Some(quantity("3")),
        avalara_item_code: some("item"),
        avalara_tax_code: some("tax"),
        gl_code: some("4000"),
        gl_code_name: some("Sales"),
        custom_fields: Vec::new(),
        salesforce_id: some("sf"),
        netsuite_item_id: some("ns"),
        digital_river_country_of_origin: Some(1),
        digital_river_tax_code: Some(2),
        digital_river_eccn: Some(3),
        pushed_to_digital_river: Some(true),
        quickbooks_item_id: Some(4),
        quickbooks_record_type: some("qb"),
    }
}

/// A new product.
pub(crate) fn add_product(tx: &mut Tx<'_>, id: i64) -> Result<ProductId, Error> {
    product::insert(tx, HERE, ProductId(id), &product_fields(&format!("P{id}")), now())?;
    Ok(ProductId(id))
}

/// What was asked for, with nothing hanging on it.
pub(crate) fn order(product: ProductId) -> PurchaseOrder {
    PurchaseOrder {
        product,
        name: "Purchase".to_owned(),
        description: None,
        quantity: None,
        target_order_quantity: None,
        override_ranges: None,
        pricing_model: None,
        custom_fields: Vec::new(),
        discounts: Vec::new(),
        items: Vec::new(),
        coupon_codes: Vec::new(),
        earning: None,
        netsuite_location_id: some("location"),
        netsuite_class_id: some("class"),
        pricing_formula_type: some("formula"),
    }
}

/// What the rules made of an order.
pub(crate) fn terms(product: ProductId) -> NewPurchase {
    let range =
        |min: &str, max: Option<&str>| PriceRange { min: quantity(min), max: max.map(quantity), amount: price("2.5") };
    NewPurchase {
        product,
        name: "Purchase".to_owned(),
        description: some("Text"),
        quantity: quantity("2"),
        target_order_quantity: Some(quantity("2")),
        is_tracking_items: true,
        pricing: Pricing::new(PricingModel::Volume, vec![range("0", Some("10")), range("10", None)]).unwrap(),
        is_price_overridden: true,
        earning: Some(EarningSettings::IMMEDIATELY),
        amount: amount("5"),
        taxable_amount: amount("4"),
    }
}

pub(crate) fn item(reference: &str) -> ItemOrder {
    ItemOrder { reference: reference.to_owned(), name: some("Name"), description: some("Text") }
}

/// A new draft with nothing hanging on it.
pub(crate) fn add_purchase(
    tx: &mut Tx<'_>,
    id: i64,
    customer: CustomerId,
    product: ProductId,
) -> Result<PurchaseId, Error> {
    let (order, terms) = (order(product), terms(product));
    let draft = purchase::Draft { id: PurchaseId(id), order: &order, terms: &terms, coupons: &[] };
    purchase::insert(tx, HERE, customer, &[draft], None, now())?;
    Ok(PurchaseId(id))
}

/// Asserts that a list has exactly these ids: in order, backwards, page by page and filtered. Every column is sorted by
/// and filtered once, so that its expression is known to both databases.
pub(crate) fn assert_list<T: Debug>(
    columns: &[Column],
    ids: &[i64],
    id_of: impl Fn(&T) -> i64,
    mut list: impl FnMut(&Page) -> Result<Slice<T>, Error>,
) -> Result<(), Error> {
    let mut ask = |page: Page| {
        let slice = list(&page)?;
        Ok::<_, Error>((slice.rows.iter().map(&id_of).collect::<Vec<_>>(), slice.matching, slice.total))
    };
    let count = i64::try_from(ids.len()).unwrap();
    let sorted = |field, direction| Page { sort: Sort { field, direction }, ..Page::default() };
    let only = |field, condition| Page { conditions: vec![Clause { field, condition }], ..Page::default() };
    assert_eq!(ask(Page::default())?, (ids.to_vec(), count, count));
    let backwards: Vec<_> = ids.iter().rev().copied().collect();
    assert_eq!(ask(sorted(ID, Direction::Descending))?, (backwards, count, count));
    for (number, id) in (0i64..).zip(ids) {
        assert_eq!(ask(Page { number, size: 1, ..Page::default() })?, (vec![*id], count, count));
        assert_eq!(ask(only(ID, Condition::In(vec![Operand::Integer(*id)])))?, (vec![*id], 1, count));
    }
    for column in columns.iter().map(|column| column.field.name) {
        assert_eq!(ask(sorted(column, Direction::Ascending))?.1, count, "{column}");
        let (rows, matching, total) = ask(only(column, Condition::Empty))?;
        assert_eq!((i64::try_from(rows.len()).unwrap(), total), (matching, count), "{column}");
    }
    Ok(())
}
