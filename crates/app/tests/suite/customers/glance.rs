//! A customer at a glance, customers as rows, and how long the currency may change.

use app::{
    Error, credits,
    customers::{create, overview, summaries, update},
    opening_balances, payments,
    purchases::{bulk_create, finalize},
};
use billing::{
    credit::CreditOrder,
    customer::{BillingSetting, Customer, LastPayment, Position},
    discount::{Discount, DiscountType},
    id::{CustomerId, ProductId},
    listing::Page,
    named::Named,
    opening_balance::OpeningBalanceOrder,
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::PurchaseOrder,
    term::Term,
};
use calendar::Instant;
use money::{Amount, Currency, Price};

use super::{child_of, find, unchanged};
use crate::shop::{Shop, each_shop, opening, purchase_of};

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

async fn glance(shop: &Shop, id: CustomerId) -> (Customer, Position) {
    shop.act(move |tx, session| overview::run(tx, session, id)).await.unwrap()
}

async fn pay(shop: &Shop, customer: CustomerId, paid: &str, received: Instant, allocations: Vec<Allocation>) {
    let order = PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: amount(paid),
        method: PaymentMethod::Cash,
        reference: None,
        allocations,
        auto_allocate: None,
        effective_at: Some(received),
        reference_date: None,
    };
    shop.act(move |tx, session| payments::create::run(tx, session, &order)).await.unwrap();
}

/// Charges half of what two cost, on a draft invoice.
async fn wait(shop: &Shop, customer: CustomerId, product: ProductId) {
    let half = Discount { discount_type: DiscountType::Percentage, amount: Price::parse("50").unwrap() };
    let purchase = PurchaseOrder { discounts: vec![half], ..purchase_of(product, "2") };
    let order = bulk_create::Order { customer, auto_purchase: false, purchases: vec![purchase], collect: None };
    let drafts = shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
    let order = finalize::Order { customer, purchases: vec![drafts.purchases[0].id], collect: None };
    shop.act(move |tx, session| finalize::run_without_posting(tx, session, &order)).await.unwrap();
}

#[tokio::test]
async fn a_customer_at_a_glance_adds_up_with_its_books() {
    each_shop(async |shop| {
        let (customer, other) = (shop.customer().await, shop.customer().await);
        let product = shop.product("A", "100").await;
        assert_eq!(glance(shop, customer).await, (find(shop, customer).await, Position::default()));
        pay(shop, other, "999", opening(), Vec::new()).await;
        wait(shop, other, product).await;

        let invoice = shop.invoice(customer, product, "1").await;
        let part = vec![Allocation { invoice, amount: amount("30") }];
        pay(shop, customer, "40", opening(), part).await;
        // Received before the other, and recorded after it.
        pay(shop, customer, "5", opening().plus_days(-3), Vec::new()).await;
        let credit = CreditOrder {
            customer,
            amount: amount("7.5"),
            reference: None,
            allocations: vec![],
            effective_at: None,
            auto_allocate: None,
        };
        shop.act(move |tx, session| credits::create::run(tx, session, &credit)).await.unwrap();
        let deposit = OpeningBalanceOrder { customer, amount: amount("20"), reference: None, owing: None };
        shop.act(move |tx, session| opening_balances::create::run(tx, session, &deposit)).await.unwrap();
        wait(shop, customer, product).await;

        let (seen, position) = glance(shop, customer).await;
        let expected = Position {
            available_funds: amount("35"),
            available_credit: amount("7.5"),
            unbilled: amount("100"),
            last_payment: Some(LastPayment { effective_at: opening(), amount: amount("40") }),
        };
        assert_eq!(position, expected);
        // 70 of the invoice are owed.
        assert_eq!(seen.balance, amount("27.5"));
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
        let unknown = shop.act(|tx, session| overview::run(tx, session, CustomerId(5))).await;
        assert_eq!(unknown.unwrap_err().to_string(), "Customer with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn rows_tell_the_terms_that_hold() {
    each_shop(async |shop| {
        let plain = shop.draft_customer().await;
        let term = Term::from_name("Net30");
        let order = create::Order {
            billing_setting: Some(BillingSetting { term, ..BillingSetting::default() }),
            ..create::Order::default()
        };
        let special = super::create(shop, order).await.unwrap().id;
        let page = Page::default();
        let rows = shop.act(move |tx, session| summaries::run(tx, session, &page)).await.unwrap().rows;
        let terms: Vec<_> = rows.iter().map(|row| (row.customer.id, row.term)).collect();
        let accounts = shop.act(|_, session| Ok(session.account.term)).await.unwrap();
        assert_eq!(terms, [(plain, accounts), (special, term.unwrap())]);
        assert_ne!(accounts, term.unwrap());
        assert_eq!(rows[0].customer, find(shop, plain).await);
    })
    .await;
}

async fn rename(shop: &Shop, customer: &Customer, currency: Currency) -> Result<Customer, Error> {
    let order = update::Order { currency: Some(currency), ..unchanged(customer) };
    super::update(shop, order).await
}

#[tokio::test]
async fn the_currency_changes_until_something_is_in_it() {
    each_shop(async |shop| {
        let product = shop.product("A", "1").await;
        let fresh = find(shop, shop.draft_customer().await).await;
        assert!(fresh.can_change_currency);
        let changed = rename(shop, &fresh, Currency::EUR).await.unwrap();
        assert_eq!((changed.currency, changed.can_change_currency), (Currency::EUR, true));
        rename(shop, &changed, Currency::USD).await.unwrap();

        let bought = shop.draft_customer().await;
        shop.purchase(bought, product, "1").await;
        let paid = shop.draft_customer().await;
        pay(shop, paid, "1", opening(), Vec::new()).await;
        let parent = shop.customer().await;
        let child = super::create(shop, child_of(parent)).await.unwrap().id;
        for fixed in [bought, paid, parent, child] {
            let fixed = find(shop, fixed).await;
            assert!(!fixed.can_change_currency, "{fixed:?}");
            let refused = rename(shop, &fixed, Currency::EUR).await.unwrap_err();
            assert_eq!(refused.to_string(), "The customer's currency is USD; it cannot be changed.");
            assert_eq!(rename(shop, &fixed, Currency::USD).await.unwrap().currency, Currency::USD);
        }
        // With another currency, the parent is another family's.
        let mut order = update::Order { currency: Some(Currency::EUR), ..unchanged(&fresh) };
        order.fields.parent = Some(parent);
        let refused = super::update(shop, order).await.unwrap_err();
        assert_eq!(refused.to_string(), "Parent customer must have the same currency.");
        assert_eq!(find(shop, fresh.id).await.currency, Currency::USD);
    })
    .await;
}
