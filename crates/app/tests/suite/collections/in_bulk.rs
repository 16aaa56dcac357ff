//! Records of bulk jobs that charge, whose worker dies, loses its lane, is paused or cancelled in the middle: each is charged
//! once, and what was charged is recorded.

mod late;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::pending,
    sync::atomic::Ordering,
    time::Duration,
};

use app::{
    Tx,
    bulk::{Limits, pause, start_worker},
    collection,
};
use billing::{
    account::Session,
    bulk::{BulkOptions, BulkRecordStatus, SubmittedJobType},
    id::{BulkJobId, CustomerId},
    payment_activity::ActivityStatus::{Failed, Successful, Unknown},
};
use testkit::until;
use tokio::{
    runtime::{Builder, Runtime},
    time::sleep,
};

use super::till::{Till, each_till};
use crate::{
    bulk::{LANES, LIMITS, PARSER},
    payment_methods,
    trade::amount,
};

/// The lease of a caller has ended.
const CALL_LEASE_MS: i64 = 130_000;

/// The lease of a lane has ended.
const LANE_LEASE_MS: i64 = 5_000;

/// A process that works on bulk jobs until it is dropped, which kills it: what it has asked the gateway is on its way, and nobody
/// hears the answer.
struct Process(Option<Runtime>);

impl Process {
    fn start(till: &Till) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let app = till.shop.app.clone();
        runtime.spawn(async move {
            let _worker = start_worker(&app, PARSER, LIMITS);
            pending::<()>().await;
        });
        Self(Some(runtime))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Till {
    /// A customer with a card that pays.
    async fn with_stored_card(&self) -> CustomerId {
        let customer = self.shop.customer().await;
        payment_methods::store(&self.shop, customer).await;
        customer
    }

    /// A job under way: ten dollars of the card, then one in cash.
    async fn charging(&self, customer: CustomerId) -> BulkJobId {
        let records = vec![format!("{customer} 10 card"), format!("{customer} 1")];
        let id = self.shop.validated(SubmittedJobType::BulkPayment, records).await;
        self.line.is_held.store(true, Ordering::SeqCst);
        self.shop.process(id).await.unwrap();
        id
    }

    async fn until_asked(&self, customer: CustomerId) {
        self.shop.app.wake_workers();
        until("the call", async || self.ends(customer).await == [Unknown]).await;
        // Into the gateway.
        sleep(Duration::from_millis(50)).await;
    }

    /// Lets the calls go through that were held.
    async fn let_go(&self) {
        self.line.is_held.store(false, Ordering::SeqCst);
        sleep(Duration::from_millis(50)).await;
    }

    /// How the records ended when other workers have done what is left.
    async fn ended(&self, id: BulkJobId) -> Vec<(BulkRecordStatus, Option<String>)> {
        self.shop.clock.advance_millis(LANE_LEASE_MS);
        let worker = self.shop.worker();
        let (_, records) = self.while_time_goes_by(self.shop.settled(id)).await;
        worker.stop().await;
        records.into_iter().map(|record| (record.status, record.details)).collect()
    }

    /// A lane that waits looks again after a second.
    async fn while_time_goes_by<T>(&self, story: impl Future<Output = T>) -> T {
        let clock = async {
            loop {
                self.shop.clock.advance_millis(1_000);
                sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            told = story => told,
            never = clock => never,
        }
    }
}

const PAID: (BulkRecordStatus, Option<String>) = (BulkRecordStatus::Processed, None);

#[tokio::test]
async fn who_is_killed_after_the_charge_was_sent_leaves_it_to_others() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.charging(customer).await;
        let process = Process::start(till);
        till.until_asked(customer).await;
        drop(process);
        till.let_go().await;
        assert_eq!((till.line.charges(), till.ends(customer).await), (vec!["10".to_owned()], vec![Unknown]));
        till.shop.clock.advance_millis(CALL_LEASE_MS);
        till.work_until(customer, &[Successful]).await;
        assert_eq!(till.ended(id).await, [PAID, PAID]);
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec!["10".to_owned()], "-11".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn who_is_killed_before_the_charge_arrives_never_charges() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.charging(customer).await;
        let process = Process::start(till);
        till.until_asked(customer).await;
        drop(process);
        till.shop.clock.advance_millis(CALL_LEASE_MS);
        till.work_until(customer, &[Failed]).await;
        let records = till.ended(id).await;
        assert_eq!(records[0].0, BulkRecordStatus::FailedProcessing, "{records:?}");
        assert_eq!(records[1], PAID);
        till.let_go().await;
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec![], "-1".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn who_loses_the_lane_during_the_call_is_followed_and_not_repeated() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.charging(customer).await;
        let first = till.shop.worker();
        till.until_asked(customer).await;
        till.shop.clock.advance_millis(LANE_LEASE_MS);
        let second = till.shop.worker();
        sleep(Duration::from_millis(100)).await;
        assert_eq!(till.shop.job(id).await.0.counts.processed, 0, "the cash waits, too");
        till.let_go().await;
        assert_eq!(till.ended(id).await, [PAID, PAID]);
        first.stop().await;
        second.stop().await;
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec!["10".to_owned()], "-11".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_pause_during_the_call_keeps_what_was_charged() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.charging(customer).await;
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        till.shop.act(move |tx, session| pause::run(tx, session, id)).await.unwrap();
        till.let_go().await;
        worker.stop().await;
        until("the end", async || till.ends(customer).await == [Successful]).await;
        assert_eq!(till.shop.job(id).await.0.counts.processed, 0);
        till.shop.act(move |tx, session| pause::resume(tx, session, id)).await.unwrap();
        assert_eq!(till.ended(id).await, [PAID, PAID]);
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec!["10".to_owned()], "-11".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn who_is_killed_again_and_again_charges_nobody_twice() {
    each_till(async |till| {
        let mut records = Vec::new();
        for _ in 0..3 {
            let customer = till.with_stored_card().await;
            records.extend((0..4).map(|_| customer));
        }
        let line = |(place, customer): (usize, &CustomerId)| {
            format!("{customer} {}{}", place + 1, if place % 3 == 2 { "" } else { " card" })
        };
        let lines = records.iter().enumerate().map(line).collect();
        let id = till.shop.validated(SubmittedJobType::BulkPayment, lines).await;
        till.shop.process(id).await.unwrap();
        for round in 0..8 {
            let process = Process::start(till);
            till.shop.app.wake_workers();
            sleep(Duration::from_millis(3 + 7 * round)).await;
            drop(process);
            till.shop.clock.advance_millis(LANE_LEASE_MS);
        }
        let settling = collection::start_worker(&till.shop.app);
        let ended = till.ended(id).await;
        settling.stop().await;
        let by_card = ended
            .iter()
            .zip(1..)
            .filter(|((status, _), place)| *status == BulkRecordStatus::Processed && place % 3 != 0);
        let expected: BTreeSet<_> = by_card.map(|(_, place)| place.to_string()).collect();
        let charged = till.line.charges();
        assert_eq!(charged.len(), expected.len(), "{charged:?} {ended:?}");
        assert_eq!(charged.into_iter().collect::<BTreeSet<_>>(), expected, "{ended:?}");
        for ((status, _), place) in ended.iter().zip(1..) {
            assert!(*status == BulkRecordStatus::Processed || place % 3 != 0, "cash does not fail: {ended:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_record_reads_how_the_gateway_ended_it() {
    each_till(async |till| {
        let mut customers = Vec::new();
        for _ in 0..5 {
            customers.push(till.with_stored_card().await);
        }
        // Lost, never charged, refused, told later, paid.
        let amounts = ["9000.68", "9000.91", "9000.05", "9000.90", "9000.00"];
        let records = customers.iter().zip(amounts).map(|(customer, amount)| format!("{customer} {amount} card"));
        let id = till.shop.validated(SubmittedJobType::BulkPayment, records.collect()).await;
        till.shop.process(id).await.unwrap();
        let settling = collection::start_worker(&till.shop.app);
        let ended = till.ended(id).await;
        settling.stop().await;
        let failed = |text: &str| (BulkRecordStatus::FailedProcessing, Some(text.to_owned()));
        assert_eq!(ended[1].0, BulkRecordStatus::FailedProcessing, "{ended:?}");
        let others = [&ended[0], &ended[2], &ended[3], &ended[4]];
        assert_eq!(others, [&PAID, &failed("Your card was declined."), &PAID, &PAID]);
        assert_eq!(till.line.charges().len(), 3);
        for (customer, status) in customers.iter().zip([Successful, Failed, Failed, Successful, Successful]) {
            assert_eq!(till.ends(*customer).await, [status], "the attempt stays");
        }
    })
    .await;
}

#[tokio::test]
async fn sixteen_customers_of_a_lane_are_charged_at_the_same_time() {
    each_till(async |till| {
        let mut customers = Vec::new();
        for _ in 0..20 {
            customers.push(till.with_stored_card().await);
        }
        let records = [10, 100].into_iter().flat_map(|dollars| customers.iter().map(move |who| (who, dollars)));
        let records = records.map(|(customer, dollars)| format!("{customer} {dollars} card")).collect();
        let id = till.shop.validated(SubmittedJobType::BulkPayment, records).await;
        till.line.is_held.store(true, Ordering::SeqCst);
        till.shop.process(id).await.unwrap();
        let limits = Limits { chunk_record_count: 4_000, ..LIMITS };
        let worker = start_worker(&till.shop.app, PARSER, limits);
        let open = async || {
            let count = |tx: &mut Tx<'_>, session: &Session| Ok(store::collection::count_open(tx, session.account.id)?);
            till.shop.act(count).await.unwrap()
        };
        till.shop.app.wake_workers();
        until("the calls", async || open().await == 16).await;
        sleep(Duration::from_millis(100)).await;
        assert_eq!(open().await, 16);
        till.let_go().await;
        worker.stop().await;
        assert_eq!(till.ended(id).await, vec![PAID; 40]);
        let charged = till.line.charges();
        assert_eq!((charged.len(), charged[..16].contains(&"100".to_owned())), (40, false), "{charged:?}");
    })
    .await;
}

#[tokio::test]
async fn customers_keep_their_order_in_lanes_that_charge() {
    each_till(async |till| {
        let mut customers = Vec::new();
        for _ in 0..9 {
            customers.push(till.with_stored_card().await);
        }
        let line = |(customer, place): (&CustomerId, usize)| {
            let how = if place % 2 == 0 { " card" } else { "" };
            format!("{customer} {place}{how}")
        };
        let records: Vec<_> = customers.iter().cycle().zip(1..=45).map(line).collect();
        let id = till.shop.laned(BulkOptions::default(), &records, LANES).await;
        till.shop.process(id).await.unwrap();
        let process = Process::start(till);
        till.shop.app.wake_workers();
        sleep(Duration::from_millis(30)).await;
        drop(process);
        let settling = collection::start_worker(&till.shop.app);
        let ended = till.ended(id).await;
        settling.stop().await;
        let mut expected = BTreeMap::<_, Vec<_>>::new();
        let paid = ended.iter().zip(1..).filter(|((status, _), _)| *status == BulkRecordStatus::Processed);
        for (_, place) in paid {
            expected.entry(customers[(place - 1) % 9].0).or_default().push(amount(&place.to_string()));
        }
        assert_eq!(till.shop.paid().await, expected);
        assert!(expected.values().flatten().count() >= 23, "cash does not fail: {ended:?}");
    })
    .await;
}
