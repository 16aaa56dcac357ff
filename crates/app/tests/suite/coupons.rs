//! Coupons: what is stored comes back, and who may use them.

mod usages;

use app::{
    Error, coupons, discounts, plan_products, plans, product_items, products, purchase_coupons,
    purchases::{bulk_create, finalize, find, split},
};
use billing::{
    catalogue_discount::{DiscountFields, DiscountStatus, FrequencyOverride, Usages},
    coupon::{Coupon, CouponCode, CouponFields, CouponPlan, CouponStatus, Eligibility, Ineligible},
    discount::{Discount, DiscountType},
    earning::EarningInterval,
    id::{CouponId, CustomerId, DiscountId, EligibilityId, PlanId, ProductId, PurchaseId},
    listing::{Clause, Condition, Direction, Operand, Page, Sort},
    named::Named,
    plan::{
        FrequencyFields, FrequencyStatus, Period, PlanFields, PlanStatus,
        product::{PlanProductFields, PlanProductStatus},
    },
    problem::Problem,
    product::ProductFields,
    purchase::{ItemOrder, Purchase, PurchaseOrder},
};
use calendar::Instant;
use money::{Amount, Price, Quantity};
use tokio::task::JoinSet;

use crate::shop::{Shop, each_shop, priced, purchase_of};

pub(crate) fn of(discount_type: DiscountType, amount: &str) -> Discount {
    Discount::new(discount_type, Price::parse(amount).unwrap()).unwrap()
}

fn discount_fields(code: &str, discount: Discount) -> DiscountFields {
    DiscountFields {
        name: format!("Discount {code}"),
        description: None,
        code: code.to_owned(),
        discount,
        usages: Usages::default(),
        status: DiscountStatus::Active,
        frequency_overrides: Vec::new(),
    }
}

async fn discount(shop: &Shop, code: &str, discount: Discount) -> DiscountId {
    let fields = discount_fields(code, discount);
    shop.act(move |tx, session| discounts::create::run(tx, session, &fields)).await.unwrap().id
}

fn fields(code: &str, remaining_usages: Option<i64>, discounts: Vec<DiscountId>) -> CouponFields {
    CouponFields {
        name: format!("Coupon {code}"),
        description: None,
        is_retired: false,
        applies_to_all_plans: false,
        is_one_time_use: false,
        codes: vec![CouponCode { id: None, code: code.to_owned(), remaining_usages }],
        discounts,
        eligibilities: Vec::new(),
        plans: Vec::new(),
    }
}

impl Shop {
    /// A coupon of a tenth off that can be used so often.
    pub(crate) async fn limited_coupon(&self, code: &str, remaining_usages: i64) {
        let discount = discount(self, code, of(DiscountType::Percentage, "10")).await;
        create(self, fields(code, Some(remaining_usages), vec![discount])).await.unwrap();
    }
}

async fn create(shop: &Shop, fields: CouponFields) -> Result<Coupon, Error> {
    shop.act(move |tx, session| coupons::create::run(tx, session, &fields)).await
}

async fn update(shop: &Shop, id: CouponId, fields: CouponFields) -> Result<Coupon, Error> {
    let order = coupons::update::Order { id, fields, keeps_usages: false };
    shop.act(move |tx, session| coupons::update::run(tx, session, &order)).await
}

/// A coupon of half the price; the answer is its id.
pub(crate) async fn half(shop: &Shop, code: &str, remaining_usages: Option<i64>) -> CouponId {
    let half = discount(shop, &format!("HALF-{code}"), of(DiscountType::Percentage, "50")).await;
    create(shop, fields(code, remaining_usages, vec![half])).await.unwrap().id
}

fn with_codes(product: ProductId, codes: &[&str]) -> PurchaseOrder {
    let coupon_codes = codes.iter().map(|code| (*code).to_owned()).collect();
    PurchaseOrder { coupon_codes, ..purchase_of(product, "2") }
}

async fn sell(
    shop: &Shop,
    customer: CustomerId,
    auto_purchase: bool,
    purchases: Vec<PurchaseOrder>,
) -> Result<Vec<Purchase>, Error> {
    let order = bulk_create::Order { customer, auto_purchase, purchases, collect: None };
    Ok(shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await?.purchases)
}

async fn charge(shop: &Shop, customer: CustomerId, purchase: PurchaseId) -> Result<(), Error> {
    let order = finalize::Order { customer, purchases: vec![purchase], collect: None };
    shop.act(move |tx, session| finalize::run(tx, session, &order)).await.map(|_| ())
}

/// How often a coupon of one code can still be used.
pub(crate) async fn remaining(shop: &Shop, coupon: CouponId) -> Option<i64> {
    let coupon = shop.act(move |tx, session| coupons::find::run(tx, session, coupon)).await.unwrap();
    coupon.fields.codes[0].remaining_usages
}

/// A plan that is charged every month.
async fn plan(shop: &Shop, code: &str) -> i64 {
    let frequency = FrequencyFields {
        period: Period { interval: EarningInterval::Monthly, number_of_intervals: 1 },
        status: FrequencyStatus::Active,
        setup_fees: Vec::new(),
        charges: Vec::new(),
        is_prorated: false,
        proration_granularity: None,
    };
    let fields = PlanFields {
        code: code.to_owned(),
        name: code.to_owned(),
        reference: None,
        description: None,
        long_description: None,
        status: PlanStatus::Active,
        auto_apply_changes: false,
        salesforce_compatible: false,
        frequencies: vec![frequency],
    };
    shop.act(move |tx, session| plans::create::run(tx, session, &fields)).await.unwrap().id.0
}

/// A new product as part of a plan.
async fn plan_product(shop: &Shop, plan: i64, code: &str) -> i64 {
    let product = shop.product(code, "1").await;
    let fields = PlanProductFields {
        status: PlanProductStatus::Active,
        code: None,
        name: None,
        description: None,
        quantity: Quantity::ONE,
        max_quantity: None,
        is_fixed: false,
        is_optional: false,
        is_included_by_default: true,
        is_tracking_items: false,
        charge_at_subscription_activation: true,
        generate_zero_dollar_charge: false,
    };
    let order = plan_products::create::Order { plan: PlanId(plan), product, fields, cycles: Vec::new() };
    shop.act(move |tx, session| plan_products::create::run(tx, session, &order)).await.unwrap().id.0
}

fn problems_of<T: std::fmt::Debug>(refused: Result<T, Error>) -> Vec<Problem> {
    let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
    problems
}

#[tokio::test]
async fn what_is_stored_comes_back() {
    each_shop(async |shop| {
        let every = FrequencyOverride {
            interval: EarningInterval::Yearly,
            number_of_intervals: 2,
            discount: of(DiscountType::AmountPerUnit, "0.000001"),
            usages: Usages { until_start: 1, remaining: Some(3) },
        };
        let complete = DiscountFields {
            description: Some("All".to_owned()),
            usages: Usages { until_start: 2, remaining: Some(12) },
            frequency_overrides: vec![every],
            ..discount_fields("FULL", of(DiscountType::Amount, "12.345678"))
        };
        let order = complete.clone();
        let one = shop.act(move |tx, session| discounts::create::run(tx, session, &order)).await.unwrap().id;
        let found = shop.act(move |tx, session| discounts::find::run(tx, session, one)).await.unwrap();
        assert_eq!(found.fields, complete);
        let two = discount(shop, "TWO", of(DiscountType::Percentage, "100")).await;
        let (silver, gold) = (plan(shop, "SILVER").await, plan(shop, "GOLD").await);
        let parts = vec![plan_product(shop, gold, "B").await, plan_product(shop, gold, "A").await];

        let instant = |text: &str| Some(Instant::parse(text).unwrap());
        let windows = vec![
            Eligibility { id: None, starts_at: instant("2024-06-01"), ends_at: None, discounts: vec![two, one] },
            Eligibility { id: None, starts_at: None, ends_at: instant("2024-02-01T04:59:59.997"), discounts: vec![] },
        ];
        let order = CouponFields {
            description: Some("All".to_owned()),
            applies_to_all_plans: true,
            is_one_time_use: true,
            codes: [("A", Some(3)), ("B", None)]
                .map(|(code, remaining_usages)| CouponCode { id: None, code: code.to_owned(), remaining_usages })
                .into(),
            eligibilities: windows,
            plans: vec![
                CouponPlan { plan: silver, applies_to_all_products: true, plan_products: vec![] },
                CouponPlan { plan: gold, applies_to_all_products: false, plan_products: parts },
            ],
            ..fields("A", None, vec![one, two])
        };
        let created = create(shop, order.clone()).await.unwrap();
        let mut bare = created.fields.clone();
        assert!(bare.codes.iter().all(|code| code.id.is_some()));
        bare.codes.iter_mut().for_each(|code| code.id = None);
        bare.eligibilities.iter_mut().for_each(|window| window.id = None);
        assert_eq!(bare, order);

        let mut changed = created.fields.clone();
        changed.codes.remove(0);
        changed.codes.push(CouponCode { id: None, code: "C".to_owned(), remaining_usages: Some(1) });
        changed.eligibilities.swap(0, 1);
        changed.plans.clear();
        let updated = update(shop, created.id, changed.clone()).await.unwrap();
        assert_eq!(updated.fields.codes[0], created.fields.codes[1], "a code that stays is the same code");
        assert_eq!(updated.fields.eligibilities, changed.eligibilities);
        let free = create(shop, fields("A", None, vec![one])).await;
        assert!(free.is_ok(), "a code that was given up is free");
    })
    .await;
}

#[tokio::test]
async fn references_must_hold() {
    each_shop(async |shop| {
        let coupon = half(shop, "SPRING", None).await;
        let unknown = DiscountId(5);
        let window = Eligibility { id: None, starts_at: None, ends_at: None, discounts: vec![unknown] };
        let (silver, gold) = (plan(shop, "SILVER").await, plan(shop, "GOLD").await);
        let (silver_part, gold_part) = (plan_product(shop, silver, "A").await, plan_product(shop, gold, "B").await);
        let part_of =
            |plan, plan_products: Vec<i64>| CouponPlan { plan, applies_to_all_products: false, plan_products };
        let plans = vec![part_of(5, vec![6]), part_of(gold, vec![gold_part, silver_part, 6])];
        let bad = CouponFields { eligibilities: vec![window], plans, ..fields("SPRING", None, vec![unknown]) };
        let fields_of = |problems: Vec<Problem>| problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>();
        let found = fields_of(problems_of(create(shop, bad.clone()).await));
        let expected = [
            "CouponCodes[0].Code",
            "Discounts[0]",
            "Eligibilities[0].Discounts[0]",
            "Plans[0].Id",
            "Plans[1].PlanProducts[1]",
            "Plans[1].PlanProducts[2]",
        ];
        assert_eq!(found, expected);
        let stranger = Eligibility { id: Some(EligibilityId(9)), discounts: vec![], ..bad.eligibilities[0].clone() };
        let bad = CouponFields { eligibilities: vec![stranger], ..fields("SPRING", None, vec![]) };
        assert_eq!(fields_of(problems_of(update(shop, coupon, bad).await)), ["Eligibilities[0].Id"]);
        let refused = update(shop, CouponId(5), fields("X", None, vec![])).await.unwrap_err();
        assert_eq!(refused.to_string(), "Coupon with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn discounts_come_with_the_coupon_and_count_in_the_price() {
    each_shop(async |shop| {
        let five = discount(shop, "FIVE", of(DiscountType::Amount, "5")).await;
        let half = discount(shop, "HALF", of(DiscountType::Percentage, "50")).await;
        create(shop, fields("SPRING", Some(1), vec![half, five])).await.unwrap();
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let order =
            PurchaseOrder { discounts: vec![of(DiscountType::AmountPerUnit, "1")], ..with_codes(product, &["SPRING"]) };
        let purchase = sell(shop, customer, false, vec![order]).await.unwrap().remove(0);
        assert_eq!(purchase.terms.amount, Amount::parse("93").unwrap(), "200 less 2, less 100, less 5");
        assert_eq!(purchase.discounts.iter().map(|one| one.coupon.is_some()).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(purchase.coupon_codes, ["SPRING"]);
        charge(shop, customer, purchase.id).await.unwrap();
        let customer = shop.act(move |tx, session| app::customers::find::run(tx, session, customer)).await.unwrap();
        assert_eq!(customer.balance, Amount::parse("93").unwrap());
    })
    .await;
}

#[tokio::test]
async fn codes_that_do_not_hold_are_named_with_their_element() {
    each_shop(async |shop| {
        let coupon = half(shop, "SPRING", Some(0)).await;
        let two_codes = |fields: CouponFields| {
            let other = CouponCode { id: None, code: "AUTUMN".to_owned(), remaining_usages: None };
            CouponFields { codes: vec![fields.codes[0].clone(), other], ..fields }
        };
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let orders = || vec![purchase_of(product, "1"), with_codes(product, &["SPRING"]), with_codes(product, &["NO"])];
        let invalid = |index: usize, code: &str| {
            Problem::new(format!("Purchases[{index}]"), format!("Coupon code {code} is not valid."))
        };
        let refused = sell(shop, customer, false, orders()).await;
        assert_eq!(problems_of(refused), [invalid(1, "SPRING"), invalid(2, "NO")]);

        let stored = shop.act(move |tx, session| coupons::find::run(tx, session, coupon)).await.unwrap().fields;
        update(shop, coupon, two_codes(stored.clone())).await.unwrap();
        let refused = sell(shop, customer, false, vec![with_codes(product, &["AUTUMN", "AUTUMN"])]).await;
        assert_eq!(problems_of(refused), [invalid(0, "AUTUMN")]);
        sell(shop, customer, false, vec![with_codes(product, &["AUTUMN"])]).await.unwrap();

        update(shop, coupon, CouponFields { is_retired: true, ..two_codes(stored) }).await.unwrap();
        let refused = sell(shop, customer, false, vec![with_codes(product, &["AUTUMN"])]).await;
        assert_eq!(problems_of(refused), [invalid(0, "AUTUMN")]);
        let page = Page::default();
        let drafts = shop.act(move |tx, session| app::purchases::list::run(tx, session, customer, &page)).await;
        assert_eq!(drafts.unwrap().rows.len(), 1, "what was refused is not stored");
    })
    .await;
}

#[tokio::test]
async fn a_coupon_is_put_on_a_draft_and_taken_off() {
    each_shop(async |shop| {
        half(shop, "SPRING", Some(0)).await;
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let purchase = shop.purchase(customer, product, "1").await;
        let apply = async |skips_validation| {
            let order = purchase_coupons::create::Order { purchase, code: "SPRING".to_owned(), skips_validation };
            shop.act(move |tx, session| purchase_coupons::create::run(tx, session, &order)).await
        };
        let remove = async |removes_discounts| {
            let order = purchase_coupons::delete::Order { purchase, code: "SPRING".to_owned(), removes_discounts };
            shop.act(move |tx, session| purchase_coupons::delete::run(tx, session, &order)).await
        };
        let stands = async || {
            let found = shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap();
            (found.terms.amount.to_string(), found.discounts.len(), found.coupon_codes.len())
        };
        let not_valid = "Coupon code SPRING is not valid.";
        assert_eq!(apply(false).await.unwrap_err().to_string(), not_valid, "it is used up");
        apply(true).await.unwrap();
        assert_eq!(apply(true).await.unwrap_err().to_string(), not_valid, "it is there already");
        assert_eq!(stands().await, ("50".to_owned(), 1, 1));
        remove(false).await.unwrap();
        assert_eq!(stands().await, ("50".to_owned(), 1, 0));
        let refused = remove(false).await.unwrap_err();
        assert_eq!(refused.to_string(), "Coupon code SPRING is not applied to the purchase.");
        apply(true).await.unwrap();
        assert_eq!(stands().await, ("0".to_owned(), 2, 1));
        remove(true).await.unwrap();
        // The discount that was kept the first time is the purchase's own.
        assert_eq!(stands().await, ("50".to_owned(), 1, 0));
        apply(true).await.unwrap();
        charge(shop, customer, purchase).await.unwrap();
        for refused in [apply(true).await.map(|_| ()), remove(true).await] {
            assert_eq!(refused.unwrap_err().to_string(), "Only purchases in status Draft may be modified.");
        }
        assert_eq!(stands().await, ("0".to_owned(), 2, 1));
    })
    .await;
}

#[tokio::test]
async fn without_validation_a_closed_window_brings_its_discounts() {
    each_shop(async |shop| {
        let half = discount(shop, "HALF", of(DiscountType::Percentage, "50")).await;
        let (starts_at, ends_at) = (None, Some(Instant::parse("2024-01-01").unwrap()));
        let past = Eligibility { id: None, starts_at, ends_at, discounts: vec![half] };
        let coupon = CouponFields { eligibilities: vec![past], ..fields("PAST", None, vec![]) };
        create(shop, coupon).await.unwrap();
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let purchase = shop.purchase(customer, product, "1").await;
        for (skips_validation, amount) in [(false, "100"), (true, "50")] {
            let order = purchase_coupons::create::Order { purchase, code: "PAST".to_owned(), skips_validation };
            let applied = shop.act(move |tx, session| purchase_coupons::create::run(tx, session, &order)).await;
            assert_eq!(applied.is_ok(), skips_validation);
            let found = shop.act(move |tx, session| find::run(tx, session, purchase)).await.unwrap();
            assert_eq!(found.terms.amount, Amount::parse(amount).unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn the_list_knows_what_a_coupon_is_today() {
    each_shop(async |shop| {
        let half = discount(shop, "HALF", of(DiscountType::Percentage, "50")).await;
        let window = |start: &str, end: &str| Eligibility {
            id: None,
            starts_at: Some(Instant::parse(start).unwrap()),
            ends_at: Some(Instant::parse(end).unwrap()),
            discounts: vec![half],
        };
        let plain = |code: &str| fields(code, None, vec![half]);
        create(shop, plain("ACTIVE")).await.unwrap();
        create(shop, CouponFields { discounts: vec![], ..plain("DRAFT") }).await.unwrap();
        create(shop, CouponFields { is_retired: true, ..plain("RETIRED") }).await.unwrap();
        let open = vec![window("2024-01-15T10:00:00", "2024-01-15T10:00:00")];
        create(shop, CouponFields { eligibilities: open, discounts: vec![], ..plain("NOW") }).await.unwrap();
        create(shop, CouponFields { eligibilities: vec![window("2024-01-16", "2024-02-01")], ..plain("LATER") })
            .await
            .unwrap();
        let list =
            async |page: Page| shop.act(move |tx, session| coupons::list::run(tx, session, &page)).await.unwrap();
        for column in coupons::list::COLUMNS {
            let sort = Sort { field: column.field.name, direction: Direction::Descending };
            assert_eq!(list(Page { sort, ..Page::default() }).await.rows.len(), 5, "{sort:?}");
        }
        for (status, expected) in [
            (CouponStatus::Active, 2),
            (CouponStatus::Draft, 1),
            (CouponStatus::Ineligible, 1),
            (CouponStatus::Retired, 1),
        ] {
            let condition = Condition::Equals(Operand::Text(status.name().to_owned()));
            let page = Page { conditions: vec![Clause { field: "status", condition }], ..Page::default() };
            let slice = list(page).await;
            assert_eq!((slice.matching, slice.total), (expected, 5), "{status}");
            let now = shop.app.now();
            assert!(slice.rows.iter().all(|coupon| coupon.fields.status(now) == status), "{status}");
        }
        let condition =
            Condition::Range { from: Some(Operand::Instant(Instant::parse("2024-01-16").unwrap())), to: None };
        let clause = Clause { field: "eligibilityStartDate", condition };
        let later = list(Page { conditions: vec![clause], ..Page::default() }).await;
        assert_eq!(later.rows.iter().map(|coupon| coupon.fields.name.as_str()).collect::<Vec<_>>(), ["Coupon LATER"]);
    })
    .await;
}

#[tokio::test]
async fn a_discount_stays_while_a_coupon_includes_it() {
    each_shop(async |shop| {
        let half = discount(shop, "HALF", of(DiscountType::Percentage, "50")).await;
        let coupon = create(shop, fields("SPRING", None, vec![half])).await.unwrap().id;
        let delete = async || shop.act(move |tx, session| discounts::delete::run(tx, session, half)).await;
        let refused = delete().await.unwrap_err();
        assert_eq!(refused.to_string(), "Only discounts that no coupon includes may be deleted.");
        let (customer, product) = (shop.customer().await, shop.product("P", "100").await);
        let retired = DiscountFields {
            status: DiscountStatus::Retired,
            ..discount_fields("HALF", of(DiscountType::Percentage, "50"))
        };
        let order = discounts::update::Order { id: half, fields: retired };
        shop.act(move |tx, session| discounts::update::run(tx, session, &order)).await.unwrap();
        let refused = sell(shop, customer, false, vec![with_codes(product, &["SPRING"])]).await;
        assert_eq!(problems_of(refused).len(), 1, "a retired discount is given to nobody");
        let question = coupons::validate::Question { code: "SPRING".to_owned(), plan: None, customer: None };
        let told = shop.act(move |tx, session| coupons::validate::run(tx, session, &question)).await.unwrap();
        assert_eq!(told, Some(Ineligible::NotActive), "and nobody is told otherwise");
        shop.act(move |tx, session| coupons::delete::run(tx, session, coupon)).await.unwrap();
        delete().await.unwrap();
        assert_eq!(delete().await.unwrap_err().to_string(), format!("Discount with id {half} not found."));
        let taken = discount_fields("B", of(DiscountType::Amount, "1"));
        discount(shop, "B", of(DiscountType::Amount, "1")).await;
        let refused = shop.act(move |tx, session| discounts::create::run(tx, session, &taken)).await;
        assert_eq!(problems_of(refused), [Problem::new("Code", "Code B is already in use.")]);
    })
    .await;
}
