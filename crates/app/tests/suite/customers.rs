//! Customers: what is stored comes back, updates replace, activation happens once.

mod glance;
mod notes;
mod statuses;

use app::{
    Error,
    customers::{activate, create, find, list, update},
    invoices,
};
use billing::{
    collect::{CollectFrom, CollectOrder},
    customer::{
        AccountStatus, Acquisition, AutoCollectSettingType, BillingSetting, Contact, Customer, CustomerFields,
        CustomerStatus, Integrations, QuickBooksLatchType, SalesforceAccountType, ServiceStartOption, SynchStatus,
        Title, TrackingCode,
    },
    event::EventType,
    id::CustomerId,
    listing::{Clause, Condition, Direction, Operand, Page, Sort},
    named::Named,
    refusal::Refusal,
    term::Term,
};
use db::values;
use money::{Amount, Currency};

use crate::shop::{Shop, each_shop, opening};

async fn create(shop: &Shop, order: create::Order) -> Result<Customer, Error> {
    shop.act(move |tx, session| create::run(tx, session, &order)).await
}

async fn update(shop: &Shop, order: update::Order) -> Result<Customer, Error> {
    shop.act(move |tx, session| update::run(tx, session, &order)).await
}

async fn find(shop: &Shop, id: CustomerId) -> Customer {
    shop.act(move |tx, session| find::run(tx, session, id)).await.unwrap()
}

/// An update that changes nothing, as a client that has just read the customer sends it.
fn unchanged(customer: &Customer) -> update::Order {
    update::Order {
        id: customer.id,
        status: customer.status,
        account_status: Some(customer.account_status),
        currency: Some(customer.currency),
        fields: customer.fields.clone(),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every text of a customer is optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "every place may be empty")]
fn tracking(code: &str, name: Option<String>) -> Option<TrackingCode> {
    Some(TrackingCode { code: code.to_owned(), name })
}

/// A customer with something in every field but the parent.
fn complete() -> CustomerFields {
    CustomerFields {
        contact: Contact {
            first_name: text("Ada"),
            middle_name: text("M"),
            last_name: text("Reyes"),
            company_name: text("Northwind"),
            suffix: text("Jr."),
            title: Some(Title::Dr),
            primary_email: text("ada@example.com; bills@example.com"),
            primary_phone: text("1"),
            secondary_email: text("home@example.com"),
            secondary_phone: text("2"),
            reference: text("C-17"),
        },
        references: [text("r1"), text("r2"), text("r3")],
        tracking_codes: [tracking("PARTNER", text("Partner")), None, None, None, tracking("FAIR", None)],
        acquisition: Acquisition {
            ad_content: text("a"),
            campaign: text("b"),
            keyword: text("c"),
            landing_page: text("d"),
            medium: text("e"),
            source: text("f"),
        },
        integrations: Integrations {
            salesforce_id: text("g"),
            salesforce_account_type: Some(SalesforceAccountType::Person),
            salesforce_synch_status: SynchStatus::Disabled,
            netsuite_id: text("h"),
            netsuite_synch_status: SynchStatus::Enabled,
            netsuite_customer_type: text("i"),
            quickbooks_latch_type: Some(QuickBooksLatchType::DoNothing),
            quickbooks_id: Some(1),
            quickbooks_sync_token: Some(2),
            hubspot_id: Some(3),
            hubspot_company_id: Some(4),
            geotab_id: text("j"),
            digital_river_id: text("k"),
        },
        portal_user_name: text("ada"),
        parent: None,
    }
}

fn child_of(parent: CustomerId) -> create::Order {
    let fields = CustomerFields { parent: Some(parent), ..CustomerFields::default() };
    create::Order { fields, ..create::Order::default() }
}

fn activation(customer: CustomerId) -> activate::Order {
    activate::Order { customer, finalizes_purchases: true, disables_auto_post: false, collect: None }
}

#[tokio::test]
async fn what_is_stored_comes_back() {
    each_shop(async |shop| {
        let order = create::Order { currency: Some(Currency::EUR), fields: complete(), ..create::Order::default() };
        let created = create(shop, order).await.unwrap();
        let expected = Customer {
            id: created.id,
            status: CustomerStatus::Draft,
            account_status: AccountStatus::Good,
            currency: Currency::EUR,
            can_change_currency: true,
            balance: Amount::ZERO,
            fields: complete(),
            is_parent: false,
            created_at: opening(),
            modified_at: opening(),
            activated_at: None,
        };
        assert_eq!(created, expected);
        let blank = create(shop, create::Order::default()).await.unwrap();
        assert_eq!((blank.currency, blank.fields), (Currency::USD, CustomerFields::default()));
    })
    .await;
}

#[tokio::test]
async fn billing_settings_come_back() {
    each_shop(async |shop| {
        let amount = |text| Some(Amount::parse(text).unwrap());
        let setting = BillingSetting {
            term: Term::from_name("Net30"),
            auto_collect: Some(true),
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            dunning_exempt: Some(false),
            recharge_type: text("BringBalanceBackToTarget"),
            recharge_threshold_amount: amount("10"),
            recharge_target_amount: amount("20.5"),
            status_on_threshold: Some(true),
            auto_post_draft_invoice: Some(true),
            customer_grace_period: Some(5),
            grace_period_extension: Some(6),
            standing_po_number: text("PO-1"),
            acquisition_cost: amount("99"),
            show_zero_dollar_charges: Some(false),
            tax_exempt: Some(true),
            tax_exempt_code: text("T"),
            use_customer_billing_address: Some(true),
            avalara_usage_type: text("U"),
            vat_identification_number: text("V"),
            customer_service_start_option: Some(ServiceStartOption::NoChargesForMissedPeriods),
            roll_up_taxes: Some(true),
            roll_up_discounts: Some(false),
        };
        let order = create::Order { billing_setting: Some(setting.clone()), ..create::Order::default() };
        let id = create(shop, order).await.unwrap().id;
        let account = shop.account;
        let stored = shop.act(move |tx, _| Ok(store::customer::find_setting(tx, account, id)?)).await.unwrap();
        assert_eq!(stored, Some(setting));
    })
    .await;
}

#[tokio::test]
async fn an_update_replaces_everything_that_callers_write() {
    each_shop(async |shop| {
        let order = create::Order { fields: complete(), ..create::Order::default() };
        let created = create(shop, order).await.unwrap();
        shop.clock.advance_days(1);
        let same = update(shop, unchanged(&created)).await.unwrap();
        assert_eq!(same, Customer { modified_at: opening().plus_days(1), ..created.clone() });
        let order = update::Order { currency: None, fields: CustomerFields::default(), ..unchanged(&created) };
        assert_eq!(update(shop, order).await.unwrap().fields, CustomerFields::default());
        assert_eq!(find(shop, created.id).await.currency, Currency::USD);
    })
    .await;
}

#[tokio::test]
async fn an_update_reports_everything_it_cannot_change() {
    each_shop(async |shop| {
        let named = CustomerFields { portal_user_name: text("ada"), ..CustomerFields::default() };
        let order = create::Order { fields: named.clone(), ..create::Order::default() };
        create(shop, order.clone()).await.unwrap();
        let refused = create(shop, order).await;
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems[0].field == "PortalUserName"));

        let customer = create(shop, create::Order::default()).await.unwrap().id;
        shop.purchase(customer, shop.product("A", "1").await, "1").await;
        let customer = find(shop, customer).await;
        let order = update::Order {
            status: CustomerStatus::Active,
            currency: Some(Currency::EUR),
            fields: named,
            ..unchanged(&customer)
        };
        let refused = update(shop, order).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["Status", "Currency", "PortalUserName"]);
        assert_eq!(find(shop, customer.id).await, customer);

        let unknown = update::Order { id: CustomerId(5), ..unchanged(&customer) };
        assert_eq!(update(shop, unknown).await.unwrap_err().to_string(), "Customer with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn collection_is_set_and_removed_by_hand() {
    each_shop(async |shop| {
        let customer = create(shop, create::Order::default()).await.unwrap();
        let order = update::Order { account_status: Some(AccountStatus::Collection), ..unchanged(&customer) };
        assert_eq!(update(shop, order).await.unwrap().account_status, AccountStatus::Collection);
        let order = update::Order { account_status: None, ..unchanged(&customer) };
        assert_eq!(update(shop, order).await.unwrap().account_status, AccountStatus::Collection);
        assert_eq!(update(shop, unchanged(&customer)).await.unwrap().account_status, AccountStatus::Good);
    })
    .await;
}

#[tokio::test]
async fn hierarchies_have_active_parents_one_currency_no_circles_and_four_levels() {
    each_shop(async |shop| {
        let draft = shop.draft_customer().await;
        let refused = create(shop, child_of(draft)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::ParentNotActive))));

        let mut chain = vec![shop.customer().await];
        for _ in 1..4 {
            let child = create(shop, child_of(chain[chain.len() - 1])).await.unwrap().id;
            shop.act(move |tx, session| activate::run(tx, session, &activation(child))).await.unwrap();
            chain.push(child);
        }
        assert!(matches!(create(shop, child_of(chain[3])).await, Err(Error::Refused(Refusal::HierarchyTooDeep))));
        assert!(find(shop, chain[0]).await.is_parent && !find(shop, chain[3]).await.is_parent);

        let foreign = create::Order { currency: Some(Currency::EUR), ..child_of(chain[0]) };
        assert!(matches!(create(shop, foreign).await, Err(Error::Refused(Refusal::ParentCurrencyDiffers))));

        let below = async |id: CustomerId, parent: CustomerId| {
            let current = find(shop, id).await;
            let fields = CustomerFields { parent: Some(parent), ..current.fields.clone() };
            update(shop, update::Order { fields, ..unchanged(&current) }).await
        };
        for descendant in &chain {
            let refused = below(chain[0], *descendant).await;
            assert!(matches!(refused, Err(Error::Refused(Refusal::OwnAncestor))), "{refused:?}");
        }
        // A family of four levels does not fit below anybody; its lowest member fits anywhere.
        let other = shop.customer().await;
        assert!(matches!(below(chain[0], other).await, Err(Error::Refused(Refusal::HierarchyTooDeep))));
        assert_eq!(below(chain[3], other).await.unwrap().fields.parent, Some(other));
        assert_eq!(
            below(chain[0], chain[3]).await.unwrap_err().to_string(),
            "A customer hierarchy cannot have more than 4 levels."
        );
        assert_eq!(below(chain[3], CustomerId(5)).await.unwrap_err().to_string(), "Customer with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn two_moves_at_once_close_no_circle() {
    each_shop(async |shop| {
        for _ in 0..5 {
            let (left, right) = (shop.customer().await, shop.customer().await);
            let below = async |id: CustomerId, parent: CustomerId| {
                let current = find(shop, id).await;
                let fields = CustomerFields { parent: Some(parent), ..CustomerFields::default() };
                update(shop, update::Order { fields, ..unchanged(&current) }).await
            };
            let (one, other) = tokio::join!(below(left, right), below(right, left));
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn activation_happens_once() {
    each_shop(async |shop| {
        let customer = shop.draft_customer().await;
        shop.clock.advance_days(1);
        let activate = || shop.act(move |tx, session| activate::run(tx, session, &activation(customer)));
        let activated = activate().await.unwrap();
        assert_eq!((activated.customer.status, activated.billed), (CustomerStatus::Active, None));
        assert_eq!(activated.customer.activated_at, Some(opening().plus_days(1)));
        assert_eq!(activate().await.unwrap_err().to_string(), "Only customers in Draft status can be activated.");
        let unknown = activation(CustomerId(5));
        let refused = shop.act(move |tx, session| activate::run(tx, session, &unknown)).await;
        assert_eq!(refused.unwrap_err().to_string(), "Customer with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn activation_charges_all_drafts_on_one_invoice_or_none() {
    each_shop(async |shop| {
        let product = shop.product("A", "2.5").await;
        let order = create::Order {
            billing_setting: Some(BillingSetting {
                term: Term::from_name("Net30"),
                standing_po_number: text("PO-1"),
                ..BillingSetting::default()
            }),
            ..create::Order::default()
        };
        let id = create(shop, order).await.unwrap().id;
        shop.purchase(id, product, "2").await;
        shop.purchase(id, product, "4").await;

        let collect = CollectOrder { from: Some(CollectFrom::Default), uses_funds_first: false, rolls_back: false };
        let collected = activate::Order { collect: Some(collect), ..activation(id) };
        let refused = shop.act(move |tx, session| activate::run(tx, session, &collected)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NoDefaultPaymentMethod))), "{refused:?}");
        assert_eq!(find(shop, id).await.status, CustomerStatus::Draft);

        let order = activation(id);
        let activated = shop.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap();
        assert_eq!(activated.customer.balance, Amount::parse("15").unwrap());
        let invoice = activated.billed.unwrap().posted().unwrap();
        let invoice = shop.act(move |tx, session| invoices::find::run(tx, session, invoice)).await.unwrap();
        assert_eq!((invoice.charges.len(), invoice.term.name(), invoice.po_number), (2, "Net30", text("PO-1")));
    })
    .await;
}

#[tokio::test]
async fn activation_leaves_drafts_alone_unless_asked() {
    each_shop(async |shop| {
        let product = shop.product("A", "2.5").await;
        let id = shop.draft_customer().await;
        shop.purchase(id, product, "2").await;
        let order = activate::Order { finalizes_purchases: false, disables_auto_post: true, ..activation(id) };
        let activated = shop.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap();
        assert_eq!((activated.customer.balance, activated.billed), (Amount::ZERO, None));
    })
    .await;
}

#[tokio::test]
async fn every_change_is_told() {
    each_shop(async |shop| {
        let customer = create(shop, create::Order::default()).await.unwrap();
        update(shop, unchanged(&customer)).await.unwrap();
        let order = activation(customer.id);
        shop.act(move |tx, session| activate::run(tx, session, &order)).await.unwrap();
        let (account, id) = (shop.account, customer.id);
        let events = shop.act(move |tx, _| {
            let sql = "SELECT event_type FROM event WHERE account_id = $1 AND customer_id = $2 ORDER BY id";
            Ok(tx.query(sql, &values![account.0, id.0], |row| row.get::<String>(0))?)
        });
        let expected = [EventType::CustomerCreated, EventType::CustomerUpdated, EventType::CustomerActivated];
        assert_eq!(events.await.unwrap(), expected.map(EventType::name));
    })
    .await;
}

#[tokio::test]
async fn every_listed_name_filters_and_sorts() {
    each_shop(async |shop| {
        let order = create::Order {
            currency: Some(Currency::EUR),
            fields: complete(),
            billing_setting: None,
            address_preference: None,
        };
        let ada = create(shop, order).await.unwrap();
        let blank = create(shop, create::Order::default()).await.unwrap();
        let list = async |page: Page| shop.act(move |tx, session| list::run(tx, session, &page)).await.unwrap();
        for column in list::COLUMNS {
            let sort = Sort { field: column.field.name, direction: Direction::Ascending };
            assert_eq!(list(Page { sort, ..Page::default() }).await.rows.len(), 2, "{sort:?}");
        }
        let equals = |operand| Condition::Equals(operand);
        let word = |word: &str| Operand::Text(word.to_owned());
        let rows = [
            ("Reference", equals(word("c-17")), vec![ada.id]),
            ("Status", Condition::In(vec![word("Draft")]), vec![ada.id, blank.id]),
            ("Title", equals(word("Dr")), vec![ada.id]),
            ("CurrencyId", equals(Operand::Integer(Currency::EUR.number())), vec![ada.id]),
            ("CurrencyId", equals(Operand::Integer(Currency::USD.number())), vec![blank.id]),
            ("CurrentMrr", equals(Operand::Millionths(0)), vec![ada.id, blank.id]),
            ("NetMRR", Condition::Range { from: Some(Operand::Millionths(1)), to: None }, vec![]),
            ("NetsuiteEntityType", equals(Operand::Integer(1)), vec![]),
            ("CustomerReference.SalesTrackingCode1.Code", equals(word("partner")), vec![ada.id]),
            ("CustomerReference.SalesTrackingCode1.Name", Condition::Empty, vec![blank.id]),
            ("CustomerReference.SalesTrackingCode2.Code", Condition::Empty, vec![ada.id, blank.id]),
            (
                "CustomerReference.SalesTrackingCode5.Code",
                Condition::Like(vec!["F".to_owned(), String::new()]),
                vec![ada.id],
            ),
            ("CustomerReference.SalesTrackingCode5.Name", Condition::Like(vec![String::new(), String::new()]), vec![]),
            ("ParentId", Condition::Empty, vec![ada.id, blank.id]),
        ];
        for (field, condition, expected) in rows {
            let page = Page { conditions: vec![Clause { field, condition: condition.clone() }], ..Page::default() };
            let found: Vec<_> = list(page).await.rows.iter().map(|customer| customer.id).collect();
            assert_eq!(found, expected, "{field} {condition:?}");
        }
        assert_eq!(list(Page::default()).await.rows, [ada, blank]);
    })
    .await;
}
