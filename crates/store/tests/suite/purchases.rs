//! Purchases, what hangs on them, and tracked items.

use billing::{
    discount::{Discount, DiscountType},
    id::{CouponId, ProductItemId, PurchaseDiscountId, PurchaseId},
    listing::Page,
    purchase::{
        AppliedCoupon, NewPurchase, ProductItem, ProductItemStatus, Purchase, PurchaseOrder, PurchaseStatus,
        PurchaseSummary, TrackedItem,
    },
};
use db::{Error, Tx};
use store::{coupon, product_item, purchase};

use crate::world::{
    ELSEWHERE, HERE, add_customer, add_product, add_purchase, amount, assert_list, each_store, item, later, now, order,
    price, quantity, some, terms,
};

fn off(percent: &str) -> Discount {
    Discount { discount_type: DiscountType::Percentage, amount: price(percent) }
}

/// A coupon that brings ten percent.
fn add_coupon(tx: &mut Tx<'_>, id: i64, code: &str) -> Result<AppliedCoupon, Error> {
    let fields = billing::coupon::CouponFields {
        name: code.to_owned(),
        description: None,
        is_retired: false,
        applies_to_all_plans: true,
        is_one_time_use: false,
        codes: vec![],
        discounts: vec![],
        eligibilities: vec![],
        plans: vec![],
    };
    coupon::insert(tx, HERE, CouponId(id), &fields, now())?;
    Ok(AppliedCoupon {
        coupon: CouponId(id),
        code: code.to_owned(),
        is_checked: true,
        shares_use_of: None,
        discounts: vec![off("10")],
    })
}

#[tokio::test]
async fn a_purchase_is_stored_with_everything_that_hangs_on_it() {
    each_store(|tx| {
        let (customer, product) = (add_customer(tx, 10)?, add_product(tx, 11)?);
        let applied = add_coupon(tx, 12, "TEN")?;
        let field = billing::custom_field::CustomField { key: "k".to_owned(), value: some("v") };
        let order = PurchaseOrder {
            discounts: vec![off("5")],
            items: vec![item("A"), item("B")],
            coupon_codes: vec!["TEN".to_owned()],
            custom_fields: vec![field],
            ..order(product)
        };
        let id = PurchaseId(20);
        let terms = terms(product);
        let coupons = [applied];
        let draft = purchase::Draft { id, order: &order, terms: &terms, coupons: &coupons };
        purchase::insert(tx, HERE, customer, &[draft], None, now())?;
        let found = purchase::find(tx, HERE, id)?.unwrap();
        assert_eq!((&found.terms, found.status, found.customer), (&terms, PurchaseStatus::Draft, customer));
        assert_eq!((found.product_code.as_str(), found.created_at, found.purchased_at), ("P11", now(), None));
        let hanging = found.discounts.iter().map(|one| (one.discount, one.coupon)).collect::<Vec<_>>();
        assert_eq!(hanging, [(off("5"), None), (off("10"), Some(CouponId(12)))]);
        assert_eq!(found.items.iter().map(|one| one.order.clone()).collect::<Vec<_>>(), order.items);
        assert_eq!((found.coupon_codes.as_slice(), found.custom_fields.len()), (order.coupon_codes.as_slice(), 1));
        let texts = [found.netsuite_location_id, found.netsuite_class_id, found.pricing_formula_type];
        assert_eq!(texts, ["location", "class", "formula"].map(some));
        assert_eq!((purchase::find(tx, ELSEWHERE, id)?, purchase::find_whole(tx, ELSEWHERE, id)?), (None, None));
        purchase::delete(tx, ELSEWHERE, id)?;
        assert!(purchase::find(tx, HERE, id)?.is_some());
        purchase::delete(tx, HERE, id)?;
        assert_eq!(purchase::find(tx, HERE, id)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_purchase_goes_from_draft_to_purchased_to_cancelled() {
    each_store(|tx| {
        let (customer, product) = (add_customer(tx, 10)?, add_product(tx, 11)?);
        let [first, second] = [add_purchase(tx, 20, customer, product)?, add_purchase(tx, 21, customer, product)?];
        let (order, terms) = (order(product), terms(product));
        let sold = purchase::Draft { id: PurchaseId(22), order: &order, terms: &terms, coupons: &[] };
        purchase::insert(tx, HERE, customer, &[sold], Some(later()), now())?;
        let waiting = NewPurchase { target_order_quantity: Some(quantity("5")), ..terms.clone() };
        let waiting = purchase::Draft { id: PurchaseId(23), terms: &waiting, ..sold };
        purchase::insert(tx, HERE, customer, &[waiting], None, now())?;
        assert_eq!(purchase::list_drafts(tx, HERE, customer)?, [first, second], "one waits for items");
        assert_eq!(purchase::list_drafts(tx, ELSEWHERE, customer)?, []);
        let mut changed = purchase::find(tx, HERE, first)?.unwrap();
        changed.terms.quantity = quantity("4");
        changed.terms.amount = amount("10");
        changed.terms.earning = None;
        changed.netsuite_location_id = None;
        purchase::update(tx, ELSEWHERE, &changed, later())?;
        assert_ne!(purchase::find(tx, HERE, first)?.unwrap().terms, changed.terms);
        purchase::update(tx, HERE, &changed, later())?;
        assert_eq!(purchase::find(tx, HERE, first)?.unwrap(), Purchase { modified_at: later(), ..changed });
        purchase::mark_purchased(tx, ELSEWHERE, first, amount("9"), amount("8"), later())?;
        purchase::mark_cancelled(tx, HERE, first, later())?;
        assert_eq!(purchase::find(tx, HERE, first)?.unwrap().status, PurchaseStatus::Draft, "not from here");
        purchase::mark_purchased(tx, HERE, first, amount("9"), amount("8"), later())?;
        let found = purchase::find(tx, HERE, first)?.unwrap();
        assert_eq!((found.terms.amount, found.terms.taxable_amount), (amount("9"), amount("8")));
        assert_eq!((found.status, found.purchased_at), (PurchaseStatus::Purchased, Some(later())));
        purchase::mark_cancelled(tx, HERE, first, later())?;
        let found = purchase::find(tx, HERE, first)?.unwrap();
        assert_eq!((found.status, found.cancelled_at), (PurchaseStatus::Cancelled, Some(later())));
        assert!(!purchase::mark_reversed(tx, HERE, first, later())?, "it stays cancelled");
        purchase::mark_purchased(tx, HERE, PurchaseId(21), amount("1"), amount("1"), now())?;
        assert!(!purchase::mark_reversed(tx, ELSEWHERE, PurchaseId(21), later())?);
        assert!(purchase::mark_reversed(tx, HERE, PurchaseId(21), later())?);
        let found = purchase::find(tx, HERE, PurchaseId(21))?.unwrap();
        assert_eq!((found.status, found.modified_at), (PurchaseStatus::Reversed, later()));
        let (ids, id_of) = (&[20, 21, 22, 23], |one: &Purchase| one.id.0);
        assert_list(purchase::LIST_COLUMNS, ids, id_of, |page| purchase::list(tx, HERE, customer, page))?;
        let columns = purchase::PRODUCT_LIST_COLUMNS;
        assert_list(columns, ids, id_of, |page| purchase::list_of_product(tx, HERE, product, page))?;
        let columns = purchase::SUMMARY_COLUMNS;
        assert_list(columns, ids, |one: &PurchaseSummary| one.id.0, |page| purchase::summary(tx, HERE, page))?;
        let page = Page::default();
        assert_eq!(purchase::list(tx, ELSEWHERE, customer, &page)?.rows, []);
        assert_eq!(purchase::list_of_product(tx, ELSEWHERE, product, &page)?.rows, []);
        assert_eq!(purchase::summary(tx, ELSEWHERE, &page)?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn discounts_and_coupons_come_and_go_one_at_a_time() {
    each_store(|tx| {
        let (customer, product) = (add_customer(tx, 10)?, add_product(tx, 11)?);
        let id = add_purchase(tx, 20, customer, product)?;
        let discount = PurchaseDiscountId(30);
        purchase::insert_discount(tx, HERE, discount, id, &off("5"))?;
        purchase::update_discount(tx, ELSEWHERE, discount, &off("50"))?;
        purchase::update_discount(tx, HERE, discount, &off("6"))?;
        assert_eq!(purchase::find_discount(tx, HERE, discount)?, Some(id));
        assert_eq!(purchase::find_discount(tx, ELSEWHERE, discount)?, None);
        let [kept, taken] = [add_coupon(tx, 40, "KEPT")?, add_coupon(tx, 41, "TAKEN")?];
        purchase::insert_coupon(tx, HERE, 42, id, &kept)?;
        purchase::insert_coupon(tx, HERE, 43, id, &taken)?;
        assert_eq!(purchase::find_coupons(tx, HERE, id)?, [kept.clone(), taken.clone()]);
        assert_eq!(purchase::find_coupons(tx, ELSEWHERE, id)?, []);
        assert_eq!(purchase::find_coupon(tx, HERE, id, "KEPT")?, Some(kept.coupon));
        assert_eq!(purchase::find_coupon(tx, ELSEWHERE, id, "KEPT")?, None);
        purchase::delete_discounts_of(tx, ELSEWHERE, id, taken.coupon)?;
        purchase::delete_discounts_of(tx, HERE, id, taken.coupon)?;
        let bare = AppliedCoupon { discounts: vec![], ..taken };
        assert_eq!(purchase::find_coupons(tx, HERE, id)?, [kept.clone(), bare]);
        purchase::delete_coupon(tx, ELSEWHERE, id, kept.coupon, "KEPT")?;
        assert_eq!(purchase::find_coupon(tx, HERE, id, "KEPT")?, Some(kept.coupon));
        purchase::delete_coupon(tx, HERE, id, kept.coupon, "KEPT")?;
        // The purchase's own row does not tell of them yet.
        assert_eq!(purchase::find(tx, HERE, id)?.unwrap().discounts, []);
        let found = purchase::find_whole(tx, HERE, id)?.unwrap();
        let hanging = found.discounts.iter().map(|one| (one.discount, one.coupon)).collect::<Vec<_>>();
        assert_eq!(hanging, [(off("6"), None), (off("10"), None)], "kept as the purchase's own");
        assert_eq!(found.coupon_codes, ["TAKEN"]);
        let without =
            Purchase { discounts: vec![], coupon_codes: vec![], items: vec![], custom_fields: vec![], ..found.clone() };
        for (account, says_so, expected) in [(HERE, true, &found), (HERE, false, &without), (ELSEWHERE, true, &without)]
        {
            let mut read = [(without.clone(), says_so)];
            purchase::read_details(tx, account, &mut read)?;
            assert_eq!(&read[0].0, expected);
        }
        purchase::delete_discount(tx, ELSEWHERE, discount)?;
        assert!(purchase::find_discount(tx, HERE, discount)?.is_some());
        purchase::delete_discount(tx, HERE, discount)?;
        assert_eq!(purchase::find_discount(tx, HERE, discount)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_item_holds_its_reference_until_it_is_deleted_or_released() {
    each_store(|tx| {
        let (customer, product) = (add_customer(tx, 10)?, add_product(tx, 11)?);
        let purchase = add_purchase(tx, 20, customer, product)?;
        let of = |id, reference| TrackedItem {
            item: ProductItem {
                id: ProductItemId(id),
                order: item(reference),
                status: ProductItemStatus::Active,
                created_at: now(),
                modified_at: now(),
            },
            purchase,
            customer,
            product,
        };
        let [first, second] = [of(30, "A"), of(31, "B")];
        for one in [&first, &second] {
            product_item::insert(tx, HERE, one)?;
            assert_eq!(product_item::find(tx, HERE, one.item.id)?.as_ref(), Some(one));
            assert_eq!(product_item::find(tx, ELSEWHERE, one.item.id)?, None);
        }
        let items = [first.clone(), second.clone()];
        let purchases = [purchase, billing::id::PurchaseId(900)];
        assert_eq!(product_item::list_of_purchases(tx, HERE, &purchases)?, items);
        assert_eq!(product_item::list_of_purchases(tx, ELSEWHERE, &purchases)?, []);
        let held = |tx: &mut Tx<'_>, account| product_item::references_held(tx, account, product, &["A", "B", "C"]);
        assert_eq!((held(tx, HERE)?, held(tx, ELSEWHERE)?), (vec!["A".to_owned(), "B".to_owned()], vec![]));
        product_item::release_finalized(tx, HERE, product, &["A"])?;
        assert_eq!(held(tx, HERE)?, ["A", "B"], "of a draft");
        store::purchase::mark_purchased(tx, HERE, purchase, amount("1"), amount("1"), now())?;
        product_item::release_finalized(tx, ELSEWHERE, product, &["A"])?;
        product_item::release_finalized(tx, HERE, product, &["A"])?;
        assert_eq!(held(tx, HERE)?, ["B"]);
        let changed = ProductItem { order: item("C"), modified_at: later(), ..first.item.clone() };
        product_item::update(tx, ELSEWHERE, &changed)?;
        assert_eq!(product_item::find(tx, HERE, first.item.id)?.unwrap().item, first.item);
        product_item::update(tx, HERE, &changed)?;
        assert_eq!(product_item::find(tx, HERE, first.item.id)?.unwrap().item, changed);
        product_item::delete(tx, ELSEWHERE, &second.item)?;
        assert_eq!(held(tx, HERE)?.len(), 2);
        product_item::delete(tx, HERE, &second.item)?;
        assert_eq!(held(tx, HERE)?, ["C"]);
        assert_eq!(product_item::list_of_purchases(tx, HERE, &[purchase])?.len(), 1, "active ones only");
        assert_eq!(product_item::find(tx, HERE, second.item.id)?.unwrap().item.status, ProductItemStatus::Deleted);
        let id_of = |one: &TrackedItem| one.item.id.0;
        assert_list(product_item::LIST_COLUMNS, &[30, 31], id_of, |page| product_item::list(tx, HERE, page))?;
        assert_eq!(product_item::list(tx, ELSEWHERE, &Page::default())?.rows, []);
        Ok(())
    })
    .await;
}
