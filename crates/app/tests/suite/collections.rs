//! Money that is collected on the way of a command: each way to pay, declines with and without roll-back, funds, refunds.

mod dunning;
mod faults;
mod given;
mod in_bulk;
mod notices;
mod races;
mod returns;
mod secrets;
mod signs;
mod till;

use app::{
    Answer, Error, Tx,
    collection::Ended,
    customers,
    invoices::post_ready,
    payments::{self, collect},
    purchases::{delete, finalize},
    refunds,
};
use billing::{
    account::Session,
    collect::{CollectFrom, CollectOrder, Keeps},
    id::{CustomerId, PaymentId},
    payment::{AllocateOrder, Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    payment_activity::ActivityStatus,
    refund::{RefundMethod, RefundOrder},
    refusal::Refusal,
};
use db::values;

pub(crate) use self::till::{DECLINED, VISA, first, once};
use self::till::{DECLINED_LATER, Till, after, each_till, provided};
use crate::trade::amount;

use ActivityStatus::{Failed, Successful};

const DECLINE: &str = "Your card was declined.";

#[expect(clippy::unnecessary_wraps, reason = "every renderer may fail")]
fn answer<T>(_: &Session, ended: Ended<T>) -> Result<Answer, Error> {
    Ok(ended.map_or_else(|texts| Answer::new(400, texts.join(" ")), |_| Answer::new(200, String::new())))
}

#[tokio::test]
async fn a_card_pays_once_or_is_kept_or_becomes_the_default() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let refused = till.buy(customer, "1", first(CollectFrom::Default), None).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NoDefaultPaymentMethod))), "{refused:?}");
        assert_eq!(till.drafts(customer).await, []);

        for (rolls_back, keeps) in
            [(true, Keeps::Nothing), (false, Keeps::Nothing), (true, Keeps::Default), (false, Keeps::Method)]
        {
            let collect = CollectOrder { rolls_back, ..first(provided(VISA, keeps)) };
            let bought = till.buy(customer, "10", collect, None).await.unwrap();
            assert!(bought.body.starts_with("[Purchased] "), "{bought:?}");
        }
        assert_eq!(till.line.charges(), ["10", "10", "10", "10"]);
        assert_eq!(till.owed(customer).await, ["0", "0", "0", "0"]);
        assert_eq!(till.ends(customer).await, [Successful; 4]);
        let shown = &till.activities(customer).await[0];
        assert_eq!(shown.method_label.as_deref(), Some("Visa ending in 4242"));
        assert_eq!(shown.gateway_name.as_deref(), Some("Test"));

        let methods = till.methods(customer).await;
        let defaults: Vec<_> = methods.iter().map(|(_, label, is_default)| (label.as_str(), *is_default)).collect();
        assert_eq!(defaults, [("Visa ending in 4242", true), ("Visa ending in 4242", false)]);
        let (default, other) = (methods[0].0, methods[1].0);
        till.buy(customer, "3", after(CollectFrom::Default), None).await.unwrap();
        let stored = |method, becomes_default| CollectFrom::Stored { method, becomes_default };
        till.buy(customer, "4", first(stored(other, false)), None).await.unwrap();
        assert!(till.methods(customer).await[0].2);
        till.buy(customer, "5", first(stored(other, true)), None).await.unwrap();
        assert!(till.methods(customer).await[1].2);
        assert_eq!(till.line.charges()[4..], ["3", "4", "5"]);

        let stranger = till.shop.customer().await;
        let refused = till.buy(stranger, "1", first(stored(default, false)), None).await;
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_decline_rolls_back_or_leaves_the_invoice_open() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let declined = till.buy(customer, "10", first(once(DECLINED)), None).await.unwrap();
        let drafts = till.drafts(customer).await;
        assert!(matches!(drafts.as_slice(), [(_, None)]), "the draft stays and is free: {drafts:?}");
        let told = format!("{DECLINE} Purchase {} stays a draft.", drafts[0].0);
        assert_eq!((declined.status, declined.body), (400, told));
        assert_eq!((till.owed(customer).await, till.ends(customer).await), (vec![], vec![Failed]));
        assert_eq!(till.activities(customer).await[0].gateway_text.as_deref(), Some(DECLINE));

        let open = till.buy(customer, "10", after(once(DECLINED)), None).await.unwrap();
        assert!(open.body.starts_with("[Purchased] "), "{open:?}");
        assert_eq!((till.owed(customer).await, till.balance(customer).await), (vec!["10".to_owned()], "10".to_owned()));
        assert_eq!(till.ends(customer).await, [Failed, Failed]);

        // One that could be stored and not charged is not kept.
        let declined = till.buy(customer, "10", first(provided(DECLINED_LATER, Keeps::Default)), None).await.unwrap();
        assert!(declined.status == 400 && declined.body.starts_with(DECLINE), "{declined:?}");
        assert_eq!(till.methods(customer).await, []);
        assert_eq!(till.line.charges(), Vec::<String>::new());

        // What was reserved is free again: it is sold, or deleted.
        let (purchase, _) = drafts[0];
        let order = finalize::Order { customer, purchases: vec![purchase], collect: Some(first(once(VISA))) };
        let begin = move |tx: &mut Tx<'_>, session: &Session| finalize::begin(tx, session, &order, false);
        let end = |_: &mut Tx<'_>, _: &Session, collection: &_| app::purchases::collect::end(collection);
        let sold = till.shop.app.collect(&till.caller, None, begin, end, answer).await.unwrap();
        assert_eq!((sold.status, till.line.charges()), (200, vec!["10".to_owned()]));
        let (purchase, _) = till.drafts(customer).await[0];
        till.shop.act(move |tx, session| delete::run(tx, session, purchase)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_told_and_counted_until_a_charge_succeeds() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.buy(customer, "1", first(provided(VISA, Keeps::Default)), None).await.unwrap();
        let (method, ..) = till.methods(customer).await[0];
        let failure_count = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(store::payment_method::find(tx, session.account.id, method)?.map(|method| method.failure_count))
        };
        let count_of = async |sql: &'static str| {
            let count = move |tx: &mut Tx<'_>, session: &Session| Ok(tx.scalar(sql, &values![session.account.id.0])?);
            till.shop.act(count).await.unwrap()
        };
        for (dollars, status, failures) in [("9000.51", 400, 1), ("9000.05", 400, 2), ("5", 200, 0)] {
            let answer = till.collect_payment(payment(customer, dollars), CollectFrom::Default).await.unwrap();
            assert_eq!((answer.status, till.shop.act(failure_count).await.unwrap()), (status, Some(failures)));
        }
        let told: i64 =
            count_of("SELECT COUNT(*) FROM event WHERE account_id = $1 AND event_type = 'PaymentFailed'").await;
        assert_eq!(told, 2);

        // A new one that cannot be charged goes.
        till.buy(customer, "1", first(provided(DECLINED_LATER, Keeps::Method)), None).await.unwrap();
        let gone: i64 =
            count_of("SELECT COUNT(*) FROM payment_method WHERE account_id = $1 AND state = 'Deleted'").await;
        assert_eq!((gone, till.methods(customer).await.len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn an_invoice_number_is_taken_only_by_what_is_posted() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.buy(customer, "1", first(once(DECLINED)), None).await.unwrap();
        till.buy(customer, "1", first(once(VISA)), None).await.unwrap();
        let invoice = till.activities(customer).await[1].outcome.clone().unwrap();
        let billing::payment_activity::Outcome::Payment(payment) = invoice else { panic!("{invoice:?}") };
        assert_eq!(payment.allocations[0].number, 1);
    })
    .await;
}

#[tokio::test]
async fn a_credit_pays_without_money_and_funds_go_first() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let credit = CollectOrder { from: None, uses_funds_first: false, rolls_back: false };
        till.buy(customer, "10", credit.clone(), None).await.unwrap();
        assert_eq!((till.owed(customer).await, till.ends(customer).await), (vec!["0".to_owned()], vec![]));
        assert_eq!(till.balance(customer).await, "0");

        till.shop.bring(customer, "4").await;
        for (rolls_back, charged) in [(true, "6"), (false, "10")] {
            let collect = CollectOrder { uses_funds_first: true, rolls_back, ..first(once(VISA)) };
            till.buy(customer, "10", collect, None).await.unwrap();
            assert_eq!(till.line.charges().last().unwrap(), charged);
        }
        till.shop.bring(customer, "30").await;
        for rolls_back in [true, false] {
            let collect = CollectOrder { uses_funds_first: true, rolls_back, ..first(once(DECLINED)) };
            assert_eq!(till.buy(customer, "10", collect, None).await.unwrap().status, 200);
        }
        assert_eq!(till.line.charges().len(), 2);
        till.buy(customer, "15", CollectOrder { uses_funds_first: true, ..credit }, None).await.unwrap();
        assert_eq!(
            (till.owed(customer).await, till.balance(customer).await),
            (vec!["0".to_owned(); 6], "0".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn what_costs_nothing_is_not_collected() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let bought = till.buy(customer, "0", first(CollectFrom::Default), None).await.unwrap();
        assert!(bought.body.starts_with("[Purchased] "), "{bought:?}");
        assert_eq!((till.ends(customer).await, till.owed(customer).await), (vec![], vec!["0".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_activated_with_its_first_payment() {
    each_till(async |till| {
        let customer = till.shop.draft_customer().await;
        till.shop.purchase(customer, till.product, "10").await;
        let status = async || {
            let find = move |tx: &mut Tx<'_>, session: &Session| customers::find::run(tx, session, customer);
            till.shop.act(find).await.unwrap().status.to_string()
        };
        for (number, expected, after) in [(DECLINED, 400, "Draft"), (VISA, 200, "Active")] {
            let order = customers::activate::Order {
                customer,
                finalizes_purchases: true,
                disables_auto_post: false,
                collect: Some(first(once(number))),
            };
            let begin = move |tx: &mut Tx<'_>, session: &Session| customers::activate::begin(tx, session, &order);
            let activated = till.shop.app.collect(&till.caller, None, begin, customers::activate::end, answer).await;
            assert_eq!((activated.unwrap().status, status().await), (expected, after.to_owned()));
        }
        assert_eq!((till.line.charges(), till.owed(customer).await), (vec!["10".to_owned()], vec!["0".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn ready_drafts_are_posted_and_paid_in_one_payment() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        for dollars in ["10", "20"] {
            let purchases = vec![till.shop.purchase(customer, till.product, dollars).await];
            let order = finalize::Order { customer, purchases, collect: None };
            till.shop.act(move |tx, session| finalize::run_without_posting(tx, session, &order)).await.unwrap();
        }
        for (number, expected) in [(DECLINED, 400), (VISA, 200)] {
            let order = post_ready::Order { customer, collect: Some(first(once(number))) };
            let begin = move |tx: &mut Tx<'_>, session: &Session| post_ready::begin(tx, session, &order);
            let end = |_: &mut Tx<'_>, _: &Session, collection: &_| Ok(post_ready::end(collection));
            let render = |_: &Session, ended: Ended<Vec<_>>| {
                Ok(ended.map_or_else(
                    |texts| Answer::new(400, texts.join(" ")),
                    |ids| Answer::new(200, ids.len().to_string()),
                ))
            };
            let posted = till.shop.app.collect(&till.caller, None, begin, end, render).await.unwrap();
            assert_eq!(posted.status, expected);
            if expected == 200 {
                assert_eq!(posted.body, "2");
            } else {
                let told = posted.body.strip_prefix(DECLINE).unwrap();
                assert!(told.starts_with(" Draft invoices ") && told.ends_with(" stay drafts."), "{told}");
            }
        }
        assert_eq!(till.line.charges(), ["30"]);
        assert_eq!(till.owed(customer).await, ["0", "0"]);
    })
    .await;
}

fn payment(customer: CustomerId, text: &str) -> PaymentOrder {
    PaymentOrder {
        customer,
        source: PaymentSource::Manual,
        amount: amount(text),
        method: PaymentMethod::CreditCard,
        reference: Some("R".to_owned()),
        allocations: Vec::new(),
        auto_allocate: None,
        effective_at: None,
        reference_date: None,
    }
}

impl Till {
    async fn collect_payment(&self, payment: PaymentOrder, from: CollectFrom) -> Result<Answer, Error> {
        let order = collect::Order { payment, from };
        let begin = move |tx: &mut Tx<'_>, session: &Session| collect::begin(tx, session, &order);
        let render = |_: &Session, ended: Ended<billing::payment::Payment>| {
            Ok(match ended {
                Ok(payment) => Answer::new(200, payment.id.to_string()),
                Err(texts) => Answer::new(400, texts.join(" ")),
            })
        };
        self.shop.app.collect(&self.caller, None, begin, collect::end, render).await
    }

    async fn refund(&self, order: RefundOrder) -> Result<Answer, Error> {
        let begin = move |tx: &mut Tx<'_>, session: &Session| refunds::collect::begin(tx, session, &order);
        self.shop.app.collect(&self.caller, None, begin, refunds::collect::end, answer).await
    }
}

#[tokio::test]
async fn a_payment_is_charged_and_given_to_invoices() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let (one, _) = (till.invoice(customer, "10").await, till.invoice(customer, "20").await);
        let declined = till.collect_payment(payment(customer, "5"), once(DECLINED)).await.unwrap();
        assert_eq!((declined.status, declined.body.as_str()), (400, DECLINE));
        assert_eq!((till.ends(customer).await, till.balance(customer).await), (vec![Failed], "30".to_owned()));

        let order = PaymentOrder {
            allocations: vec![Allocation { invoice: one, amount: amount("4") }],
            auto_allocate: Some(AllocateOrder::NewestToOldest),
            ..payment(customer, "33")
        };
        let paid = till.collect_payment(order, once(VISA)).await.unwrap();
        let id = PaymentId(paid.body.parse().unwrap());
        let found = till.shop.act(move |tx, session| payments::find::run(tx, session, id)).await.unwrap();
        assert_eq!((found.unallocated, found.reference.as_deref()), (amount("3"), Some("R")));
        assert_eq!(
            (till.owed(customer).await, till.balance(customer).await),
            (vec!["0".to_owned(); 2], "-3".to_owned())
        );

        let wrong = PaymentOrder { method: PaymentMethod::Ach, ..payment(customer, "5") };
        assert!(matches!(till.collect_payment(wrong, once(VISA)).await, Err(Error::Invalid(_))));
        let beyond = PaymentOrder {
            allocations: vec![Allocation { invoice: one, amount: amount("1") }],
            ..payment(customer, "5")
        };
        let refused = till.collect_payment(beyond, once(VISA)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::OverAllocated { .. }))), "{refused:?}");
        assert_eq!(till.line.charges(), ["33"]);
    })
    .await;
}

#[tokio::test]
async fn money_goes_back_the_way_it_came_unless_it_went_another_way() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let invoice = till.invoice(customer, "10").await;
        let order =
            PaymentOrder { allocations: vec![Allocation { invoice, amount: amount("10") }], ..payment(customer, "10") };
        let paid = till.collect_payment(order, once(VISA)).await.unwrap();
        let part = |text: &str, method| RefundOrder {
            payment: PaymentId(paid.body.parse().unwrap()),
            amount: amount(text),
            reference: None,
            allocations: vec![Allocation { invoice, amount: amount(text) }],
            method,
            effective_at: None,
        };
        assert_eq!(till.refund(part("3", RefundMethod::PaymentMethod)).await.unwrap().status, 200);
        assert_eq!((till.line.refunds(), till.owed(customer).await), (vec!["3".to_owned()], vec!["3".to_owned()]));
        assert_eq!(till.refund(part("5", RefundMethod::Check)).await.unwrap().status, 200);
        assert_eq!((till.line.refunds().len(), till.owed(customer).await), (1, vec!["8".to_owned()]));
        let beyond = till.refund(part("3", RefundMethod::PaymentMethod)).await;
        assert!(matches!(beyond, Err(Error::Refused(Refusal::BeyondLeft(..)))), "{beyond:?}");
        assert_eq!(till.refund(part("2", RefundMethod::PaymentMethod)).await.unwrap().status, 200);
        assert_eq!(
            (till.line.refunds(), till.balance(customer).await),
            (vec!["3".to_owned(), "2".to_owned()], "10".to_owned())
        );
        let activities = till.activities(customer).await;
        assert_eq!(activities[1].method_label.as_deref(), Some("Visa ending in 4242"));
        assert_eq!(till.ends(customer).await, [Successful; 4]);
    })
    .await;
}
