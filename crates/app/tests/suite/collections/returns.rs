//! Payments from bank accounts that a bank takes back days after they counted as paid.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use app::{
    Error, Tx, collection,
    gateways::{list, set_secret},
    refunds,
};
use billing::{
    account::Session,
    collect::{BankAccountType, CollectFrom, Keeps},
    collection_setting::CollectionSetting,
    id::{CustomerId, PaymentId},
    instrument::{BankAccount, Holder, Instrument, SecretString},
    payment::{PaymentMethod, PaymentOrder},
    payment_activity::{ActivityStatus::Successful, ActivityType, Outcome},
    refund::{RefundMethod, RefundOrder},
};
use db::values;
use testkit::until;

use super::till::{Till, VISA, after, each_till, first, once};
use crate::trade::amount;

/// Pays, and its bank takes the money back after three days.
const RETURNED: &str = "000999999994";
/// Pays.
const GOOD: &str = "000123456789";
const TEXT: &str = "The bank returned the payment: insufficient funds.";

/// Signed by Python's `hmac` with the secret `whsec_test`, at the time of the opening.
const NOTICE: &str = r#"{"id":"evt_2","type":"charge.dispute.created","data":{"object":{"id":"du_1","payment_intent":"pi_1","metadata":{}}}}"#;
const SIGNED: &str = "t=1705312800,v1=8a056e31b61d8f7e4c4926ec1f957f1ff364c9d0e09fd1cfa9a9dd8a6f9e5cd3";

fn account(number: &str, keeps: Keeps) -> CollectFrom {
    let instrument = Box::new(Instrument::BankAccount(BankAccount {
        account_number: SecretString::from(number),
        transit_number: SecretString::from("110000000"),
        account_type: BankAccountType::Chequing,
        holder: Holder { first_name: "Ada".to_owned(), last_name: "Byron".to_owned(), ..Holder::default() },
    }));
    CollectFrom::Provided { instrument, keeps }
}

impl Till {
    /// Lets the worker of returns ask about everything that is due.
    async fn look(&self) {
        let worker = collection::start_returns_worker(&self.shop.app);
        let now = self.shop.app.now();
        let count = "SELECT COUNT(*) FROM task WHERE account_id = $1 AND kind = 'collect-returns' AND due_at <= $2";
        let due = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.scalar::<i64>(count, &values![session.account.id.0, db::Millis(now.millis())])?)
        };
        for _ in 0..400 {
            if self.shop.act(due).await.unwrap() == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        worker.stop().await;
        assert_eq!(self.shop.act(due).await.unwrap(), 0);
    }

    /// How many questions about money that a bank may take back are to come.
    async fn questions(&self) -> i64 {
        let count = "SELECT COUNT(*) FROM task WHERE account_id = $1 AND kind = 'collect-returns'";
        let left =
            move |tx: &mut Tx<'_>, session: &Session| Ok(tx.scalar::<i64>(count, &values![session.account.id.0])?);
        self.shop.act(left).await.unwrap()
    }

    /// Takes an amount from a bank account that is used once, or is kept.
    async fn debit(&self, customer: CustomerId, dollars: &str, number: &str, keeps: Keeps) {
        let payment = PaymentOrder { method: PaymentMethod::Ach, ..super::payment(customer, dollars) };
        self.collect_payment(payment, account(number, keeps)).await.unwrap();
    }

    async fn execute(&self, sql: &'static str) {
        let change = move |tx: &mut Tx<'_>, session: &Session| Ok(tx.execute(sql, &values![session.account.id.0])?);
        assert!(self.shop.act(change).await.unwrap() > 0, "{sql}");
    }

    /// How many questions workers are asking.
    async fn asking(&self) -> i64 {
        let sql =
            "SELECT COUNT(*) FROM task WHERE account_id = $1 AND kind = 'collect-returns' AND lease_owner IS NOT NULL";
        let read = move |tx: &mut Tx<'_>, session: &Session| Ok(tx.scalar::<i64>(sql, &values![session.account.id.0])?);
        self.shop.act(read).await.unwrap()
    }

    /// The payment that the first attempt of a customer brought, and how much of it may be refunded.
    async fn paid(&self, customer: CustomerId) -> (PaymentId, String) {
        match self.activities(customer).await.remove(0).outcome {
            Some(Outcome::Payment(payment)) => (payment.id, payment.refundable.to_string()),
            other => panic!("{other:?}"),
        }
    }

    async fn give_back(&self, payment: PaymentId, dollars: &str, method: RefundMethod) -> Result<(), Error> {
        let order = RefundOrder {
            payment,
            amount: amount(dollars),
            reference: None,
            allocations: Vec::new(),
            method,
            effective_at: None,
        };
        self.shop.act(move |tx, session| refunds::create::run(tx, session, &order).map(|_| ())).await
    }
}

#[tokio::test]
async fn a_bank_takes_its_money_back_and_the_invoice_owes_again() {
    each_till(async |till| {
        let (customer, other) = (till.shop.customer().await, till.shop.customer().await);
        till.buy(customer, "10", after(account(RETURNED, Keeps::Default)), None).await.unwrap();
        till.buy(other, "20", after(account(GOOD, Keeps::Nothing)), None).await.unwrap();
        assert_eq!((till.owed(customer).await, till.questions().await), (vec!["0".to_owned()], 2));
        for _ in 1..=2 {
            till.shop.clock.advance_days(1);
            till.look().await;
            assert_eq!(till.owed(customer).await, ["0"], "nothing was returned yet");
        }
        till.shop.clock.advance_days(1);
        till.look().await;
        assert_eq!((till.owed(customer).await, till.balance(customer).await), (vec!["10".to_owned()], "10".to_owned()));
        let (payment, refundable) = till.paid(customer).await;
        assert_eq!(refundable, "0");
        let refused = till.give_back(payment, "1", RefundMethod::Check).await.unwrap_err();
        assert_eq!(refused.to_string(), "Only 0 is left to take back, not 1.");
        let shown = till.activities(customer).await.pop().unwrap();
        assert_eq!((shown.activity_type, shown.amount), (ActivityType::Nsf, amount("10")));
        assert_eq!(shown.gateway_text.as_deref(), Some(TEXT));
        assert!(
            matches!(shown.outcome, Some(Outcome::Refund(refund)) if refund.is_return && refund.payment == payment)
        );
        assert_eq!(shown.method_label, till.activities(customer).await[0].method_label);

        // Nobody asks any more about the one, and about the other for sixty days.
        assert_eq!(till.questions().await, 1);
        for _ in 0..10 {
            till.shop.clock.advance_days(7);
            till.look().await;
        }
        assert_eq!((till.questions().await, till.activities(customer).await.len()), (0, 2));
        assert_eq!(till.owed(other).await, ["0"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_refunded_before_is_not_taken_back_again() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.debit(customer, "10", RETURNED, Keeps::Nothing).await;
        let (payment, _) = till.paid(customer).await;
        till.give_back(payment, "4", RefundMethod::Check).await.unwrap();
        till.shop.clock.advance_days(3);
        // The gateway cannot be reached for a while.
        till.line.is_cut.store(true, Ordering::SeqCst);
        let worker = collection::start_returns_worker(&till.shop.app);
        tokio::time::sleep(Duration::from_millis(300)).await;
        worker.stop().await;
        assert_eq!(till.balance(customer).await, "-6", "nobody knows");
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.shop.clock.advance_days(1);
        till.look().await;
        assert_eq!((till.balance(customer).await, till.paid(customer).await.1), ("0".to_owned(), "0".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_a_bank_took_back_is_collected_again() {
    each_till(async |till| {
        let setting =
            CollectionSetting { auto_collect: true, dunning_days: vec![1, 5], ..CollectionSetting::default() };
        till.shop.collects(setting).await;
        let customer = till.shop.customer().await;
        till.buy(customer, "1", after(account(RETURNED, Keeps::Default)), None).await.unwrap();
        till.invoice(customer, "10").await;
        till.nights(1).await;
        assert_eq!(till.line.charges(), ["1", "10"], "collected when it was due");
        till.nights(2).await;
        assert_eq!(till.line.charges().len(), 2);
        till.nights(1).await;
        till.look().await;
        assert_eq!(till.owed(customer).await, ["1", "10"], "both came back");
        till.nights(1).await;
        assert_eq!(till.line.charges()[2..], ["1", "10"], "of the second it is the attempt of the first dunning day");
    })
    .await;
}

#[tokio::test]
async fn a_notice_lets_the_gateway_be_asked_for_a_return_at_once() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.buy(customer, "10", after(account(RETURNED, Keeps::Nothing)), None).await.unwrap();
        let rename = |tx: &mut Tx<'_>, session: &Session| {
            let sql = "UPDATE collection SET transaction_name = 'pi_1' WHERE account_id = $1";
            Ok(tx.execute(sql, &values![session.account.id.0])?)
        };
        till.shop.act(rename).await.unwrap();
        let gateways = Arc::clone(till.shop.app.gateways());
        let sign = move |tx: &mut Tx<'_>, session: &Session| {
            let id = list::run(tx, session.account.id)?[0].id;
            let secret = SecretString::from("whsec_test");
            set_secret::run(tx, &gateways, session.account.id, id, None, Some(&secret)).map(|()| id)
        };
        let gateway = till.shop.act(sign).await.unwrap();
        let due = async || {
            let sql = "SELECT COUNT(*) FROM task t JOIN account a ON a.id = t.account_id
                WHERE t.kind = 'collect-returns' AND t.due_at = a.created_at AND t.account_id = $1";
            let account = till.shop.account.0;
            till.shop.act(move |tx, _| Ok(tx.scalar::<i64>(sql, &values![account])?)).await.unwrap()
        };
        assert_eq!(due().await, 0);
        collection::notice(&till.shop.app, gateway, SIGNED, NOTICE.as_bytes()).await.unwrap();
        assert_eq!((due().await, till.questions().await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_return_is_recorded_although_another_worker_has_taken_over() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.buy(customer, "10", after(account(RETURNED, Keeps::Nothing)), None).await.unwrap();
        till.shop.clock.advance_days(3);
        till.line.is_held.store(true, Ordering::SeqCst);
        let worker = collection::start_returns_worker(&till.shop.app);
        until("the question", async || till.asking().await == 1).await;
        till.execute("UPDATE task SET lease_owner = 'other' WHERE account_id = $1 AND kind = 'collect-returns'").await;
        till.line.is_held.store(false, Ordering::SeqCst);
        worker.stop().await;
        assert_eq!((till.owed(customer).await, till.asking().await), (vec!["10".to_owned()], 1));
        // The other one hears the same.
        till.shop.clock.advance_days(1);
        till.look().await;
        assert_eq!((till.owed(customer).await, till.questions().await), (vec!["10".to_owned()], 0));
        assert_eq!(till.activities(customer).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_method_fails_once_with_a_return_and_not_with_what_was_given_back_before() {
    each_till(async |till| {
        let failures = async |customer| {
            let find = move |tx: &mut Tx<'_>, session: &Session| {
                let methods = store::payment_method::list(tx, session.account.id, &[customer])?;
                Ok(methods.iter().map(|method| method.failure_count).collect::<Vec<_>>())
            };
            till.shop.act(find).await.unwrap()
        };
        let (left, given_back) = (till.shop.customer().await, till.shop.customer().await);
        for customer in [left, given_back] {
            till.debit(customer, "10", RETURNED, Keeps::Method).await;
        }
        till.give_back(till.paid(given_back).await.0, "10", RefundMethod::Check).await.unwrap();
        till.shop.clock.advance_days(3);
        let tasks: Vec<_> = [till.activities(left).await.remove(0), till.activities(given_back).await.remove(0)]
            .map(|activity| activity.id.0)
            .into();
        for _ in 0..2 {
            let (ids, now) = (tasks.clone(), till.shop.app.now());
            let ask = move |tx: &mut Tx<'_>, session: &Session| {
                let account = session.account.id.0;
                Ok(ids.iter().try_for_each(|id| jobs::ensure(tx, account, "collect-returns", *id, now))?)
            };
            till.shop.act(ask).await.unwrap();
            till.look().await;
        }
        assert_eq!((failures(left).await, failures(given_back).await), (vec![1], vec![0]));
    })
    .await;
}

#[tokio::test]
async fn a_charge_that_the_gateway_does_not_know_is_asked_about_for_sixty_days() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.debit(customer, "10", GOOD, Keeps::Nothing).await;
        till.execute("UPDATE collection SET transaction_name = 'check 12' WHERE account_id = $1").await;
        for _ in 0..10 {
            assert_eq!(till.questions().await, 1);
            till.shop.clock.advance_days(6);
            till.look().await;
        }
        assert_eq!((till.questions().await, till.balance(customer).await), (0, "-10".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_never_answers_is_asked_for_ninety_days() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.debit(customer, "10", RETURNED, Keeps::Nothing).await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        for _ in 0..10 {
            assert_eq!(till.questions().await, 1);
            till.shop.clock.advance_days(9);
            till.look().await;
        }
        assert_eq!((till.questions().await, till.balance(customer).await), (0, "-10".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn questions_about_returns_hold_up_no_payment_of_which_nobody_knows() {
    each_till(async |till| {
        let (bank, card) = (till.shop.customer().await, till.shop.customer().await);
        for dollars in ["1", "2", "3", "4", "5"] {
            till.debit(bank, dollars, GOOD, Keeps::Nothing).await;
        }
        till.shop.clock.advance_days(1);
        till.line.is_cut.store(true, Ordering::SeqCst);
        let unknown = till.buy(card, "10", first(once(VISA)), None).await;
        assert!(matches!(unknown, Err(Error::Unsettled(_))), "{unknown:?}");
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.shop.clock.advance_days(1);
        till.line.is_held.store(true, Ordering::SeqCst);
        let worker = collection::start_returns_worker(&till.shop.app);
        until("the questions", async || till.asking().await == 4).await;
        till.work_until(card, &[Successful]).await;
        till.line.is_held.store(false, Ordering::SeqCst);
        worker.stop().await;
    })
    .await;
}
