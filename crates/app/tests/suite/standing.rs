//! Good and poor standing, suspension and its end: with the money at once, with the days by the nightly round.

mod nights;

use app::{
    Tx, collection_settings,
    customers::{set_setting, update},
    invoices::amend,
    refunds, standing,
};
use billing::{
    account::Session,
    collection_setting::CollectionSetting,
    customer::{AccountStatus, AutoCollectSettingType, BillingSetting, CustomerStatus},
    id::{CustomerId, InvoiceId},
    invoice::InvoiceChange,
    listing::Page,
    named::Named as _,
    payment::Allocation,
    purchase::Change,
    refund::{RefundMethod, RefundOrder},
    term::Term,
};
use db::values;

use crate::{
    shop::{Shop, each_shop},
    trade::amount,
};

const HOUR_MS: i64 = 3_600_000;

pub(crate) type Stands = (CustomerStatus, AccountStatus);

pub(crate) const GOOD: Stands = (CustomerStatus::Active, AccountStatus::Good);
pub(crate) const POOR: Stands = (CustomerStatus::Active, AccountStatus::PoorStanding);
pub(crate) const SUSPENDED: Stands = (CustomerStatus::Suspended, AccountStatus::PoorStanding);

impl Shop {
    /// Moves to the next day and goes through the nightly round, twice, as two workers might.
    pub(crate) async fn next_day(&self) {
        self.clock.advance_days(1);
        self.midnight().await;
        self.midnight().await;
    }

    /// Goes through the nightly round.
    pub(crate) async fn midnight(&self) {
        let mut after = Some(CustomerId(0));
        while let Some(last) = after {
            after = self.act(move |tx, session| standing::round::step(tx, session, last)).await.unwrap();
        }
    }

    /// How a customer stands.
    pub(crate) async fn stands(&self, customer: CustomerId) -> Stands {
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            let locked = store::customer::lock(tx, session.account.id, customer)?.expect("a customer");
            Ok((locked.status, locked.account_status))
        };
        self.act(read).await.unwrap()
    }

    /// Says how the account collects.
    pub(crate) async fn collects(&self, setting: CollectionSetting) {
        let settings = collection_settings::Settings { term: Term::NET_0, collection: setting };
        self.act(move |tx, session| collection_settings::set(tx, session.account.id, &settings, session.now))
            .await
            .unwrap();
    }

    /// Gives a customer billing settings of its own.
    pub(crate) async fn is_billed(&self, customer: CustomerId, setting: BillingSetting) {
        let order = set_setting::Order { customer, setting };
        self.act(move |tx, session| set_setting::run(tx, session, &order)).await.unwrap();
    }

    async fn days_left(&self, customer: CustomerId) -> Option<i64> {
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            let alone = standing::days_until_suspension(tx, session, customer)?;
            let rows = app::customers::summaries::run(tx, session, &Page { size: 100, ..Page::default() })?.rows;
            let listed = rows.into_iter().find(|row| row.customer.id == customer).expect("a customer");
            assert_eq!(listed.days_until_suspension, alone);
            Ok(alone)
        };
        self.act(read).await.unwrap()
    }

    async fn mark(&self, customer: CustomerId, account_status: AccountStatus) {
        let replace = move |tx: &mut Tx<'_>, session: &Session| {
            let found = app::customers::find::run(tx, session, customer)?;
            let order = update::Order {
                id: customer,
                status: found.status,
                account_status: Some(account_status),
                currency: None,
                fields: found.fields,
            };
            update::run(tx, session, &order)
        };
        self.act(replace).await.unwrap();
    }

    /// What others were told of a customer beside its invoices and payments, in order.
    pub(crate) async fn told(&self, customer: CustomerId) -> Vec<String> {
        let sql = "SELECT event_type FROM event WHERE account_id = $1 AND customer_id = $2 AND subject_id = $2
             AND event_type NOT IN ('CustomerCreated', 'CustomerActivated', 'CustomerUpdated') ORDER BY id";
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.query(sql, &values![session.account.id.0, customer.0], |row| row.get(0))?)
        };
        self.act(read).await.unwrap()
    }
}

fn patient(grace_period: i64, cancel_after_days: Option<i64>) -> CollectionSetting {
    CollectionSetting { grace_period, auto_suspend: true, cancel_after_days, ..CollectionSetting::default() }
}

fn term(name: &str) -> Term {
    Term::from_name(name).unwrap()
}

fn net(term: Term) -> BillingSetting {
    BillingSetting { term: Some(term), ..BillingSetting::default() }
}

/// An invoice of 10 dollars for a customer of its own that has so many days to pay it.
async fn owes(shop: &Shop, term: Term) -> (CustomerId, InvoiceId) {
    let customer = shop.customer().await;
    let product = shop.product(&format!("P{customer}"), "10").await;
    shop.is_billed(customer, net(term)).await;
    (customer, shop.invoice(customer, product, "1").await)
}

#[tokio::test]
async fn what_falls_due_unpaid_is_poor_standing_until_it_is_paid() {
    each_shop(async |shop| {
        let (customer, invoice) = owes(shop, term("Net5")).await;
        for _ in 1..5 {
            shop.next_day().await;
            assert_eq!(shop.stands(customer).await, GOOD, "not due yet");
        }
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, POOR);
        shop.pay(customer, invoice, amount("9")).await;
        assert_eq!(shop.stands(customer).await, POOR, "a dollar is overdue");
        let payment = shop.pay(customer, invoice, amount("1")).await;
        assert_eq!(shop.stands(customer).await, GOOD, "at once");
        let order = RefundOrder {
            payment,
            amount: amount("1"),
            effective_at: None,
            reference: None,
            allocations: vec![Allocation { invoice, amount: amount("1") }],
            method: RefundMethod::Cash,
        };
        shop.act(move |tx, session| refunds::create::run(tx, session, &order)).await.unwrap();
        assert_eq!(shop.stands(customer).await, POOR, "it is overdue again");
        let told = ["CustomerPoorStanding", "CustomerGoodStanding", "CustomerPoorStanding"];
        assert_eq!(shop.told(customer).await, told);
    })
    .await;
}

#[tokio::test]
async fn other_terms_of_an_invoice_count_at_once() {
    each_shop(async |shop| {
        shop.collects(patient(1, None)).await;
        let (customer, invoice) = owes(shop, term("Net5")).await;
        let becomes_due = async |terms: &str| {
            let change = InvoiceChange { term: Change::Set(term(terms)), ..InvoiceChange::default() };
            let order = amend::Order { invoice, change };
            shop.act(move |tx, session| amend::run(tx, session, &order)).await.unwrap();
            shop.stands(customer).await
        };
        for _ in 0..6 {
            shop.next_day().await;
        }
        assert_eq!(shop.stands(customer).await, SUSPENDED);
        assert_eq!(becomes_due("Net30").await, GOOD);
        assert_eq!(becomes_due("Net0").await, POOR);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_in_poor_standing_on_the_day_of_the_invoice() {
    each_shop(async |shop| {
        let (customer, first) = owes(shop, Term::NET_0).await;
        let product = shop.product("Q", "3").await;
        shop.invoice(customer, product, "1").await;
        shop.pay(customer, first, amount("10")).await;
        shop.clock.advance_millis(HOUR_MS);
        shop.midnight().await;
        assert_eq!(shop.stands(customer).await, GOOD, "the other is due since this morning");
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, POOR);
        shop.bring(customer, "3").await;
        assert_eq!(shop.stands(customer).await, POOR, "the money is not on the invoice");
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, GOOD, "the round gave it");
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn grace_ends_in_suspension_and_money_ends_it() {
    each_shop(async |shop| {
        shop.collects(patient(3, Some(2))).await;
        let (customer, invoice) = owes(shop, Term::NET_0).await;
        let (kept, _) = owes(shop, Term::NET_0).await;
        let extension = BillingSetting { grace_period_extension: Some(30), ..net(Term::NET_0) };
        shop.is_billed(kept, extension).await;
        for _ in 0..3 {
            shop.next_day().await;
            assert_eq!(shop.stands(customer).await, POOR);
        }
        shop.next_day().await;
        assert_eq!([shop.stands(customer).await, shop.stands(kept).await], [SUSPENDED, POOR]);
        assert_eq!([shop.days_left(customer).await, shop.days_left(kept).await], [None, Some(30)]);
        shop.pay(customer, invoice, amount("10")).await;
        assert_eq!(shop.stands(customer).await, GOOD, "it goes on at once");
        let told = ["CustomerPoorStanding", "CustomerSuspended", "CustomerGoodStanding", "CustomerResumed"];
        assert_eq!(shop.told(customer).await, told);
    })
    .await;
}

#[tokio::test]
async fn a_suspended_customer_goes_in_the_end() {
    each_shop(async |shop| {
        shop.collects(patient(0, Some(2))).await;
        let (customer, _) = owes(shop, Term::NET_0).await;
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, SUSPENDED);
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, SUSPENDED);
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await.0, CustomerStatus::Cancelled);
        shop.next_day().await;
    })
    .await;
}

#[tokio::test]
async fn collection_is_a_persons_word_and_its_end_is_judged_anew() {
    each_shop(async |shop| {
        shop.collects(patient(2, None)).await;
        let (customer, invoice) = owes(shop, Term::NET_0).await;
        shop.next_day().await;
        shop.mark(customer, AccountStatus::Collection).await;
        for _ in 0..5 {
            shop.next_day().await;
            assert_eq!(shop.stands(customer).await, (CustomerStatus::Active, AccountStatus::Collection));
        }
        shop.mark(customer, AccountStatus::Good).await;
        assert_eq!(shop.stands(customer).await, POOR, "its invoice is overdue");
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, POOR, "the days count from now");
        shop.mark(customer, AccountStatus::Collection).await;
        shop.pay(customer, invoice, amount("10")).await;
        assert_eq!(shop.stands(customer).await.1, AccountStatus::Collection);
        shop.mark(customer, AccountStatus::PoorStanding).await;
        assert_eq!(shop.stands(customer).await, GOOD);
    })
    .await;
}

#[tokio::test]
async fn too_little_in_advance_is_poor_standing_where_it_is_asked_for() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let setting = |status_on_threshold| BillingSetting {
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            recharge_threshold_amount: Some(amount("20")),
            status_on_threshold: Some(status_on_threshold),
            ..BillingSetting::default()
        };
        shop.is_billed(customer, setting(false)).await;
        assert_eq!(shop.stands(customer).await, GOOD);
        shop.is_billed(customer, setting(true)).await;
        assert_eq!(shop.stands(customer).await, POOR, "nothing is there");
        shop.bring(customer, "25").await;
        assert_eq!(shop.stands(customer).await, GOOD);
        shop.invoice(customer, product, "1").await;
        assert_eq!(shop.stands(customer).await, POOR, "15 are left");
        shop.bring(customer, "5").await;
        assert_eq!(shop.stands(customer).await, GOOD, "20 are not less than 20");
    })
    .await;
}
