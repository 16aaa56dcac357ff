//! Jobs that are worked on in several places at the same time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, mpsc::channel},
    time::Duration,
};

use app::{
    App, Tx,
    bulk::{Header, Limits, pause, start_worker, upload::Order},
};
use billing::{
    account::Session,
    bulk::{BulkJobStatus, BulkJobType, BulkOptions, BulkRecord, BulkRecordStatus},
    id::{BulkJobId, CustomerId, ProductId},
};
use calendar::{Clock, ClockHand};
use db::{Db, Millis, values};
use jobs::Worker;
use money::Amount;
use testkit::on_postgres;
use tokio::time::sleep;

use super::{
    LIMITS, PARSER, amount, counts,
    modes::{Random, order},
    write_offs,
};
use crate::{
    locks::shop_with_locks,
    shop::{Shop, opening},
};

pub(crate) const LANES: Limits = Limits { lane_count: 8, ..LIMITS };

/// How far the clocks of other processes are from the shop's, in milliseconds.
const SKEWS_MS: [i64; 2] = [-2, 3];

/// Runs a test in a shop with the apps and clocks of two other processes.
async fn with_processes(test: impl AsyncFn(&Shop, &[(App, ClockHand)])) {
    on_postgres(store::MIGRATIONS, async |database| {
        let shop = Shop::open(database).await;
        let mut others = Vec::new();
        for skew_ms in SKEWS_MS {
            let db = Db::open(&database.url, &db::Options::default()).await.unwrap();
            let (clock, hand) = Clock::fixed(opening().plus_millis(skew_ms));
            others.push((App::new(db, clock), hand));
        }
        test(&shop, &others).await;
        for (app, _) in others {
            app.close().await;
        }
    })
    .await;
}

/// Payments of one, two, three … dollars, by each customer in turn: the amount tells the place in the file.
fn in_turn(customers: &[CustomerId], count: usize) -> Vec<String> {
    customers.iter().cycle().take(count).zip(1..).map(|(customer, place)| format!("{customer} {place}")).collect()
}

impl Shop {
    async fn customers(&self, count: usize) -> Vec<CustomerId> {
        let mut customers = Vec::new();
        for _ in 0..count {
            customers.push(self.customer().await);
        }
        customers
    }

    fn lane_worker(&self) -> Worker {
        start_worker(&self.app, PARSER, LANES)
    }

    /// A validated job that is done in lanes.
    pub(crate) async fn laned(&self, options: BulkOptions, records: &[String], limits: Limits) -> BulkJobId {
        let id = self.upload_within(order(options), records, limits).await.unwrap();
        let worker = self.lane_worker();
        self.settled(id).await;
        worker.stop().await;
        id
    }

    async fn lane_count(&self) -> i64 {
        self.app.db().read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM bulk_lane", &[])).await.unwrap()
    }

    /// Places in the events that lanes have come to.
    async fn mark_count(&self) -> i64 {
        let sql = "SELECT COUNT(*) FROM (SELECT DISTINCT last_at, last_id FROM bulk_lane) marks";
        self.app.db().read(move |tx| tx.scalar::<i64>(sql, &[])).await.unwrap()
    }

    /// What each customer paid, in the order of its ledger.
    pub(crate) async fn paid(&self) -> BTreeMap<i64, Vec<Amount>> {
        let sql = "SELECT p.customer_id, p.amount FROM payment p
            JOIN ledger_transaction t ON t.account_id = p.account_id AND t.id = p.id ORDER BY t.sequence";
        let ask = move |tx: &mut Tx<'_>| tx.query(sql, &[], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)));
        let mut paid = BTreeMap::<_, Vec<_>>::new();
        for (customer, amount) in self.app.db().read(ask).await.unwrap() {
            paid.entry(customer).or_default().push(Amount::from_millionths(amount));
        }
        paid
    }

    /// Who has a lane now.
    async fn lane_holders(&self) -> BTreeSet<String> {
        let sql = "SELECT lease_owner FROM task WHERE kind = 'bulk-process' AND lease_owner IS NOT NULL";
        let owners = self.app.db().read(move |tx| tx.query(sql, &[], |row| row.get::<String>(0))).await.unwrap();
        owners.iter().filter_map(|owner| Some(owner.split_once('/')?.0.to_owned())).collect()
    }

    /// All events of a job and its records as they are read: type, subject and customer.
    pub(crate) async fn events_as_read(&self, id: BulkJobId) -> Vec<(String, i64, Option<i64>)> {
        let sql = "SELECT event_type, subject_id, customer_id FROM event
            WHERE account_id = $1 AND event_type LIKE 'Bulk%' AND (subject_id = $2
                OR subject_id IN (SELECT id FROM bulk_record WHERE account_id = $1 AND job_id = $2))
            ORDER BY created_at, id";
        let account = self.account.0;
        let ask = move |tx: &mut Tx<'_>| {
            tx.query(sql, &values![account, id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        };
        self.app.db().read(ask).await.unwrap()
    }

    /// Holds customers until the sender speaks or is gone.
    async fn holding<T>(&self, customers: &[CustomerId], story: impl Future<Output = T>) -> T {
        let (release, released) = channel::<()>();
        let (lock_taken, locked) = tokio::sync::oneshot::channel();
        let (released, lock_taken) = (Mutex::new(released), Mutex::new(Some(lock_taken)));
        let customers = Arc::new(customers.iter().copied().collect());
        let hold = self.act(move |tx, session| {
            store::customer::lock_many(tx, session.account.id, &customers)?;
            if let Some(lock_taken) = lock_taken.lock().unwrap().take() {
                lock_taken.send(()).unwrap();
            }
            let _ = released.lock().unwrap().recv_timeout(Duration::from_secs(20));
            Ok(())
        });
        let story = async {
            locked.await.unwrap();
            let told = story.await;
            drop(release);
            told
        };
        let (hold, told) = tokio::join!(hold, story);
        hold.unwrap();
        told
    }
}

fn statuses(records: &[BulkRecord]) -> Vec<BulkRecordStatus> {
    records.iter().map(|record| record.status).collect()
}

#[tokio::test]
async fn processes_share_a_job_and_every_customer_keeps_its_order() {
    with_processes(async |shop, others| {
        let customers = shop.customers(12).await;
        let mut records = in_turn(&customers, 180);
        records[20] = "nonsense".to_owned();
        let id = shop.laned(BulkOptions::default(), &records, LANES).await;
        shop.process(id).await.unwrap();
        let apps = others.iter().map(|(app, _)| app).chain([&shop.app]);
        let workers: Vec<_> = apps.map(|app| start_worker(app, PARSER, LANES)).collect();
        let share = async {
            while shop.lane_holders().await.len() < 2 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        shop.holding(&customers, share).await;
        // On a busy machine, who waited for too long is to come again.
        for clock in others.iter().map(|(_, clock)| clock).chain([&shop.clock]) {
            clock.advance_millis(4_000);
        }
        let (job, done) = shop.settled(id).await;
        for worker in workers {
            worker.stop().await;
        }
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(180, 179, 1, 179, 0)));
        let mut expected = BTreeMap::<_, Vec<_>>::new();
        for record in records.iter().filter(|record| *record != "nonsense") {
            let (customer, paid) = record.split_once(' ').unwrap();
            expected.entry(customer.parse().unwrap()).or_default().push(amount(paid));
        }
        assert_eq!(shop.paid().await, expected);
        assert_eq!((shop.lane_count().await, shop.task_count().await), (0, 0));
        assert_told_in_order(shop, id, &done).await;
        shop.assert_verified().await;
    })
    .await;
}

/// The job's own events come in the order of its life, every record's once in between, those of a customer in input order.
async fn assert_told_in_order(shop: &Shop, id: BulkJobId, records: &[BulkRecord]) {
    let told = shop.events_as_read(id).await;
    let of_job = |name: &str| told.iter().position(|event| event.0 == name && event.1 == id.0).unwrap();
    let places = ["BulkJobCreated", "BulkJobValidated", "BulkJobStarted", "BulkJobProcessed"].map(of_job);
    let refused = records.iter().filter(|record| record.status == BulkRecordStatus::FailedValidation).count();
    assert_eq!(places, [0, refused + 1, refused + 2, told.len() - 1], "{told:?}");
    assert_eq!(told.len(), records.len() + 4);
    let mut subjects: Vec<_> = told.iter().map(|event| event.1).filter(|subject| *subject != id.0).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, records.iter().map(|record| record.id.0).collect::<Vec<_>>());
    let mut of_customers = BTreeMap::<_, Vec<_>>::new();
    for (event_type, subject, customer) in &told[places[2] + 1..places[3]] {
        assert_eq!(event_type, "BulkRecordProcessed");
        of_customers.entry(customer.unwrap()).or_default().push(subject);
    }
    assert!(of_customers.len() > 1 && of_customers.values().all(|subjects| subjects.is_sorted()), "{told:?}");
}

#[tokio::test]
async fn a_lane_that_waits_holds_up_no_other() {
    shop_with_locks(async |shop| {
        let customers = shop.customers(8).await;
        let id = shop.laned(BulkOptions::default(), &in_turn(&customers, 80), LANES).await;
        shop.process(id).await.unwrap();
        let worker = shop.lane_worker();
        let mates = |customer: CustomerId| billing::bulk::slot_of(customer) % 8;
        let waiting = customers.iter().filter(|other| mates(**other) == mates(customers[0])).count();
        let expected = i64::try_from(80 - 10 * waiting).unwrap();
        let others = shop.when(id, |job| job.counts.processed >= expected);
        let (job, _) = shop.holding(&customers[..1], others).await;
        assert!((expected..80).contains(&job.counts.processed), "{job:?}");
        // On a busy machine, who waited for too long is to come again.
        shop.clock.advance_millis(4_000);
        let (job, _) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!(job.counts, counts(80, 80, 0, 80, 0));
    })
    .await;
}

#[tokio::test]
async fn a_process_that_dies_leaves_its_lanes_to_others() {
    shop_with_locks(async |shop| {
        let customers = shop.customers(8).await;
        let records = in_turn(&customers, 120);
        let id = shop.laned(BulkOptions::default(), &records, LANES).await;
        shop.process(id).await.unwrap();
        let mut processed = 0;
        while processed < 120 {
            let worker = shop.lane_worker();
            let seen = shop.when(id, |job| job.counts.processed > processed).await.0;
            processed = seen.counts.processed;
            drop(worker);
            sleep(Duration::from_millis(10)).await;
            shop.clock.advance_millis(5_000);
        }
        let worker = shop.lane_worker();
        let (job, _) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(120, 120, 0, 120, 0)));
        let paid: Vec<_> = shop.paid().await.into_values().collect();
        assert!(paid.iter().all(|amounts| amounts.is_sorted()));
        assert_eq!(paid.iter().map(Vec::len).sum::<usize>(), 120);
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn lanes_stop_at_once_and_go_on_where_they_were() {
    shop_with_locks(async |shop| {
        let customers = shop.customers(8).await;
        let id = shop.laned(BulkOptions::default(), &in_turn(&customers, 160), LANES).await;
        let worker = shop.lane_worker();
        shop.process(id).await.unwrap();
        let mut processed = 0;
        for _ in 0..3 {
            shop.when(id, |job| job.counts.processed > processed).await;
            let paused = shop.act(move |tx, session| pause::run(tx, session, id)).await.unwrap();
            assert_eq!(shop.task_count().await, 0);
            sleep(Duration::from_millis(30)).await;
            assert_eq!(shop.job(id).await.0, paused, "nobody works on a paused job");
            assert_eq!(shop.mark_count().await, 1, "what was told of the pause can be read");
            processed = paused.counts.processed;
            shop.act(move |tx, session| pause::resume(tx, session, id)).await.unwrap();
        }
        shop.when(id, |job| job.counts.processed > processed).await;
        let cancelled = shop.cancel(id).await.unwrap();
        worker.stop().await;
        let (job, _) = shop.job(id).await;
        assert_eq!(job, cancelled, "a cancelled job does not move");
        let processed = job.counts.processed;
        assert!((4..160).contains(&processed), "{processed}");
        assert_eq!(job.counts, counts(160, 160, 0, processed, 160 - processed));
        assert_eq!((shop.task_count().await, shop.lane_count().await), (0, 0));
        let paid = shop.paid().await;
        assert_eq!(paid.values().map(Vec::len).sum::<usize>(), usize::try_from(processed).unwrap());
        assert!(paid.values().all(|amounts| amounts.is_sorted()));
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn before_its_pause_a_job_keeps_its_order_and_then_takes_all_lanes() {
    shop_with_locks(async |shop| {
        let customers = shop.customers(8).await;
        let options = BulkOptions { pause_after: Some(5), ..BulkOptions::default() };
        let mut records = in_turn(&customers, 80);
        records[2] = "nonsense".to_owned();
        let id = shop.laned(options, &records, LANES).await;
        shop.process(id).await.unwrap();
        assert_eq!(shop.lane_count().await, 1);
        let worker = shop.lane_worker();
        let (job, done) = shop.when(id, |job| job.paused_at.is_some()).await;
        assert_eq!((job.counts, shop.task_count().await), (counts(80, 79, 1, 5, 0), 0));
        let done = statuses(&done);
        assert!(done[..2].iter().chain(&done[3..6]).all(|status| *status == BulkRecordStatus::Processed));
        worker.stop().await;
        shop.act(move |tx, session| pause::resume(tx, session, id)).await.unwrap();
        assert_eq!((shop.lane_count().await, shop.task_count().await), (8, 8));
        let worker = shop.lane_worker();
        let (job, _) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!(job.counts, counts(80, 79, 1, 79, 0));
        assert!(shop.paid().await.values().all(|amounts| amounts.is_sorted()));
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_lane_that_gets_no_further_fails_the_job_with_all_others() {
    shop_with_locks(async |shop| {
        let customers = shop.customers(8).await;
        let id = shop.laned(BulkOptions::default(), &in_turn(&customers, 80), LANES).await;
        shop.process(id).await.unwrap();
        let park = "UPDATE task SET attempt_count = 10, due_at = $1
            WHERE id = (SELECT MIN(id) FROM task WHERE kind = 'bulk-process')";
        let now = Millis(shop.app.now().millis());
        shop.act(move |tx, _| Ok(tx.execute(park, &values![now])?)).await.unwrap();
        let worker = shop.lane_worker();
        let (job, records) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts.failed_processed), (BulkJobStatus::Failed, 80 - job.counts.processed));
        assert!(job.counts.failed_processed > 0);
        let text = "The job failed because of an internal error.";
        let failed = records.iter().filter(|record| record.status == BulkRecordStatus::FailedProcessing);
        assert!(failed.clone().count() > 0 && failed.clone().all(|record| record.details.as_deref() == Some(text)));
        assert_eq!((shop.task_count().await, shop.lane_count().await), (0, 0));
        shop.assert_verified().await;
    })
    .await;
}

/// Who is changed may be whom another record means; who is created, somebody's parent.
#[tokio::test]
async fn records_that_may_depend_on_each_other_are_done_in_one_lane() {
    shop_with_locks(async |shop| {
        let customers = shop.customers(10).await;
        let edits = customers.iter().map(|customer| format!("StaxBillId={customer}|Reference=R{customer}")).collect();
        let creations = (0..20).map(|place| format!("Reference=C{place}|CompanyName=C")).collect();
        let jobs: [(_, Vec<_>); 2] =
            [(BulkJobType::CustomerImportEdit, edits), (BulkJobType::CustomerImportBasic, creations)];
        for (job_type, records) in jobs {
            let order = Order { header: Header::of(job_type), allows_repeat: false };
            let id = shop.upload_within(order, &records, LANES).await.unwrap();
            assert!(shop.lane_count().await > 4, "to be checked, they need not wait for each other");
            let worker = shop.lane_worker();
            shop.settled(id).await;
            worker.stop().await;
            shop.process(id).await.unwrap();
            assert_eq!(shop.lane_count().await, 1, "{job_type}");
            let worker = shop.lane_worker();
            let (job, done) = shop.settled(id).await;
            worker.stop().await;
            assert_eq!(job.status, BulkJobStatus::Processed);
            assert!(done.iter().map(|record| record.created_id).is_sorted(), "{done:?}");
        }
    })
    .await;
}

/// Any write-offs and payments: good ones, the same twice, of what nobody has, what is no record. In one lane, then in eight, on
/// equal books.
#[tokio::test]
async fn whatever_the_records_are_lanes_do_what_one_does() {
    shop_with_locks(async |shop| {
        let product = shop.product("P", "10").await;
        for job_type in [BulkJobType::BulkWriteOff, BulkJobType::BulkPayment] {
            let mut results = Vec::new();
            for limits in [LIMITS, LANES] {
                let pool = pool(shop, job_type, product).await;
                let mut random = Random(0x0001_A2E5);
                let records: Vec<_> = (0..80).map(|_| pool[random.below(pool.len())].clone()).collect();
                let order = Order { header: Header::of(job_type), allows_repeat: true };
                let id = shop.upload_within(order, &records, limits).await.unwrap();
                let worker = shop.lane_worker();
                let validated = shop.settled(id).await.0.counts;
                shop.process(id).await.unwrap();
                let (job, done) = shop.settled(id).await;
                worker.stop().await;
                let told = |record: &BulkRecord| (record.status, record.amount);
                results.push((validated, job.status, job.counts, done.iter().map(told).collect::<Vec<_>>()));
            }
            assert_eq!(results[0], results[1], "{job_type}");
        }
        shop.assert_verified().await;
    })
    .await;
}

/// What records are taken from: the same of every pool, of customers of its own.
async fn pool(shop: &Shop, job_type: BulkJobType, product: ProductId) -> Vec<String> {
    let mut pool = vec!["nonsense".to_owned(), "7".to_owned(), "7 1".to_owned()];
    for (customer, place) in shop.customers(10).await.into_iter().zip(1..) {
        if job_type == BulkJobType::BulkWriteOff {
            pool.extend(write_offs(&shop.invoices(customer, product, 3).await));
        } else {
            pool.extend([format!("{customer} {place}"), format!("{customer} 0"), format!("{customer} 1.001")]);
        }
    }
    pool
}

/// A small job, and any on a database with one writer, is one piece.
#[tokio::test]
async fn a_job_without_lanes_keeps_no_slots() {
    crate::shop::each_shop(async |shop| {
        let customers = shop.customers(4).await;
        let is_sqlite = shop.app.db().backend() == db::Backend::Sqlite;
        let count = if is_sqlite { 40 } else { 2 };
        let id = shop.laned(BulkOptions::default(), &in_turn(&customers, count), LANES).await;
        let slots = "SELECT COUNT(*) FROM bulk_record WHERE job_id = $1 AND lane IS NOT NULL";
        let ask = move |tx: &mut Tx<'_>, _: &Session| Ok(tx.scalar::<i64>(slots, &values![id.0])?);
        assert_eq!(shop.act(ask).await.unwrap(), 0);
        shop.process(id).await.unwrap();
        assert_eq!(shop.lane_count().await, 1);
        let worker = shop.lane_worker();
        assert_eq!(shop.settled(id).await.0.status, BulkJobStatus::Processed);
        worker.stop().await;
    })
    .await;
}
