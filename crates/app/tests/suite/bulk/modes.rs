//! Jobs in one piece: atomic ones, and dry runs, which tell what the run would.

use app::{
    Tx,
    bulk::{
        Header, Limits,
        upload::{Order, Upload},
    },
};
use billing::{
    bulk::{BulkJob, BulkJobStatus, BulkJobType, BulkMode, BulkOptions, BulkRecord, BulkRecordStatus},
    id::BulkJobId,
};

use super::{LIMITS, amount, counts, details, payments, write_offs};
use crate::shop::{Shop, each_shop};

pub(super) const DAY_MS: i64 = 86_400_000;

pub(super) fn order(options: BulkOptions) -> Order {
    Order { header: Header { options, ..Header::of(BulkJobType::BulkPayment) }, allows_repeat: false }
}

impl Shop {
    /// Sends records as a file, a portion of two after the other.
    pub(super) async fn upload(&self, order: Order, records: &[String]) -> Result<BulkJobId, app::Error> {
        self.upload_within(order, records, LIMITS).await
    }

    pub(super) async fn upload_within(
        &self,
        order: Order,
        records: &[String],
        limits: Limits,
    ) -> Result<BulkJobId, app::Error> {
        let caller = self.caller().await;
        let mut upload = Upload::new(&self.app, &caller, order, limits);
        let mut portions = records.chunks(2).map(<[String]>::to_vec).collect::<Vec<_>>();
        let last = portions.pop().unwrap_or_default();
        for portion in portions {
            upload.store(portion).await?;
        }
        let finished = upload.finish(last).await;
        if let Err(error) = &finished {
            upload.give_up(Some(error.to_string())).await;
        }
        finished
    }

    /// The job when it is validated.
    pub(super) async fn uploaded(&self, options: BulkOptions, records: &[String]) -> BulkJobId {
        let id = self.upload(order(options), records).await.unwrap();
        let worker = self.worker();
        self.settled(id).await;
        worker.stop().await;
        id
    }

    /// A job of write-offs when it is validated.
    pub(super) async fn written_off(&self, options: BulkOptions, invoices: &[String]) -> BulkJobId {
        let header = Header { options, ..Header::of(BulkJobType::BulkWriteOff) };
        let id = self.upload(Order { header, allows_repeat: false }, invoices).await.unwrap();
        let worker = self.worker();
        self.settled(id).await;
        worker.stop().await;
        id
    }

    /// The jobs of the account.
    pub(super) async fn jobs(&self) -> Vec<BulkJob> {
        let list = |tx: &mut Tx<'_>, session: &_| app::bulk::list::run(tx, session, &billing::listing::Page::default());
        self.act(list).await.unwrap().rows.into_iter().map(|told| told.job).collect()
    }

    async fn payment_count(&self) -> i64 {
        self.app.db().read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM payment", &[])).await.unwrap()
    }

    async fn write_off_count(&self) -> i64 {
        self.app.db().read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM write_off", &[])).await.unwrap()
    }
}

pub(super) fn atomic() -> BulkOptions {
    BulkOptions { mode: BulkMode::Atomic, ..BulkOptions::default() }
}

pub(super) fn dry(mode: BulkMode) -> BulkOptions {
    BulkOptions { mode, is_dry_run: true, ..BulkOptions::default() }
}

/// What a record tells, beside what only a run has.
fn told(records: &[BulkRecord]) -> Vec<(BulkRecordStatus, Option<String>, Option<money::Amount>)> {
    records.iter().map(|record| (record.status, record.details.clone(), record.amount)).collect()
}

/// Write-offs of three invoices.
async fn three_invoices(shop: &Shop) -> Vec<String> {
    let customer = shop.customer().await;
    let product = shop.product(&customer.to_string(), "10").await;
    write_offs(&shop.invoices(customer, product, 3).await)
}

#[tokio::test]
async fn an_atomic_job_is_applied_as_a_whole_or_not_at_all() {
    each_shop(async |shop| {
        let invoices = three_invoices(shop).await;
        // The second time an invoice is written off, nothing is left of it; when both are checked, nothing is done yet.
        let twice = [&invoices[..2], &invoices[..1], &invoices[2..]].concat();
        let bad = shop.written_off(atomic(), &twice).await;
        let (job, done) = shop.processed(bad).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(4, 4, 0, 0, 4)));
        assert_eq!((job.given_up_count, job.cancelled_at()), (3, None));
        assert_eq!(shop.totals(bad).await, [("USD", "40".to_owned(), "0".to_owned())], "nothing stays moved");
        let undone = Some("Not applied, because another record of the atomic job failed.");
        let own = format!("Invoice with id {} has no outstanding balance.", invoices[0]);
        assert_eq!(details(&done), [undone, undone, Some(own.as_str()), undone]);
        assert!(done.iter().all(|record| record.created_id.is_none() && record.amount.is_none()));
        assert_eq!((shop.write_off_count().await, shop.task_count().await), (0, 0));
        assert_eq!(
            shop.events(bad).await,
            ["BulkJobCreated", "BulkJobValidated", "BulkJobStarted", "BulkJobProcessed"]
        );
        shop.assert_verified().await;

        let good = shop.written_off(atomic(), &invoices).await;
        let (job, done) = shop.processed(good).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(3, 3, 0, 3, 0)));
        assert!(done.iter().all(|record| record.amount == Some(amount("10"))));
        assert_eq!(shop.totals(good).await, [("USD", "30".to_owned(), "30".to_owned())]);
        assert_eq!(shop.write_off_count().await, 3);
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn an_atomic_job_with_a_record_that_fails_validation_makes_room() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let mut records = payments(customer, 2);
        records.push("nonsense".to_owned());
        let id = shop.uploaded(atomic(), &records).await;
        let next = shop.upload(order(atomic()), &payments(customer, 2)).await.unwrap();
        let job = shop.process(id).await.unwrap();
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(3, 2, 1, 0, 2)));
        let (_, records) = shop.job(id).await;
        assert_eq!(details(&records)[0], Some("Not applied, because another record of the atomic job failed."));
        shop.cancel(next).await.unwrap();
        assert_eq!(shop.payment_count().await, 0);
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_what_the_run_would_and_leaves_nothing() {
    each_shop(async |shop| {
        for mode in [BulkMode::Continue, BulkMode::Atomic] {
            let invoices = three_invoices(shop).await;
            for records in [[&invoices[..2], &invoices[..1]].concat(), invoices[2..].to_vec()] {
                let before = shop.write_off_count().await;
                let trial = shop.written_off(dry(mode), &records).await;
                let (trial, tried) = shop.processed(trial).await;
                assert_eq!(shop.write_off_count().await, before);
                shop.assert_verified().await;
                let run = shop.written_off(BulkOptions { mode, ..BulkOptions::default() }, &records).await;
                let (run, done) = shop.processed(run).await;
                assert_eq!((trial.status, trial.counts), (run.status, run.counts), "{mode}");
                assert_eq!(told(&tried), told(&done), "{mode}");
                assert_eq!(shop.totals(trial.id).await, shop.totals(run.id).await, "{mode}");
                shop.assert_verified().await;
            }
        }
        assert_eq!(shop.write_off_count().await, 2 + 1 + 1);
    })
    .await;
}

/// Any job of write-offs: good ones, the same twice, unknown ones, what is no id. One trial, one run, on equal books.
#[tokio::test]
async fn whatever_the_records_are_a_dry_run_tells_what_the_run_does() {
    each_shop(async |shop| {
        let mut random = Random(0x0005_DEEC_E66D);
        for _ in 0..8 {
            let mut pool = three_invoices(shop).await;
            pool.extend(["1", "none"].map(str::to_owned));
            let records: Vec<_> = (0..=random.below(6)).map(|_| pool[random.below(pool.len())].clone()).collect();
            let mode = [BulkMode::Continue, BulkMode::Atomic][random.below(2)];
            let trial = shop.written_off(dry(mode), &records).await;
            let (trial, tried) = shop.processed(trial).await;
            let order = BulkOptions { mode, ..BulkOptions::default() };
            let run = shop.written_off(order, &records).await;
            let (run, done) = shop.processed(run).await;
            assert_eq!((trial.status, trial.counts), (run.status, run.counts), "{mode} {records:?}");
            assert_eq!(told(&tried), told(&done), "{mode} {records:?}");
        }
        shop.assert_verified().await;
    })
    .await;
}

/// Numbers that are the same in every run of the test.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

#[tokio::test]
async fn a_dry_run_of_payments_creates_none() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.uploaded(dry(BulkMode::Continue), &payments(customer, 3)).await;
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(3, 3, 0, 3, 0)));
        assert!(records.iter().all(|record| record.created_id.is_none() && record.amount == Some(amount("1"))));
        assert_eq!((shop.payment_count().await, shop.balance(customer).await), (0, amount("0")));
    })
    .await;
}

#[tokio::test]
async fn a_job_in_one_piece_that_a_record_breaks_fails_as_a_whole() {
    each_shop(async |shop| {
        let (customer, broken) = (shop.customer().await, shop.customer().await);
        let mut records = payments(customer, 3);
        records[1] = format!("{broken} 13");
        let id = shop.uploaded(atomic(), &records).await;
        super::faults::set_sequence(shop, broken, i64::MAX).await;
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Failed, counts(3, 3, 0, 0, 3)));
        assert_eq!(details(&records), [Some("The job failed because of an internal error."); 3]);
        assert_eq!((shop.payment_count().await, shop.task_count().await), (0, 0));
    })
    .await;
}
