//! Products, discounts, coupons, custom fields, general-ledger labels, rates of tax.

use billing::{
    catalogue_discount::{CatalogueDiscount, DiscountFields, DiscountStatus, FrequencyOverride, Usages},
    coupon::{Coupon, CouponCode, CouponFields, CouponPlan, Eligibility, uses::Usage},
    custom_field::{CustomField, CustomFieldDefinition, DataType, DefinedField, DefinitionFields},
    discount::{Discount, DiscountType},
    earning::EarningInterval,
    gl_code::{GlCode, GlCodeFields, GlCodeStatus},
    id::{CouponId, CustomFieldId, DiscountId, GlCodeId, ProductId, PurchaseId, TaxRateId},
    listing::Page,
    product::{Product, ProductFields},
    tax::{Region, TaxRate},
};
use db::{Error, Tx};
use money::Percentage;
use store::{coupon, custom_field, discount, gl_code, product, tax};

use crate::world::{
    ELSEWHERE, HERE, add_customer, add_product, add_purchase, assert_list, day, each_store, later, now, price,
    product_fields, some,
};

#[tokio::test]
async fn a_product_keeps_its_prices_and_fields_until_it_is_replaced_or_deleted() {
    each_store(|tx| {
        let id = ProductId(10);
        let custom = |value: Option<&str>| CustomField { key: "k".to_owned(), value: value.map(str::to_owned) };
        let fields = ProductFields { custom_fields: vec![custom(Some("v"))], ..product_fields("A") };
        product::insert(tx, HERE, id, &fields, now())?;
        let found = product::find(tx, HERE, id)?.unwrap();
        assert_eq!((&found.fields, found.deletable), (&fields, true));
        assert_eq!(found.custom_fields[0].data_type, DataType::String, "a value older than definitions");
        assert_eq!((product::find(tx, ELSEWHERE, id)?, product::lock(tx, ELSEWHERE, id)?), (None, false));
        assert!(product::lock(tx, HERE, id)?);
        assert_eq!(product::share(tx, HERE, id)?.as_ref(), Some(&found));
        assert_eq!(product::share(tx, ELSEWHERE, id)?, None);
        assert_eq!(product::find_by_code(tx, HERE, "A")?, Some(id));
        assert_eq!(product::find_by_code(tx, ELSEWHERE, "A")?, None);
        let mut changed = ProductFields { cycle: None, ..product_fields("B") };
        changed.custom_fields = vec![custom(None)];
        product::update(tx, HERE, id, &changed, later())?;
        product::mark_used(tx, HERE, id)?;
        let found = product::find(tx, HERE, id)?.unwrap();
        assert_eq!((&found.fields, found.deletable), (&changed, false));
        add_product(tx, 11)?;
        let id_of = |one: &Product| one.id.0;
        assert_list(product::LIST_COLUMNS, &[10, 11], id_of, |page| product::list(tx, HERE, page))?;
        assert_list(product::SUMMARY_COLUMNS, &[10, 11], id_of, |page| product::summary(tx, HERE, page))?;
        assert_eq!(product::list(tx, ELSEWHERE, &Page::default())?.rows, []);
        assert_eq!(product::summary(tx, ELSEWHERE, &Page::default())?.rows, []);
        let unused = ProductId(11);
        product::delete(tx, ELSEWHERE, unused)?;
        assert!(product::find(tx, HERE, unused)?.is_some());
        product::delete(tx, HERE, unused)?;
        assert_eq!(product::find(tx, HERE, unused)?, None);
        Ok(())
    })
    .await;
}

fn discount_fields(code: &str) -> DiscountFields {
    let taken = Discount { discount_type: DiscountType::Percentage, amount: price("10") };
    let usages = Usages { until_start: 1, remaining: Some(2) };
    DiscountFields {
        name: "Name".to_owned(),
        description: some("Text"),
        code: code.to_owned(),
        discount: taken,
        usages,
        status: DiscountStatus::Active,
        frequency_overrides: vec![FrequencyOverride {
            interval: EarningInterval::Monthly,
            number_of_intervals: 3,
            discount: taken,
            usages: Usages::default(),
        }],
    }
}

fn coupon_fields(code: &str, discount: DiscountId) -> CouponFields {
    CouponFields {
        name: "Name".to_owned(),
        description: some("Text"),
        is_retired: false,
        applies_to_all_plans: true,
        is_one_time_use: true,
        codes: vec![CouponCode { id: None, code: code.to_owned(), remaining_usages: Some(1) }],
        discounts: vec![discount],
        eligibilities: vec![Eligibility { id: None, starts_at: Some(now()), ends_at: None, discounts: vec![discount] }],
        plans: vec![CouponPlan { plan: 1, applies_to_all_products: false, plan_products: vec![2, 3] }],
    }
}

#[tokio::test]
async fn a_discount_is_stored_changed_and_deleted() {
    each_store(|tx| {
        let id = DiscountId(10);
        discount::insert(tx, HERE, id, &discount_fields("A"), now())?;
        assert_eq!(discount::find(tx, HERE, id)?, Some(CatalogueDiscount { id, fields: discount_fields("A") }));
        assert_eq!((discount::find(tx, ELSEWHERE, id)?, discount::lock(tx, ELSEWHERE, id)?), (None, false));
        assert!(discount::lock(tx, HERE, id)?);
        let changed = DiscountFields { frequency_overrides: vec![], ..discount_fields("B") };
        discount::update(tx, HERE, id, &changed, later())?;
        assert_eq!(discount::find(tx, HERE, id)?.unwrap().fields, changed);
        assert_eq!(discount::find_by_code(tx, HERE, "B")?, Some(id));
        assert_eq!(discount::find_by_code(tx, ELSEWHERE, "B")?, None);
        discount::insert(tx, HERE, DiscountId(11), &discount_fields("C"), now())?;
        let id_of = |one: &CatalogueDiscount| one.id.0;
        assert_list(discount::LIST_COLUMNS, &[10, 11], id_of, |page| discount::list(tx, HERE, page))?;
        assert_eq!(discount::list(tx, ELSEWHERE, &Page::default())?.rows, []);
        assert!(!discount::is_in_coupon(tx, HERE, id)?);
        coupon::insert(tx, HERE, CouponId(20), &coupon_fields("C", id), now())?;
        assert!(discount::is_in_coupon(tx, HERE, id)? && !discount::is_in_coupon(tx, ELSEWHERE, id)?);
        discount::delete(tx, HERE, DiscountId(11))?;
        assert_eq!(discount::find(tx, HERE, DiscountId(11))?, None);
        Ok(())
    })
    .await;
}

/// Two coupons that bring a discount.
fn add_coupons(tx: &mut Tx<'_>) -> Result<[Coupon; 2], Error> {
    discount::insert(tx, HERE, DiscountId(10), &discount_fields("A"), now())?;
    for (id, code) in [(20, "ONE"), (21, "TWO")] {
        coupon::insert(tx, HERE, CouponId(id), &coupon_fields(code, DiscountId(10)), now())?;
    }
    Ok([coupon::find(tx, HERE, CouponId(20))?.unwrap(), coupon::find(tx, HERE, CouponId(21))?.unwrap()])
}

#[tokio::test]
async fn a_coupon_keeps_its_lists_and_the_ids_in_them() {
    each_store(|tx| {
        let [stored, other] = add_coupons(tx)?;
        let mut expected = coupon_fields("ONE", DiscountId(10));
        expected.codes[0].id = stored.fields.codes[0].id;
        expected.eligibilities[0].id = stored.fields.eligibilities[0].id;
        assert!(expected.codes[0].id.is_some() && expected.eligibilities[0].id.is_some());
        assert_eq!(stored.fields, expected);
        assert_eq!((coupon::find(tx, ELSEWHERE, stored.id)?, coupon::lock(tx, ELSEWHERE, stored.id)?), (None, false));
        assert!(coupon::lock(tx, HERE, stored.id)?);
        assert_eq!(coupon::share(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!(coupon::share(tx, ELSEWHERE, stored.id)?, None);
        store::catalogue::lock(tx, HERE)?;
        assert_eq!(coupon::find_by_code(tx, HERE, "ONE")?, Some(stored.id));
        assert_eq!(coupon::find_by_code(tx, ELSEWHERE, "ONE")?, None);
        let code = expected.codes[0].id.unwrap();
        let set = |tx: &mut Tx<'_>, account| coupon::find_usages_set(tx, account, stored.id);
        assert_eq!((set(tx, HERE)?, set(tx, ELSEWHERE)?), ([(code, 1)].into(), [].into()));
        let codes = vec![CouponCode { remaining_usages: None, ..expected.codes[0].clone() }];
        let changed = CouponFields { is_retired: true, codes, discounts: vec![], plans: vec![], ..expected };
        coupon::update(tx, HERE, &stored, &changed, later())?;
        assert_eq!(coupon::find(tx, HERE, stored.id)?.unwrap().fields, changed);
        assert_eq!(set(tx, HERE)?, [].into());
        let id_of = |one: &Coupon| one.id.0;
        assert_list(coupon::LIST_COLUMNS, &[20, 21], id_of, |page| coupon::list(tx, HERE, now(), page))?;
        assert_eq!(coupon::list(tx, ELSEWHERE, now(), &Page::default())?.rows, []);
        coupon::delete(tx, HERE, other.id)?;
        assert_eq!(coupon::find(tx, HERE, other.id)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_usage_is_taken_as_long_as_one_is_left() {
    each_store(|tx| {
        let [stored, _] = add_coupons(tx)?;
        let (customer, product) = (add_customer(tx, 30)?, add_product(tx, 31)?);
        let purchase = add_purchase(tx, 32, customer, product)?;
        assert!(!coupon::is_applied(tx, HERE, stored.id)?);
        let applied = billing::purchase::AppliedCoupon {
            coupon: stored.id,
            code: "ONE".to_owned(),
            is_checked: true,
            shares_use_of: None,
            discounts: vec![],
        };
        store::purchase::insert_coupon(tx, HERE, 33, purchase, &applied)?;
        assert!(coupon::is_applied(tx, HERE, stored.id)? && !coupon::is_applied(tx, ELSEWHERE, stored.id)?);
        let of_ours = |tx: &mut Tx<'_>, account| coupon::find_usages(tx, account, &[purchase, PurchaseId(7)]);
        let usage =
            Usage { purchase, coupon: stored.id, code: "ONE".to_owned(), is_checked: true, shares_use_of: None };
        let usages = [usage];
        assert_eq!((of_ours(tx, HERE)?.as_slice(), of_ours(tx, ELSEWHERE)?), (usages.as_slice(), vec![]));
        assert!(coupon::share_one_time_use(tx, HERE, stored.id)?);
        assert_eq!(coupon::share_one_time_use(tx, ELSEWHERE, stored.id), Err(Error::NoRow));
        let take = |tx: &mut Tx<'_>, account, count| coupon::take_usages(tx, account, stored.id, "ONE", count);
        let left = |tx: &mut Tx<'_>| {
            Ok::<_, Error>(coupon::find(tx, HERE, stored.id)?.unwrap().fields.codes[0].remaining_usages)
        };
        assert_eq!((take(tx, ELSEWHERE, 1)?, take(tx, HERE, 2)?, left(tx)?), (false, false, Some(1)));
        assert_eq!((take(tx, HERE, 1)?, take(tx, HERE, 1)?, left(tx)?), (true, false, Some(0)));
        let mut again = stored.fields.clone();
        again.codes[0].remaining_usages = Some(3);
        let none_left = coupon::find(tx, HERE, stored.id)?.unwrap();
        coupon::update(tx, HERE, &none_left, &again, later())?;
        coupon::take_usages_left(tx, ELSEWHERE, stored.id, "ONE", 2)?;
        coupon::take_usages_left(tx, HERE, stored.id, "ONE", 2)?;
        assert_eq!(left(tx)?, Some(1));
        coupon::take_usages_left(tx, HERE, stored.id, "ONE", 2)?;
        assert_eq!(left(tx)?, Some(0));
        assert!(!coupon::is_used_by(tx, HERE, stored.id, customer)?);
        coupon::insert_uses(tx, HERE, &usages, customer, now())?;
        assert!(coupon::is_used_by(tx, HERE, stored.id, customer)?);
        assert!(!coupon::is_used_by(tx, ELSEWHERE, stored.id, customer)?);
        assert!(!coupon::is_use_taken(tx, HERE, stored.id, customer, purchase)?, "it is shared with nobody");
        store::purchase::share_coupon_uses(tx, ELSEWHERE, purchase)?;
        assert_eq!(of_ours(tx, HERE)?[0].shares_use_of, None);
        store::purchase::share_coupon_uses(tx, HERE, purchase)?;
        assert_eq!(of_ours(tx, HERE)?[0].shares_use_of, Some(purchase));
        assert!(coupon::is_use_taken(tx, HERE, stored.id, customer, purchase)?);
        assert!(!coupon::is_use_taken(tx, ELSEWHERE, stored.id, customer, purchase)?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_definition_says_what_values_mean() {
    each_store(|tx| {
        let fields = |name: &str| DefinitionFields {
            key: "key".to_owned(),
            friendly_name: name.to_owned(),
            data_type: DataType::Number,
        };
        let defined = |name: &str| Some(CustomFieldDefinition { id: CustomFieldId(10), fields: fields(name) });
        let id = CustomFieldId(10);
        custom_field::insert(tx, HERE, id, &fields("Name"))?;
        assert_eq!(custom_field::find(tx, HERE, id)?, defined("Name"));
        assert_eq!(custom_field::lock(tx, HERE, id)?, defined("Name"));
        assert_eq!((custom_field::find(tx, ELSEWHERE, id)?, custom_field::lock(tx, ELSEWHERE, id)?), (None, None));
        custom_field::rename(tx, ELSEWHERE, id, "Stolen")?;
        custom_field::rename(tx, HERE, id, "Renamed")?;
        assert_eq!(custom_field::find_by_key(tx, HERE, "key")?, defined("Renamed"));
        assert_eq!(custom_field::find_by_key(tx, ELSEWHERE, "key")?, None);
        assert_eq!(custom_field::share_by_key(tx, HERE, "key")?, defined("Renamed"));
        assert_eq!(custom_field::share_by_key(tx, ELSEWHERE, "key")?, None);
        assert_eq!(custom_field::share_all(tx, HERE)?, [defined("Renamed").unwrap()]);
        assert_eq!(custom_field::share_all(tx, ELSEWHERE)?, []);
        let id_of = |one: &CustomFieldDefinition| one.id.0;
        assert_list(custom_field::LIST_COLUMNS, &[10], id_of, |page| custom_field::list(tx, HERE, page))?;
        assert!(!custom_field::has_values(tx, HERE, "key")?);
        let product = add_product(tx, 11)?;
        for value in ["1", "2"] {
            let value = DefinedField {
                key: "key".to_owned(),
                friendly_name: "Renamed".to_owned(),
                data_type: DataType::Number,
                value: some(value),
            };
            custom_field::set_value(tx, HERE, product.0, &value)?;
            assert_eq!(product::find(tx, HERE, product)?.unwrap().custom_fields, [value]);
        }
        assert!(custom_field::has_values(tx, HERE, "key")? && !custom_field::has_values(tx, ELSEWHERE, "key")?);
        custom_field::delete(tx, HERE, id)?;
        assert_eq!(custom_field::find(tx, HERE, id)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_label_is_changed_where_products_name_it_too() {
    each_store(|tx| {
        let fields = |code: &str, status| GlCodeFields { code: code.to_owned(), name: "Sales".to_owned(), status };
        let stored = GlCode { id: GlCodeId(10), fields: fields("4000", GlCodeStatus::Active) };
        gl_code::insert(tx, HERE, stored.id, &stored.fields)?;
        let product = add_product(tx, 11)?;
        assert_eq!(gl_code::find(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!(gl_code::lock(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!((gl_code::find(tx, ELSEWHERE, stored.id)?, gl_code::lock(tx, ELSEWHERE, stored.id)?), (None, None));
        gl_code::update(tx, HERE, &stored, &fields("5000", GlCodeStatus::Retired))?;
        assert_eq!(product::find(tx, HERE, product)?.unwrap().fields.gl_code, some("5000"));
        assert_eq!(gl_code::find_by_code(tx, HERE, "5000")?.unwrap().fields.status, GlCodeStatus::Retired);
        assert_eq!(gl_code::find_by_code(tx, ELSEWHERE, "5000")?, None);
        assert_eq!(gl_code::share_by_code(tx, HERE, "5000")?.unwrap().id, stored.id);
        assert_eq!(gl_code::share_by_code(tx, ELSEWHERE, "5000")?, None);
        let id_of = |one: &GlCode| one.id.0;
        assert_list(gl_code::LIST_COLUMNS, &[10], id_of, |page| gl_code::list(tx, HERE, page))?;
        assert_eq!(gl_code::list(tx, ELSEWHERE, &Page::default())?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn rates_are_charged_in_their_country_until_they_retire() {
    each_store(|tx| {
        let rate = TaxRate {
            id: TaxRateId(10),
            name: "HST".to_owned(),
            registration_code: some("R"),
            percentage: Percentage::parse("13").unwrap(),
            region: Region { country: 124, state: Some(9) },
            valid_from: Some(day("2024-01-01")),
            valid_to: Some(day("2024-12-31")),
            is_active: true,
        };
        tax::insert_rate(tx, HERE, &rate, now())?;
        assert_eq!(tax::find_rate(tx, HERE, rate.id)?.as_ref(), Some(&rate));
        assert_eq!(tax::find_rate(tx, ELSEWHERE, rate.id)?, None);
        let changed = TaxRate { name: "GST".to_owned(), valid_to: None, ..rate.clone() };
        assert!(!tax::update_rate(tx, ELSEWHERE, &changed, later())?);
        assert!(tax::update_rate(tx, HERE, &changed, later())?);
        assert_eq!(tax::list_active_rates(tx, HERE, 124)?, [changed]);
        assert_eq!(
            (tax::list_active_rates(tx, HERE, 1)?, tax::list_active_rates(tx, ELSEWHERE, 124)?),
            (vec![], vec![])
        );
        assert!(!tax::retire_rate(tx, ELSEWHERE, rate.id, later())?);
        assert!(tax::retire_rate(tx, HERE, rate.id, later())?);
        assert_eq!(tax::list_active_rates(tx, HERE, 124)?, []);
        assert_list(tax::LIST_COLUMNS, &[10], |one: &TaxRate| one.id.0, |page| tax::list_rates(tx, HERE, page))?;
        assert_eq!(tax::list_rates(tx, ELSEWHERE, &Page::default())?.rows, []);
        Ok(())
    })
    .await;
}
