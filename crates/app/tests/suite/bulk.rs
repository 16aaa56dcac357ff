//! Bulk jobs from submission to end: by whom they may be moved, what becomes of each record, and that interruptions
//! neither lose nor repeat any.

mod calls;
mod customer_imports;
mod deferrals;
mod faults;
mod imports;
mod lanes;
mod locks;
mod modes;
mod moves;
mod pauses;
mod runs;
mod submissions;
mod told;
mod turns;
mod uploads;

use std::{sync::Arc, time::Duration};

use app::{
    App, Caller, Error, Tx, accounts,
    bulk::{self, Cells, Limits, RecordParser, submit},
    payments::collect::{self, Asked},
};
use billing::{
    account::Session,
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkRecord, BulkRecordStatus, BulkTotal, SubmittedJobType},
    collect::CollectFrom,
    id::{BulkJobId, CustomerId, InvoiceId, ProductId},
    payment::{PaymentMethod, PaymentOrder, PaymentSource},
    problem::Problem,
};
use calendar::{Instant, Zone};
use db::{Millis, values};
use jobs::Worker;
use money::{Amount, Currency};
use testkit::patience::PATIENCE;
use tokio::time::{sleep, timeout};

pub(crate) use self::lanes::LANES;
use crate::shop::{KEY, Shop};

/// A payment record is a customer's id and an amount, with `card` behind them to charge the default method; `panic` panics. A
/// row is `Column=value|Column=value`.
pub(crate) const PARSER: RecordParser = RecordParser { payment, row };

/// Chunks of two, so that small jobs take several transactions.
pub(crate) const LIMITS: Limits = Limits {
    record_count_max: 200,
    whole_record_count_max: 20,
    expires_after_ms: 86_400_000,
    records_kept_ms: None,
    chunk_record_count: 2,
    lane_count: 1,
    wait_max: Duration::from_secs(2),
    lease_ms: 5_000,
};

fn payment(text: &str) -> Result<Asked, Vec<Problem>> {
    assert!(text != "panic", "a record that panics");
    let (recorded, is_charged) = text.strip_suffix(" card").map_or((text, false), |recorded| (recorded, true));
    let read = || {
        let (customer, amount) = recorded.split_once(' ')?;
        Some((CustomerId(customer.parse().ok()?), Amount::parse(amount).ok()?))
    };
    let wrong = || vec![Problem::required("CustomerId"), Problem::required("Amount")];
    let (customer, amount) = read().ok_or_else(wrong)?;
    let payment = PaymentOrder {
        customer,
        source: PaymentSource::Import,
        amount,
        method: if is_charged { PaymentMethod::CreditCard } else { PaymentMethod::Cash },
        reference: None,
        allocations: Vec::new(),
        auto_allocate: None,
        effective_at: None,
        reference_date: None,
    };
    Ok(if is_charged {
        Asked::Collected(collect::Order { payment, from: CollectFrom::Default })
    } else {
        Asked::Recorded(payment)
    })
}

fn row(text: &str) -> Result<Cells, Vec<Problem>> {
    let cell = |cell: &str| cell.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let cells = text.split('|').map(cell).collect::<Option<_>>();
    cells.ok_or_else(|| vec![Problem::new("", "The record is not an object.")])
}

fn payments(customer: CustomerId, count: usize) -> Vec<String> {
    vec![format!("{customer} 1"); count]
}

fn write_offs(invoices: &[InvoiceId]) -> Vec<String> {
    invoices.iter().map(ToString::to_string).collect()
}

/// What callers do with jobs.
impl Shop {
    /// Another account on the same database.
    async fn beside(&self, key: &'static str, may_write_off: bool) -> Self {
        let order = accounts::create::Order {
            name: "Other shop".to_owned(),
            currency: Currency::USD,
            zone: Zone::utc(),
            may_write_off,
            may_reuse_references: false,
            drafts_invoices: false,
        };
        let now = self.app.now();
        let create = move |tx: &mut Tx<'_>| accounts::create::run(tx, &order, key, now);
        let account = self.app.db().write(create).await.unwrap();
        Self { app: self.app.clone(), clock: self.clock.clone(), account, gateway: Arc::clone(&self.gateway) }
    }

    async fn caller(&self) -> Caller {
        self.app.authenticate(vec![accounts::key::hash(KEY)]).await.unwrap()
    }

    async fn invoices(&self, customer: CustomerId, product: ProductId, count: usize) -> Vec<InvoiceId> {
        let mut invoices = Vec::new();
        for _ in 0..count {
            invoices.push(self.invoice(customer, product, "1").await);
        }
        invoices
    }

    async fn submit(&self, job_type: SubmittedJobType, records: Vec<String>) -> Result<BulkJob, Error> {
        let order = Arc::new(submit::Order { job_type, records });
        let job = self.open_job(&order).await?;
        while self.store_portion(job.id, &order).await? {}
        Ok(self.job(job.id).await.0)
    }

    /// The first transaction of a submission.
    async fn open_job(&self, order: &Arc<submit::Order>) -> Result<BulkJob, Error> {
        let order = Arc::clone(order);
        self.act(move |tx, session| submit::open(tx, session, &order, LIMITS)).await
    }

    /// A further transaction of a submission; whether there are more.
    async fn store_portion(&self, id: BulkJobId, order: &Arc<submit::Order>) -> Result<bool, Error> {
        let order = Arc::clone(order);
        self.act(move |tx, session| submit::go_on(tx, session, id, &order, LIMITS)).await
    }

    /// What has been told of a job, in order.
    async fn events(&self, id: BulkJobId) -> Vec<String> {
        let sql = "SELECT event_type FROM event WHERE account_id = $1 AND subject_id = $2 ORDER BY id";
        let ask = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.query(sql, &values![session.account.id.0, id.0], |row| row.get(0))?)
        };
        self.act(ask).await.unwrap()
    }

    pub(crate) async fn process(&self, id: BulkJobId) -> Result<BulkJob, Error> {
        self.act(move |tx, session| bulk::process::run(tx, session, id)).await
    }

    pub(crate) async fn cancel(&self, id: BulkJobId) -> Result<BulkJob, Error> {
        self.act(move |tx, session| bulk::cancel::run(tx, session, id)).await
    }

    /// The job with its records from one snapshot, in which its counters equal them.
    pub(crate) async fn job(&self, id: BulkJobId) -> (BulkJob, Vec<BulkRecord>) {
        let (account, now) = (self.account, self.app.now());
        let ask = move |tx: &mut Tx<'_>| {
            let session = App::own_session(tx, account, now)?;
            let job = bulk::find::run(tx, &session, id)?;
            let records = bulk::find::records(tx, &session, &job)?;
            let totals = bulk::find::with_totals(tx, &session, id)?.totals;
            Ok::<_, Error>((job, records, totals))
        };
        let (job, records, totals) = self.app.db().read(ask).await.unwrap();
        assert_eq!(job.counts, counted(&records), "{job:?}");
        let moved = Amount::sum(totals.unwrap().iter().map(|total| total.moved));
        assert_eq!(moved, Amount::sum(records.iter().filter_map(|record| record.amount)), "{job:?}");
        let is_given_up = |record: &&BulkRecord| job.given_up.is_some() && record.details == job.given_up;
        let given_up_count = i64::try_from(records.iter().filter(is_given_up).count()).unwrap();
        assert!(job.given_up_count == given_up_count || job.records_deleted_at.is_some(), "{job:?}");
        (job, records)
    }

    /// Currency, what is to be moved, what was moved.
    async fn totals(&self, id: BulkJobId) -> Vec<(&'static str, String, String)> {
        let ask = move |tx: &mut Tx<'_>, session: &Session| bulk::find::with_totals(tx, session, id);
        let totals = self.act(ask).await.unwrap().totals.unwrap();
        let told = |total: BulkTotal| (total.currency.code(), total.expected.to_string(), total.moved.to_string());
        totals.into_iter().map(told).collect()
    }

    pub(crate) fn worker(&self) -> Worker {
        bulk::start_worker(&self.app, PARSER, LIMITS)
    }

    /// The job when no worker has anything to do on it.
    pub(crate) async fn settled(&self, id: BulkJobId) -> (BulkJob, Vec<BulkRecord>) {
        self.when(id, |job| !matches!(job.status, BulkJobStatus::Validating | BulkJobStatus::Processing)).await
    }

    pub(crate) async fn when(&self, id: BulkJobId, condition: impl Fn(&BulkJob) -> bool) -> (BulkJob, Vec<BulkRecord>) {
        self.app.wake_workers();
        let wait = async {
            loop {
                let found = self.job(id).await;
                if condition(&found.0) {
                    return found;
                }
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(PATIENCE, wait).await.expect("the job has not come so far")
    }

    /// A job whose records have been looked at.
    pub(crate) async fn validated(&self, job_type: SubmittedJobType, records: Vec<String>) -> BulkJobId {
        let id = self.submit(job_type, records).await.unwrap().id;
        let worker = self.worker();
        self.settled(id).await;
        worker.stop().await;
        id
    }

    /// The job after its second phase.
    async fn processed(&self, id: BulkJobId) -> (BulkJob, Vec<BulkRecord>) {
        self.process(id).await.unwrap();
        let worker = self.worker();
        let found = self.settled(id).await;
        worker.stop().await;
        found
    }

    async fn balance(&self, customer: CustomerId) -> Amount {
        let lock =
            move |tx: &mut Tx<'_>, session: &Session| Ok(store::customer::lock(tx, session.account.id, customer)?);
        self.act(lock).await.unwrap().unwrap().balance
    }

    /// When the job's only task is due.
    pub(crate) async fn due_at(&self, id: BulkJobId) -> Instant {
        let ask =
            move |tx: &mut Tx<'_>| tx.scalar::<Millis>("SELECT due_at FROM task WHERE subject_id = $1", &values![id.0]);
        Instant::from_millis(self.app.db().read(ask).await.unwrap().0)
    }

    /// Everything that is stored twice agrees.
    async fn assert_verified(&self) {
        let account = self.account;
        let report = self.app.db().read(move |tx| app::verify::run(tx, account)).await.unwrap();
        let wrong: Vec<_> = report.disagreements().collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    /// Tasks of bulk jobs; an account has others.
    pub(crate) async fn task_count(&self) -> i64 {
        let sql = "SELECT COUNT(*) FROM task WHERE kind LIKE 'bulk-%'";
        self.app.db().read(|tx| tx.scalar::<i64>(sql, &[])).await.unwrap()
    }
}

/// What the counters must be (bulk-jobs.md §4).
fn counted(records: &[BulkRecord]) -> BulkCounts {
    use BulkRecordStatus::{FailedProcessing, FailedValidation, PassedValidation, Processed};
    let count = |statuses: &[BulkRecordStatus]| {
        i64::try_from(records.iter().filter(|record| statuses.contains(&record.status)).count()).unwrap()
    };
    BulkCounts {
        total: i64::try_from(records.len()).unwrap(),
        successful: count(&[PassedValidation, Processed, FailedProcessing]),
        failed: count(&[FailedValidation]),
        processed: count(&[Processed]),
        failed_processed: count(&[FailedProcessing]),
    }
}

fn counts(total: i64, successful: i64, failed: i64, processed: i64, failed_processed: i64) -> BulkCounts {
    BulkCounts { total, successful, failed, processed, failed_processed }
}

fn details(records: &[BulkRecord]) -> Vec<Option<&str>> {
    records.iter().map(|record| record.details.as_deref()).collect()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}
