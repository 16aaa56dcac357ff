//! Payment methods that are given to another customer: what follows them, and what stays with whom it was.

use std::sync::atomic::Ordering;

use app::{
    Answer, Error, Tx,
    payment_methods::{
        create::{Order as Store, Provided, Stored},
        give,
    },
};
use billing::{
    account::Session,
    collect::{CollectFrom, Keeps},
    id::{CustomerId, PaymentId, PaymentMethodId},
    payment::PaymentSource,
    payment_activity::ActivityStatus::Unknown,
    refund::{RefundMethod, RefundOrder},
    refusal::Refusal,
};
use db::values;
use testkit::until;

use super::{
    payment,
    till::{Till, VISA, card, each_till, first, provided},
};
use crate::trade::amount;

impl Till {
    async fn give(&self, method: PaymentMethodId, to: CustomerId) -> Result<(), Error> {
        let order = give::Order { method, to, becomes_default: false };
        self.shop.act(move |tx, session| give::run(tx, session, &order).map(|_| ())).await
    }

    /// Stores a card in the place of another method, if one is named.
    async fn store(&self, customer: CustomerId, replaces: Option<PaymentMethodId>) -> PaymentMethodId {
        let order = Store {
            customer: Some(customer),
            provided: Provided::Instrument(*card(VISA)),
            source: PaymentSource::Manual,
            becomes_default: false,
            sharing: None,
            replaces,
            collects: None,
        };
        let render = |_: &Session, stored: Stored| Ok(Answer::new(200, stored.unwrap().method.id.to_string()));
        let answer = self.shop.app.store_method(&self.caller, None, order, render).await.unwrap();
        PaymentMethodId(answer.body.parse().unwrap())
    }

    /// Whom the changes of a method were told of.
    async fn updates(&self, method: PaymentMethodId) -> Vec<i64> {
        let sql = "SELECT customer_id FROM event WHERE account_id = $1 AND subject_id = $2
            AND event_type = 'PaymentMethodUpdated' ORDER BY id";
        let ask = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.query(sql, &values![session.account.id.0, method.0], |row| row.get(0))?)
        };
        self.shop.act(ask).await.unwrap()
    }
}

#[tokio::test]
async fn a_method_is_charged_for_its_new_owner_and_gives_back_to_the_former() {
    each_till(async |till| {
        let (from, to) = (till.shop.customer().await, till.shop.customer().await);
        till.buy(from, "1", first(provided(VISA, Keeps::Default)), None).await.unwrap();
        let (method, label, _) = till.methods(from).await.remove(0);
        let paid = till.collect_payment(payment(from, "10"), CollectFrom::Default).await.unwrap();
        till.give(method, to).await.unwrap();
        assert_eq!((till.methods(from).await, till.methods(to).await), (vec![], vec![(method, label, true)]));
        assert_eq!(till.updates(method).await, [from.0, to.0]);

        let refused = till.collect_payment(payment(from, "5"), CollectFrom::Default).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NoDefaultPaymentMethod))), "{refused:?}");
        let paid_by_new = till.collect_payment(payment(to, "20"), CollectFrom::Default).await.unwrap();
        assert_eq!((paid_by_new.status, till.line.charges()), (200, ["1", "10", "20"].map(str::to_owned).to_vec()));
        let order = RefundOrder {
            payment: PaymentId(paid.body.parse().unwrap()),
            amount: amount("4"),
            reference: None,
            allocations: Vec::new(),
            method: RefundMethod::PaymentMethod,
            effective_at: None,
        };
        assert_eq!(till.refund(order).await.unwrap().status, 200);
        assert_eq!((till.line.refunds(), till.balance(from).await), (vec!["4".to_owned()], "-6".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_charge_that_is_under_way_ends_first() {
    each_till(async |till| {
        let (from, to) = (till.shop.customer().await, till.shop.customer().await);
        let (method, other) = (till.store(from, None).await, till.store(from, None).await);
        till.line.is_held.store(true, Ordering::SeqCst);
        let meanwhile = async {
            until("the intent", async || till.ends(from).await.last() == Some(&Unknown)).await;
            let charged = till.give(method, to).await;
            till.give(other, to).await.unwrap();
            till.line.is_held.store(false, Ordering::SeqCst);
            charged
        };
        let pay = till.collect_payment(payment(from, "10"), CollectFrom::Default);
        let (paid, given) = tokio::join!(pay, meanwhile);
        assert_eq!(paid.unwrap().status, 200);
        let activity = till.activities(from).await.last().unwrap().id;
        assert!(matches!(given, Err(Error::Refused(Refusal::Collecting(open))) if open == activity), "{given:?}");
        till.give(method, to).await.unwrap();
        assert_eq!(till.methods(to).await.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [method, other]);
    })
    .await;
}

/// The card that was to be replaced is somebody else's by the time the gateway answers.
#[tokio::test]
async fn a_replacement_takes_nothing_from_a_new_owner() {
    each_till(async |till| {
        let (from, to) = (till.shop.customer().await, till.shop.customer().await);
        let method = till.store(from, None).await;
        till.line.is_held.store(true, Ordering::SeqCst);
        let meanwhile = async {
            let pending = "SELECT COUNT(*) FROM payment_method WHERE account_id = $1 AND state = 'Pending'";
            let count = move |tx: &mut Tx<'_>, session: &Session| {
                Ok(tx.scalar::<i64>(pending, &values![session.account.id.0])?)
            };
            until("the reservation", async || till.shop.act(count).await.unwrap() == 1).await;
            till.give(method, to).await.unwrap();
            till.line.is_held.store(false, Ordering::SeqCst);
        };
        let (replacement, ()) = tokio::join!(till.store(from, Some(method)), meanwhile);
        for (customer, method) in [(from, replacement), (to, method)] {
            let methods = till.methods(customer).await;
            assert_eq!(
                methods.iter().map(|(id, _, is_default)| (*id, *is_default)).collect::<Vec<_>>(),
                [(method, true)]
            );
        }
    })
    .await;
}
