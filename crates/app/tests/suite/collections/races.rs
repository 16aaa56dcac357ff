//! Many at once: equal requests, different ones for the same purchases, and clients that hang up.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use app::{Answer, Error, Tx, collection::Ended, purchases::finalize};
use billing::{
    account::Session,
    id::{CustomerId, PurchaseId},
    payment_activity::ActivityStatus::{Successful, Unknown},
    refusal::Refusal,
};
use testkit::until;
use tokio::time::{sleep, timeout};

use super::{
    payment,
    till::{DECLINED, Till, VISA, after, each_till, first, idempotency, once},
};
use crate::locks::MOMENT;

/// Equal requests at the same time.
const EQUAL_COUNT: usize = 200;

#[tokio::test]
async fn equal_requests_charge_once_and_are_answered_alike() {
    each_till(async |till| {
        for (name, number, status, charges) in [("paid", VISA, 200, 1), ("declined", DECLINED, 400, 1)] {
            let customer = till.shop.customer().await;
            let buy = async || {
                let key = Some(idempotency(name, "request"));
                till.buy(customer, "10", first(once(number)), key).await.unwrap()
            };
            let mut all: Vec<_> = (0..EQUAL_COUNT).map(|_| Box::pin(buy())).collect();
            let mut answers = Vec::new();
            for answer in futures(&mut all).await {
                answers.push(answer);
            }
            assert_eq!(answers.len(), EQUAL_COUNT);
            assert!(
                answers.iter().all(|answer| answer.status == status && answer.body == answers[0].body),
                "{answers:?}"
            );
            assert_eq!(answers.iter().filter(|answer| !answer.is_replayed).count(), 1);
            assert_eq!((till.line.charges().len(), till.activities(customer).await.len()), (charges, 1));
            let other = till.buy(customer, "10", first(once(VISA)), Some(idempotency(name, "other"))).await;
            assert!(matches!(other, Err(Error::KeyReused(_))), "{other:?}");
        }
    })
    .await;
}

/// All of them, side by side.
async fn futures<F: Future>(all: &mut [std::pin::Pin<Box<F>>]) -> Vec<F::Output> {
    let mut ended: Vec<Option<F::Output>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, end) in all.iter_mut().zip(&mut ended) {
            if end.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *end = Some(output);
            }
        }
        if ended.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    ended.into_iter().flatten().collect()
}

impl Till {
    async fn finalize(&self, customer: CustomerId, purchase: PurchaseId, number: &str) -> Result<Answer, Error> {
        let order = finalize::Order { customer, purchases: vec![purchase], collect: Some(first(once(number))) };
        let begin = move |tx: &mut Tx<'_>, session: &Session| finalize::begin(tx, session, &order, false);
        let end = |_: &mut Tx<'_>, _: &Session, collection: &_| app::purchases::collect::end(collection);
        let render = |_: &Session, ended: Ended<finalize::Billed>| {
            Ok(ended.map_or_else(|texts| Answer::new(400, texts.join(" ")), |_| Answer::new(200, String::new())))
        };
        self.shop.app.collect(&self.caller, None, begin, end, render).await
    }
}

#[tokio::test]
async fn two_who_buy_the_same_are_charged_once() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let purchase = till.shop.purchase(customer, till.product, "10").await;
        let (one, other) =
            tokio::join!(till.finalize(customer, purchase, VISA), till.finalize(customer, purchase, VISA));
        let mut refused = [one, other].into_iter().filter_map(Result::err);
        let refusal = refused.next().unwrap();
        assert!(matches!(refusal, Error::Refused(Refusal::PurchaseNotDraft)), "{refusal:?}");
        assert!(refused.next().is_none());
        assert_eq!((till.line.charges(), till.ends(customer).await), (vec!["10".to_owned()], vec![Successful]));
    })
    .await;
}

#[tokio::test]
async fn others_wait_for_the_end_of_a_payment() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let buy = async |dollars| till.buy(customer, dollars, after(once(VISA)), None).await.unwrap().status;
        let (one, two, three) = tokio::join!(buy("1"), buy("2"), buy("3"));
        assert_eq!([one, two, three], [200; 3]);
        assert_eq!((till.ends(customer).await, till.balance(customer).await), (vec![Successful; 3], "0".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn payments_of_a_customer_are_made_one_after_the_other() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.line.is_held.store(true, Ordering::SeqCst);
        let pay = async |dollars| till.collect_payment(payment(customer, dollars), once(VISA)).await.unwrap().status;
        let look = async {
            until("the first intent", async || !till.ends(customer).await.is_empty()).await;
            sleep(MOMENT).await;
            let ends = till.ends(customer).await;
            till.line.is_held.store(false, Ordering::SeqCst);
            ends
        };
        let (one, two, ends) = tokio::join!(pay("1"), pay("2"), look);
        assert_eq!(([one, two], ends), ([200; 2], vec![Unknown]), "the second waits for the first");
    })
    .await;
}

#[tokio::test]
async fn a_client_that_hangs_up_changes_nothing() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let key = || Some(idempotency("key", "request"));
        till.line.is_held.store(true, Ordering::SeqCst);
        let left = timeout(Duration::from_secs(1), till.buy(customer, "10", first(once(VISA)), key())).await;
        assert!(left.is_err(), "{left:?}");
        till.line.is_held.store(false, Ordering::SeqCst);
        let answer = till.buy(customer, "10", first(once(VISA)), key()).await.unwrap();
        assert_eq!((answer.status, answer.is_replayed), (200, true));
        assert_eq!((till.line.charges(), till.ends(customer).await), (vec!["10".to_owned()], vec![Successful]));
    })
    .await;
}

#[tokio::test]
async fn a_client_that_hangs_up_before_the_call_changes_nothing_either() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let purchase = till.shop.purchase(customer, till.product, "10").await;
        let order = finalize::Order { customer, purchases: vec![purchase], collect: Some(first(once(VISA))) };
        let has_begun = Arc::new(tokio::sync::Notify::new());
        let signal = Arc::clone(&has_begun);
        let begin = move |tx: &mut Tx<'_>, session: &Session| {
            let started = finalize::begin(tx, session, &order, false);
            signal.notify_one();
            started
        };
        let end = |_: &mut Tx<'_>, _: &Session, collection: &_| app::purchases::collect::end(collection);
        let render = |_: &Session, _: Ended<finalize::Billed>| Ok(Answer::new(200, String::new()));
        tokio::select! {
            biased;
            () = has_begun.notified() => {}
            answer = till.shop.app.collect(&till.caller, None, begin, end, render) => panic!("{answer:?}"),
        }
        until("the end", async || till.ends(customer).await == [Successful]).await;
        assert_eq!(till.line.charges(), ["10"]);
    })
    .await;
}
