//! What falls due is collected at night: the funds first, then the card, again on the dunning days, and never twice.

use std::sync::atomic::Ordering;

use app::{Tx, dunning, gateways};
use billing::{
    account::Session,
    collect::Keeps,
    collection::CALL_MS_MAX,
    collection_setting::CollectionSetting,
    customer::{AutoCollectSettingType, BillingSetting},
    id::CustomerId,
    named::Named as _,
    payment::PaymentSource,
    payment_activity::ActivityStatus::{Failed, Successful, Unknown},
    term::Term,
};
use db::values;
use money::Currency;
use testkit::until;

use super::till::{DECLINED, Till, VISA, after, each_till, first, once, provided};
use crate::{
    standing::{GOOD, POOR, SUSPENDED},
    trade::amount,
};

/// Refused by the test gateway, however good the card is.
const REFUSED: &str = "9000.51";
/// Longer than a lease of the worker.
const LEASE_MS: i64 = 2 * CALL_MS_MAX + 1;

fn collecting() -> CollectionSetting {
    CollectionSetting { auto_collect: true, ..CollectionSetting::default() }
}

fn net(term: &str) -> BillingSetting {
    BillingSetting { term: Term::from_name(term), ..BillingSetting::default() }
}

impl Till {
    /// A customer with a good card, stored with a purchase of a dollar.
    async fn with_card(&self, setting: BillingSetting) -> CustomerId {
        let customer = self.shop.customer().await;
        self.shop.is_billed(customer, setting).await;
        let stored = self.buy(customer, "1", first(provided(VISA, Keeps::Default)), None).await.unwrap();
        assert_eq!(stored.status, 200, "{}", stored.body);
        customer
    }

    async fn has_tasks(&self) -> bool {
        let count = "SELECT COUNT(*) FROM task WHERE account_id = $1 AND kind = 'dunning'";
        let read =
            move |tx: &mut Tx<'_>, session: &Session| Ok(tx.scalar::<i64>(count, &values![session.account.id.0])?);
        self.shop.act(read).await.unwrap() > 0
    }

    /// So many nights with all that is done in them.
    pub(super) async fn nights(&self, count: u32) {
        for _ in 0..count {
            self.shop.next_day().await;
            if self.has_tasks().await {
                let worker = dunning::start_worker(&self.shop.app);
                self.until_done().await;
                worker.stop().await;
            }
        }
    }

    async fn until_done(&self) {
        until("the end of every task", async || !self.has_tasks().await).await;
    }
}

#[tokio::test]
async fn what_falls_due_is_collected_and_nobody_was_in_poor_standing() {
    each_till(async |till| {
        till.shop.collects(collecting()).await;
        let customer = till.with_card(net("Net5")).await;
        till.invoice(customer, "10").await;
        till.nights(4).await;
        assert_eq!(till.line.charges(), ["1"], "not due yet");
        till.shop.bring(customer, "4").await;
        till.nights(1).await;
        assert_eq!(till.line.charges(), ["1", "6"], "the funds went first");
        assert_eq!(till.owed(customer).await, ["0", "0"]);
        assert_eq!(till.shop.stands(customer).await, GOOD);
        assert_eq!(till.shop.told(customer).await, Vec::<String>::new());
        let last = till.activities(customer).await.pop().unwrap();
        assert_eq!((last.source, last.status), (PaymentSource::Automatic, Successful));
        till.nights(3).await;
        assert_eq!(till.line.charges().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_year_of_dunning() {
    each_till(async |till| {
        let setting =
            CollectionSetting { dunning_days: vec![1, 3, 5], grace_period: 10, auto_suspend: true, ..collecting() };
        till.shop.collects(setting).await;
        let customer = till.with_card(net("Net5")).await;
        let invoice = till.invoice(customer, REFUSED).await;
        let mut attempts = Vec::new();
        for day in 1..=14 {
            let before = till.activities(customer).await.len();
            till.nights(1).await;
            if till.activities(customer).await.len() > before {
                attempts.push(day);
            }
            assert_eq!(till.shop.stands(customer).await, if day < 5 { GOOD } else { POOR }, "day {day}");
        }
        assert_eq!(attempts, [5, 6, 8, 10], "when it was due, and one, three and five days later");
        till.nights(1).await;
        assert_eq!(till.shop.stands(customer).await, SUSPENDED);
        till.nights(30).await;
        assert_eq!(till.ends(customer).await, [Successful, Failed, Failed, Failed, Failed], "that was all");
        till.shop.pay(customer, invoice, amount(REFUSED)).await;
        assert_eq!(till.shop.stands(customer).await, GOOD, "it goes on at once");
        for _ in 0..10 {
            till.invoice(customer, "10").await;
            till.nights(32).await;
        }
        assert_eq!(till.line.charges(), [vec!["1"], vec!["10"; 10]].concat());
        let told = ["CustomerPoorStanding", "CustomerSuspended", "CustomerGoodStanding", "CustomerResumed"];
        assert_eq!(till.shop.told(customer).await, told, "a year has passed since");
    })
    .await;
}

#[tokio::test]
async fn two_workers_charge_once() {
    each_till(async |till| {
        till.shop.collects(collecting()).await;
        let customer = till.with_card(net("Net0")).await;
        till.invoice(customer, "10").await;
        till.line.is_held.store(true, Ordering::SeqCst);
        till.shop.next_day().await;
        let first = dunning::start_worker(&till.shop.app);
        until("the intent", async || till.ends(customer).await == [Successful, Unknown]).await;
        till.shop.clock.advance_millis(LEASE_MS);
        let second = dunning::start_worker(&till.shop.app);
        till.until_done().await;
        till.line.is_held.store(false, Ordering::SeqCst);
        first.stop().await;
        second.stop().await;
        assert_eq!(till.line.charges(), ["1", "10"]);
        assert_eq!((till.owed(customer).await, till.shop.stands(customer).await), (vec!["0".into(), "0".into()], GOOD));
        till.nights(2).await;
        assert_eq!(till.line.charges(), ["1", "10"]);
    })
    .await;
}

#[tokio::test]
async fn nothing_more_is_collected_while_nobody_knows_where_the_money_is() {
    each_till(async |till| {
        till.shop.collects(collecting()).await;
        let customer = till.with_card(net("Net0")).await;
        till.invoice(customer, "10").await;
        till.invoice(customer, "20").await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        till.nights(6).await;
        assert_eq!(till.ends(customer).await, [Successful, Unknown]);
        assert_eq!(till.shop.stands(customer).await, POOR);
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.work_until(customer, &[Successful, Successful]).await;
        assert_eq!(till.line.charges(), ["1", "10"]);
        till.nights(1).await;
        assert_eq!(till.line.charges(), ["1", "10", "20"]);
        assert_eq!(till.shop.stands(customer).await, GOOD);
    })
    .await;
}

#[tokio::test]
async fn whose_gateway_is_out_of_use_is_judged_all_the_same() {
    each_till(async |till| {
        till.shop.collects(CollectionSetting { grace_period: 1, auto_suspend: true, ..collecting() }).await;
        let customer = till.with_card(net("Net0")).await;
        till.invoice(customer, "10").await;
        let remove = |tx: &mut Tx<'_>, session: &Session| {
            let account = session.account.id;
            let gateway = gateways::for_currency(tx, account, Currency::USD)?;
            gateways::remove::run(tx, account, gateway.id, true, session.now)
        };
        till.shop.act(remove).await.unwrap();
        till.nights(1).await;
        assert_eq!(till.shop.stands(customer).await, POOR);
        till.nights(1).await;
        assert_eq!(till.shop.stands(customer).await, SUSPENDED);
        assert_eq!((till.line.charges(), till.ends(customer).await), (vec!["1".to_owned()], vec![Successful]));
    })
    .await;
}

#[tokio::test]
async fn customers_collect_as_their_own_settings_say() {
    each_till(async |till| {
        till.shop.collects(CollectionSetting { dunning_days: vec![1], ..collecting() }).await;
        let all = AutoCollectSettingType::OutstandingBalance;
        let takes_all = till.with_card(BillingSetting { auto_collect_setting_type: Some(all), ..net("Net0") }).await;
        till.invoice(takes_all, "2").await;
        till.shop.is_billed(takes_all, BillingSetting { auto_collect_setting_type: Some(all), ..net("Net30") }).await;
        till.invoice(takes_all, "3").await;
        let refuses = till.with_card(BillingSetting { auto_collect: Some(false), ..net("Net0") }).await;
        till.invoice(refuses, "7").await;
        let exempt = till.with_card(BillingSetting { dunning_exempt: Some(true), ..net("Net0") }).await;
        till.invoice(exempt, REFUSED).await;
        let cardless = till.shop.customer().await;
        till.invoice(cardless, "8").await;
        till.nights(3).await;
        assert_eq!(till.line.charges(), ["1", "1", "1", "5"], "the invoice that is not due went with the one that is");
        assert_eq!(till.ends(exempt).await, [Successful, Failed], "once");
        for poor in [refuses, exempt, cardless] {
            assert_eq!(till.shop.stands(poor).await, POOR);
        }
        assert_eq!(till.shop.stands(takes_all).await, GOOD);
    })
    .await;
}

#[tokio::test]
async fn funds_that_run_low_are_topped_up() {
    each_till(async |till| {
        till.shop.collects(collecting()).await;
        let setting = BillingSetting {
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            recharge_threshold_amount: Some(amount("20")),
            recharge_target_amount: Some(amount("50")),
            status_on_threshold: Some(true),
            ..net("Net0")
        };
        let customer = till.with_card(setting).await;
        till.nights(1).await;
        assert_eq!(
            (till.line.charges(), till.balance(customer).await),
            (vec!["1".into(), "50".into()], "-50".to_owned())
        );
        assert_eq!(till.shop.stands(customer).await, GOOD);
        till.invoice(customer, "25").await;
        till.nights(1).await;
        assert_eq!(till.line.charges().len(), 2, "25 are left");
        till.invoice(customer, "30").await;
        till.nights(1).await;
        assert_eq!(till.line.charges(), ["1", "50", "5", "50"], "what was due beyond the funds, then new funds");
        assert_eq!(till.balance(customer).await, "-50");
    })
    .await;
}

#[tokio::test]
async fn a_bill_that_cannot_be_had_holds_up_no_other() {
    each_till(async |till| {
        till.shop.collects(collecting()).await;
        let customer = till.with_card(net("Net0")).await;
        till.invoice(customer, REFUSED).await;
        till.invoice(customer, "10").await;
        till.nights(1).await;
        assert_eq!((till.line.charges(), till.ends(customer).await.len()), (vec!["1".to_owned(), "10".to_owned()], 3));
        assert_eq!(till.shop.stands(customer).await, POOR);
    })
    .await;
}

#[tokio::test]
async fn a_suspension_waits_for_what_is_being_paid() {
    each_till(async |till| {
        let setting = CollectionSetting { grace_period: 1, auto_suspend: true, ..CollectionSetting::default() };
        till.shop.collects(setting).await;
        let customer = till.shop.customer().await;
        till.invoice(customer, "10").await;
        till.nights(1).await;
        till.line.is_held.store(true, Ordering::SeqCst);
        let night = async {
            until("the intent", async || till.ends(customer).await == [Unknown]).await;
            till.nights(1).await;
            let stands = till.shop.stands(customer).await;
            till.line.is_held.store(false, Ordering::SeqCst);
            stands
        };
        let (bought, stands) = tokio::join!(till.buy(customer, "5", first(once(VISA)), None), night);
        assert_eq!((bought.unwrap().status, stands), (200, POOR));
        till.nights(1).await;
        assert_eq!(till.shop.stands(customer).await, SUSPENDED, "the next night asked again");
    })
    .await;
}

#[tokio::test]
async fn a_refused_card_alone_puts_nobody_in_poor_standing() {
    each_till(async |till| {
        till.shop.collects(collecting()).await;
        let setting = BillingSetting {
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            recharge_threshold_amount: Some(amount("20")),
            recharge_target_amount: Some(amount(REFUSED)),
            ..net("Net0")
        };
        let customer = till.with_card(setting).await;
        assert_eq!(till.buy(customer, "5", first(once(DECLINED)), None).await.unwrap().status, 400);
        till.nights(1).await;
        assert_eq!(till.ends(customer).await, [Successful, Failed, Failed], "a person, and a top-up");
        assert_eq!(till.shop.stands(customer).await, GOOD, "nothing is overdue");
        assert_eq!(till.buy(customer, "5", after(once(DECLINED)), None).await.unwrap().status, 200);
        assert_eq!(till.shop.stands(customer).await, GOOD, "not until midnight");
    })
    .await;
}
