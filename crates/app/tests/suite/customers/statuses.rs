//! From status to status, and what each status stops.

use app::{
    Error,
    addresses::set_preference,
    customers::{activate, cancel, delete, hold, set_setting, uncancel, unhold},
    invoices::post_draft,
    payments,
    purchases::{self, bulk_create, finalize, finalize_drafts, list},
};
use billing::{
    address::{PreferenceFields, PreferenceOrder},
    customer::{AccountStatus, BillingSetting, Customer, CustomerStatus, ServiceStartOption, StatusChange},
    id::{CustomerId, DraftInvoiceId, ProductId, PurchaseId},
    listing::Page,
    named::Named,
    payment::{PaymentMethod, PaymentOrder, PaymentSource},
    purchase::PurchaseChange,
};
use db::values;
use money::Amount;

use super::{activation, child_of, create, find, unchanged, update};
use crate::shop::{Shop, each_shop, opening, purchase_of};

async fn hold(shop: &Shop, id: CustomerId) -> Result<Customer, Error> {
    shop.act(move |tx, session| hold::run(tx, session, id)).await
}

async fn cancel(shop: &Shop, id: CustomerId) -> Result<Customer, Error> {
    shop.act(move |tx, session| cancel::run(tx, session, id)).await
}

async fn uncancel(shop: &Shop, id: CustomerId) -> Result<Customer, Error> {
    shop.act(move |tx, session| uncancel::run(tx, session, id)).await
}

async fn unhold(shop: &Shop, customer: CustomerId, start: Option<ServiceStartOption>) -> Result<Customer, Error> {
    let order = unhold::Order { customer, start };
    shop.act(move |tx, session| unhold::run(tx, session, &order)).await
}

/// Puts an active customer where it shall be; nobody but the system suspends.
async fn put(shop: &Shop, id: CustomerId, status: CustomerStatus) {
    match status {
        CustomerStatus::Draft | CustomerStatus::Active => {}
        CustomerStatus::Hold => drop(hold(shop, id).await.unwrap()),
        CustomerStatus::Cancelled => drop(cancel(shop, id).await.unwrap()),
        CustomerStatus::Suspended => {
            let account = shop.account;
            let suspend = move |tx: &mut app::Tx<'_>| {
                // In collections, because nothing is overdue: in good standing it would go on at once.
                store::customer::set_account_status(tx, account, id, AccountStatus::Collection)?;
                Ok::<_, Error>(store::customer::set_status(tx, account, id, status, opening())?)
            };
            shop.app.db().write(suspend).await.unwrap();
        }
    }
}

/// The last events of a customer, oldest first.
async fn told(shop: &Shop, id: CustomerId) -> Vec<String> {
    let account = shop.account;
    shop.act(move |tx, _| {
        let sql = "SELECT event_type FROM event WHERE account_id = $1 AND customer_id = $2 ORDER BY id";
        Ok(tx.query(sql, &values![account.0, id.0], |row| row.get::<String>(0))?)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_customer_is_held_cancelled_and_comes_back() {
    each_shop(async |shop| {
        let id = shop.customer().await;
        let held = hold(shop, id).await.unwrap();
        assert_eq!(held.status, CustomerStatus::Hold);
        let refused = hold(shop, id).await.unwrap_err();
        assert_eq!(refused.to_string(), "Only customers in Active status can be put on hold.");

        shop.clock.advance_days(1);
        let going = unhold(shop, id, Some(ServiceStartOption::ChargeForAllMissedPeriods)).await.unwrap();
        assert_eq!((going.status, going.balance), (CustomerStatus::Active, Amount::ZERO));
        assert_eq!((going.activated_at, going.modified_at), (Some(opening()), opening().plus_days(1)));

        assert_eq!(cancel(shop, id).await.unwrap().status, CustomerStatus::Cancelled);
        let refused = cancel(shop, id).await.unwrap_err();
        assert_eq!(refused.to_string(), "Only customers in Draft, Active, Hold or Suspended status can be cancelled.");
        let back = uncancel(shop, id).await.unwrap();
        assert_eq!((back.status, back.activated_at), (CustomerStatus::Active, Some(opening())));
        let refused = uncancel(shop, id).await.unwrap_err();
        assert_eq!(refused.to_string(), "Only customers in Cancelled status can be uncancelled.");
        let expected = [
            "CustomerCreated",
            "CustomerActivated",
            "CustomerHold",
            "CustomerUnhold",
            "CustomerCancelled",
            "CustomerUncancelled",
        ];
        assert_eq!(told(shop, id).await, expected);

        let draft = shop.draft_customer().await;
        cancel(shop, draft).await.unwrap();
        let back = uncancel(shop, draft).await.unwrap();
        assert_eq!((back.status, back.activated_at), (CustomerStatus::Active, Some(opening().plus_days(1))));
        for refused in [
            hold(shop, CustomerId(5)).await,
            cancel(shop, CustomerId(5)).await,
            uncancel(shop, CustomerId(5)).await,
            unhold(shop, CustomerId(5), None).await,
        ] {
            assert_eq!(refused.unwrap_err().to_string(), "Customer with id 5 not found.");
        }
    })
    .await;
}

#[tokio::test]
async fn every_option_takes_a_customer_off_hold_and_its_setting_stands_in() {
    each_shop(async |shop| {
        let id = shop.customer().await;
        for option in ServiceStartOption::ALL {
            hold(shop, id).await.unwrap();
            assert_eq!(unhold(shop, id, Some(*option)).await.unwrap().status, CustomerStatus::Active, "{option}");
        }
        hold(shop, id).await.unwrap();
        let refused = unhold(shop, id, None).await.unwrap_err();
        assert_eq!(refused.to_string(), "The ServiceStartOption field is required.");
        let order = unhold::Order { customer: id, start: Some(ServiceStartOption::NoChargesForMissedPeriods) };
        let seen = shop.act(move |tx, session| unhold::preview(tx, session, &order)).await.unwrap();
        assert_eq!(seen.status, CustomerStatus::Hold, "a preview shows the customer as it is");
        put_setting(shop, id, Some(ServiceStartOption::ChargeForLastMissedPeriods)).await.unwrap();
        hold(shop, id).await.unwrap();
        assert_eq!(unhold(shop, id, None).await.unwrap().status, CustomerStatus::Active);
    })
    .await;
}

async fn put_setting(
    shop: &Shop,
    customer: CustomerId,
    option: Option<ServiceStartOption>,
) -> Result<BillingSetting, Error> {
    let setting = BillingSetting { customer_service_start_option: option, ..BillingSetting::default() };
    let order = set_setting::Order { customer, setting };
    shop.act(move |tx, session| set_setting::run(tx, session, &order)).await
}

/// Something of a customer for every call that its status may stop.
#[derive(Debug, Clone, Copy)]
struct Things {
    customer: CustomerId,
    draft: PurchaseId,
    waiting: DraftInvoiceId,
}

/// A customer with a draft purchase and a draft invoice.
async fn customer_with_drafts(shop: &Shop, product: ProductId) -> Things {
    let customer = shop.customer().await;
    let purchases = vec![shop.purchase(customer, product, "1").await];
    let order = finalize::Order { customer, purchases, collect: None };
    let billed = shop.act(move |tx, session| finalize::run_without_posting(tx, session, &order)).await.unwrap();
    let finalize::Billed::Waits(waiting) = billed else { panic!("{billed:?}") };
    Things { customer, draft: shop.purchase(customer, product, "1").await, waiting }
}

const REFUSED_SALE: &str = "cannot make purchases";

#[tokio::test]
async fn a_status_stops_what_it_should() {
    each_shop(async |shop| {
        let product = shop.product("A", "10").await;
        // Whether one may: make drafts, sell at once, charge a draft, charge all drafts, post what waits, change.
        let rows = [
            (CustomerStatus::Active, [true, true, true, true, true, true]),
            (CustomerStatus::Hold, [true, false, false, false, false, true]),
            (CustomerStatus::Suspended, [false, false, false, false, false, true]),
            (CustomerStatus::Cancelled, [false, false, false, false, true, false]),
        ];
        for (status, expected) in rows {
            let things = customer_with_drafts(shop, product).await;
            put(shop, things.customer, status).await;
            let sale = async |auto_purchase| {
                let order = bulk_create::Order {
                    customer: things.customer,
                    auto_purchase,
                    purchases: vec![purchase_of(product, "1")],
                    collect: None,
                };
                shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.map(drop)
            };
            let one = finalize::Order { customer: things.customer, purchases: vec![things.draft], collect: None };
            let all = finalize_drafts::Order {
                customer: things.customer,
                only: None,
                disables_auto_post: false,
                collect: None,
            };
            let post = post_draft::Order { draft: things.waiting, only: None };
            let changed = change(shop, things).await;
            let made = [
                sale(false).await,
                sale(true).await,
                shop.act(move |tx, session| finalize::run(tx, session, &one)).await.map(drop),
                shop.act(move |tx, session| finalize_drafts::run(tx, session, &all)).await.map(drop),
                shop.act(move |tx, session| post_draft::run(tx, session, &post)).await.map(drop),
                changed,
            ];
            assert_eq!(made.each_ref().map(Result::is_ok), expected, "{status}: {made:?}");
            for refused in made.iter().take(4).filter_map(|made| made.as_ref().err()) {
                assert!(refused.to_string().contains(REFUSED_SALE) && refused.to_string().contains(status.name()));
            }
            let refused = shop.act(move |tx, session| activate::run(tx, session, &activation(things.customer))).await;
            assert_eq!(refused.unwrap_err().to_string(), "Only customers in Draft status can be activated.");
            pay(shop, things.customer).await;
        }
    })
    .await;
}

/// Everything that changes a customer, or what it may buy.
async fn change(shop: &Shop, things: Things) -> Result<(), Error> {
    let id = things.customer;
    let preference = PreferenceOrder { fields: PreferenceFields::default(), billing: None, shipping: None };
    let preference = set_preference::Order { customer: id, preference };
    let draft = purchases::update::Order { purchase: things.draft, change: PurchaseChange::default() };
    let made = [
        update(shop, unchanged(&find(shop, id).await)).await.map(drop),
        put_setting(shop, id, None).await.map(drop),
        shop.act(move |tx, session| set_preference::run(tx, session, &preference)).await.map(drop),
        shop.act(move |tx, session| purchases::update::run(tx, session, &draft)).await.map(drop),
    ];
    let refused = made.iter().filter_map(|made| made.as_ref().err().map(ToString::to_string)).collect::<Vec<_>>();
    for text in &refused {
        assert_eq!(text, "Customer is in status Cancelled and cannot be changed until it is uncancelled.");
    }
    assert!(refused.is_empty() || refused.len() == made.len(), "{refused:?}");
    made.into_iter().collect()
}

/// Money is taken from everybody.
async fn pay(shop: &Shop, customer: CustomerId) {
    let order = PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: Amount::parse("1").unwrap(),
        method: PaymentMethod::Cash,
        reference: None,
        allocations: Vec::new(),
        auto_allocate: None,
        effective_at: None,
        reference_date: None,
    };
    shop.act(move |tx, session| payments::create::run(tx, session, &order)).await.unwrap();
}

async fn delete(shop: &Shop, id: CustomerId) -> Result<(), Error> {
    shop.act(move |tx, session| delete::run(tx, session, id)).await
}

#[tokio::test]
async fn a_draft_is_deleted_with_its_purchases_and_nobody_else() {
    each_shop(async |shop| {
        let product = shop.product("A", "10").await;
        let order = create::Order {
            billing_setting: Some(BillingSetting::default()),
            address_preference: Some(PreferenceOrder::default()),
            ..child_of(shop.customer().await)
        };
        let draft = create(shop, order).await.unwrap().id;
        let purchase = shop.purchase(draft, product, "2").await;
        delete(shop, draft).await.unwrap();
        assert_eq!(delete(shop, draft).await.unwrap_err().to_string(), format!("Customer with id {draft} not found."));
        let gone = shop.act(move |tx, session| purchases::find::run(tx, session, purchase)).await;
        assert_eq!(gone.unwrap_err().to_string(), format!("Purchase with id {purchase} not found."));
        let told = told(shop, draft).await;
        assert_eq!(told[told.len() - 2..], ["PurchaseDeleted", "CustomerDeleted"]);

        let paid = shop.draft_customer().await;
        pay(shop, paid).await;
        let refused = delete(shop, paid).await.unwrap_err().to_string();
        assert_eq!(
            refused,
            format!(
                "Customer with id {paid} has transactions or payment methods and cannot be deleted; cancel it instead."
            )
        );
        for status in CustomerStatus::ALL.iter().filter(|status| **status != CustomerStatus::Draft) {
            let id = shop.customer().await;
            let kept = shop.purchase(id, product, "2").await;
            put(shop, id, *status).await;
            assert_eq!(
                delete(shop, id).await.unwrap_err().to_string(),
                "Only customers in Draft status can be deleted."
            );
            let list = shop.act(move |tx, session| list::run(tx, session, id, &Page::default())).await.unwrap();
            assert_eq!(list.rows[0].id, kept);
        }
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn the_system_moves_along_the_same_table() {
    assert_eq!(CustomerStatus::Active.after(StatusChange::Suspend).unwrap(), CustomerStatus::Suspended);
    each_shop(async |shop| {
        let id = shop.customer().await;
        put(shop, id, CustomerStatus::Suspended).await;
        assert!(hold(shop, id).await.is_err() && uncancel(shop, id).await.is_err());
        assert_eq!(cancel(shop, id).await.unwrap().status, CustomerStatus::Cancelled);
    })
    .await;
}
