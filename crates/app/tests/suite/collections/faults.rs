//! Lost answers, cut lines, killed callers: the books say what the gateway says.

use std::sync::atomic::Ordering;

use app::{
    Error, Tx, collection,
    customers::hold,
    purchases::{bulk_create, delete},
};
use billing::{
    account::Session,
    collect::{CollectOrder, Keeps},
    collection::{Collection, Moved},
    id::{CustomerId, PaymentActivityId},
    payment_activity::ActivityStatus::{Failed, Successful, Unknown},
    refusal::Refusal,
};
use db::{Millis, values};
use gateway::{Charge, Gateway as _, Source};
use jobs::ATTEMPT_COUNT_MAX;
use testkit::until;

use super::till::{LOST, TIMES_OUT, Till, VISA, after, card, each_till, first, idempotency, once, provided};
use crate::{
    shop::{opening, purchase_of},
    trade::amount,
};

/// The lease of a caller has ended.
const LEASE_MS: i64 = 130_000;
const HOUR_MS: i64 = 3_600_000;

#[tokio::test]
async fn a_lost_answer_is_asked_for_at_once() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let bought = till.buy(customer, "10", first(once(LOST)), None).await.unwrap();
        assert_eq!((bought.status, till.line.charges()), (200, vec!["10".to_owned()]));
        assert_eq!((till.owed(customer).await, till.ends(customer).await), (vec!["0".to_owned()], vec![Successful]));
    })
    .await;
}

impl Till {
    /// Leaves a payment of which nobody knows, though the card was charged.
    async fn lose(&self, customer: CustomerId) -> PaymentActivityId {
        self.line.is_cut.store(true, Ordering::SeqCst);
        let key = Some(idempotency("lost", "request"));
        let unknown = self.buy(customer, "10", first(provided(VISA, Keeps::Default)), key).await;
        let Err(Error::Unsettled(activity)) = unknown else { panic!("{unknown:?}") };
        assert_eq!(self.ends(customer).await, [Unknown]);
        assert_eq!(self.drafts(customer).await[0].1, Some(activity));
        activity
    }

    /// The same request again, under the same key.
    async fn again(&self, customer: CustomerId) -> Result<app::Answer, Error> {
        let key = Some(idempotency("lost", "request"));
        self.buy(customer, "10", first(provided(VISA, Keeps::Default)), key).await
    }
}

#[tokio::test]
async fn a_payment_of_which_nobody_knows_holds_up_the_customer_until_it_is_settled() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let activity = till.lose(customer).await;
        let refused = till.buy(customer, "1", first(once(VISA)), None).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Collecting(named))) if named == activity), "{refused:?}");
        let refused = till.shop.act(move |tx, session| hold::run(tx, session, customer)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Reserved(_)))), "{refused:?}");
        let (purchase, _) = till.drafts(customer).await[0];
        let refused = till.shop.act(move |tx, session| delete::run(tx, session, purchase)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Reserved(_)))), "{refused:?}");
        assert!(matches!(till.again(customer).await, Err(Error::Unsettled(_))));

        till.line.is_cut.store(false, Ordering::SeqCst);
        till.shop.clock.advance_millis(LEASE_MS);
        till.work_until(customer, &[Successful]).await;
        assert_eq!((till.owed(customer).await, till.line.charges()), (vec!["0".to_owned()], vec!["10".to_owned()]));
        assert_eq!(till.methods(customer).await.len(), 1, "the card is kept without its number");
        let answered = till.again(customer).await.unwrap();
        assert_eq!((answered.status, answered.is_replayed), (200, true));
        assert_eq!(till.again(customer).await.unwrap(), answered);
        till.buy(customer, "1", first(once(VISA)), None).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_person_may_ask_the_gateway_again_or_say_how_it_ended() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let activity = till.lose(customer).await;
        collection::auto_resolve(&till.shop.app, &till.caller, activity, "CreditCard".to_owned()).await.unwrap();
        assert_eq!(till.ends(customer).await, [Unknown], "the line is still cut");
        till.line.is_cut.store(false, Ordering::SeqCst);
        collection::auto_resolve(&till.shop.app, &till.caller, activity, "CreditCard".to_owned()).await.unwrap();
        assert_eq!(till.ends(customer).await, [Successful]);
        let refused = collection::auto_resolve(&till.shop.app, &till.caller, activity, "CreditCard".to_owned()).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::ActivityNotUnknown(..)))), "{refused:?}");

        let resolve = async |activity, moved: Option<Moved>| {
            let run =
                move |tx: &mut Tx<'_>, session: &Session| collection::resolve(tx, session, activity, moved.as_ref());
            till.shop.act(run).await
        };
        for (moved, end, owed) in [
            (None, Failed, vec![]),
            (Some(Moved { transaction: "T".to_owned(), authorization: None }), Successful, vec!["0".to_owned()]),
        ] {
            let customer = till.shop.customer().await;
            till.line.is_cut.store(true, Ordering::SeqCst);
            let unknown = till.buy(customer, "7", first(once(VISA)), None).await;
            let Err(Error::Unsettled(activity)) = unknown else { panic!("{unknown:?}") };
            resolve(activity, moved.clone()).await.unwrap();
            assert_eq!((till.ends(customer).await, till.owed(customer).await), (vec![end], owed));
            let refused = resolve(activity, moved).await;
            assert!(matches!(refused, Err(Error::Refused(Refusal::ActivityNotUnknown(..)))), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_gateway_has_the_last_word_about_money_that_a_person_gave_up() {
    each_till(async |till| {
        let resolve = async |activity| {
            till.shop.act(move |tx, session| collection::resolve(tx, session, activity, None)).await.unwrap();
        };
        let customer = till.shop.customer().await;
        let activity = till.lose(customer).await;
        resolve(activity).await;
        assert_eq!((till.ends(customer).await, till.drafts(customer).await[0].1), (vec![Failed], None));
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.work_until(customer, &[Successful]).await;
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec!["10".to_owned()], "-10".to_owned()));
        let told = till.again(customer).await.unwrap();
        assert!(told.status == 400 && told.body.contains("available funds"), "{told:?}");

        // What the gateway has not done by the time of its answer, it will not do any more.
        let customer = till.shop.customer().await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        let unknown = till.buy(customer, "10", first(once(TIMES_OUT)), None).await;
        let Err(Error::Unsettled(activity)) = unknown else { panic!("{unknown:?}") };
        let find =
            move |tx: &mut Tx<'_>, session: &Session| Ok(store::collection::find(tx, session.account.id, activity)?);
        let collection = till.shop.act(find).await.unwrap().unwrap();
        resolve(activity).await;
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.work_until_idle().await;
        assert!(till.line.inner.charge(&charge(&collection, "10")).is_err());
        assert_eq!((till.ends(customer).await, till.balance(customer).await), (vec![Failed], "0".to_owned()));
    })
    .await;
}

impl Till {
    /// A caller who dies after the intent.
    async fn begin_and_die(&self, customer: CustomerId, collect: CollectOrder) -> collection::Call {
        let order = bulk_create::Order {
            customer,
            auto_purchase: true,
            purchases: vec![purchase_of(self.product, "10")],
            collect: Some(collect),
        };
        let begun = self.shop.act(move |tx, session| bulk_create::begin(tx, session, &order, false)).await.unwrap();
        let collection::Started::Collects(call) = begun else { panic!("{begun:?}") };
        *call
    }
}

#[tokio::test]
async fn who_dies_before_the_call_has_charged_nothing_and_never_will() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let call = till.begin_and_die(customer, first(once(VISA))).await;
        till.shop.clock.advance_millis(LEASE_MS);
        till.work_until(customer, &[Failed]).await;
        assert!(matches!(till.drafts(customer).await.as_slice(), [(_, None)]));
        let late = till.line.inner.charge(&charge(&call.collection, "10"));
        assert!(late.is_err(), "{late:?}");
        assert_eq!(till.line.charges(), Vec::<String>::new());
    })
    .await;
}

fn charge(collection: &Collection, text: &str) -> Charge {
    Charge {
        at: opening(),
        key: collection.key.clone(),
        amount: amount(text),
        currency: money::Currency::USD,
        source: Source::Provided(*card(VISA)),
        description: String::new(),
    }
}

#[tokio::test]
async fn who_dies_after_the_call_has_paid() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let call = till.begin_and_die(customer, first(once(VISA))).await;
        till.line.inner.charge(&charge(&call.collection, "10")).unwrap();
        till.shop.clock.advance_millis(LEASE_MS);
        till.work_until(customer, &[Successful]).await;
        assert_eq!((till.owed(customer).await, till.drafts(customer).await), (vec!["0".to_owned()], vec![]));
    })
    .await;
}

#[tokio::test]
async fn money_whose_purpose_is_gone_is_available_funds() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        let activity = till.lose(customer).await;
        let vanish = |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.execute("DELETE FROM purchase WHERE account_id = $1", &values![session.account.id.0])?)
        };
        till.shop.act(vanish).await.unwrap();
        till.line.is_cut.store(false, Ordering::SeqCst);
        let told = till.again(customer).await;
        assert!(matches!(told, Err(Error::Unsettled(_))), "{told:?}");
        collection::auto_resolve(&till.shop.app, &till.caller, activity, "CreditCard".to_owned()).await.unwrap();
        assert_eq!((till.ends(customer).await, till.balance(customer).await), (vec![Successful], "-10".to_owned()));
        let told = till.again(customer).await.unwrap();
        assert_eq!(told.status, 400);
        assert!(told.body.contains("available funds") && told.body.contains("Purchase with id"), "{}", told.body);
    })
    .await;
}

#[tokio::test]
async fn the_gateway_is_asked_again_every_hour_for_good() {
    each_till(async |till| {
        let customer = till.shop.customer().await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        let bought = till.buy(customer, "10", after(once(VISA)), None).await.unwrap();
        assert_eq!((bought.status, till.ends(customer).await), (200, vec![Unknown]));
        let exhaust = |tx: &mut Tx<'_>, session: &Session| {
            let sql = "UPDATE task SET attempt_count = $2 WHERE account_id = $1 AND kind = 'collect'";
            Ok(tx.execute(sql, &values![session.account.id.0, ATTEMPT_COUNT_MAX])?)
        };
        assert_eq!(till.shop.act(exhaust).await.unwrap(), 1);
        till.shop.clock.advance_days(1);
        let due_at = |tx: &mut Tx<'_>, session: &Session| {
            let sql = "SELECT due_at FROM task WHERE account_id = $1 AND kind = 'collect'";
            Ok(tx.scalar::<Millis>(sql, &values![session.account.id.0])?.0)
        };
        let in_an_hour = till.shop.app.now().millis() + HOUR_MS;
        let worker = collection::start_worker(&till.shop.app);
        until("the end of the last attempt", async || till.shop.act(due_at).await.unwrap() == in_an_hour).await;
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.shop.clock.advance_millis(HOUR_MS);
        until("the answer", async || till.ends(customer).await == [Successful]).await;
        worker.stop().await;
    })
    .await;
}
