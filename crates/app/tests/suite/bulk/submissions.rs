//! Submissions in several transactions: what is seen in between, and what becomes of one that is cut off.

use std::sync::Arc;

use app::{
    Answer, Begun, Error, Idempotency, Tx,
    accounts::key::revoke,
    bulk::{
        Limits,
        submit::{self, CUT_OFF_AFTER_MS},
    },
};
use billing::{
    account::Session,
    bulk::{BulkJobStatus, BulkRecordStatus, SubmittedJobType},
    id::BulkJobId,
    refusal::Refusal,
};

use super::{LIMITS, calls::refusal, counts, details};
use crate::shop::{Shop, each_shop};

/// A submission of so many records of which no two are equal.
fn order(count: usize) -> submit::Order {
    let records = (1..=count).map(|number| format!("{number} 1")).collect();
    submit::Order { job_type: SubmittedJobType::BulkPayment, records }
}

fn key() -> Idempotency {
    Idempotency { key: "job".to_owned(), request_hash: "hash".to_owned(), former_hashes: Vec::new() }
}

fn subject(begun: &Begun) -> (BulkJobId, bool) {
    match begun {
        Begun::Unanswered { subject_id, is_replayed } => (BulkJobId(*subject_id), *is_replayed),
        Begun::Answered(answer) => panic!("answered: {answer:?}"),
    }
}

/// All records of an order, once and in order.
async fn assert_complete(shop: &Shop, id: BulkJobId, order: &submit::Order) {
    let (job, records) = shop.job(id).await;
    assert_eq!(job.status, BulkJobStatus::Validating);
    assert!(records.iter().map(|record| &record.data).eq(&order.records));
    assert!(records.windows(2).all(|pair| pair[0].id.0 + 1 == pair[1].id.0));
    assert_eq!(shop.task_count().await, 1);
}

#[tokio::test]
async fn nobody_works_on_a_job_before_its_last_record_is_stored() {
    each_shop(async |shop| {
        let order = Arc::new(order(5));
        let worker = shop.worker();
        let id = shop.open_job(&order).await.unwrap().id;
        for (stored, is_more) in [(2, true), (4, false)] {
            let (job, records) = shop.job(id).await;
            assert_eq!((job.status, job.counts), (BulkJobStatus::NotStarted, counts(stored, 0, 0, 0, 0)));
            assert!(records.iter().all(|record| record.status == BulkRecordStatus::NotStarted));
            assert!(shop.process(id).await.is_err());
            assert_eq!(
                refusal(shop.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned()]).await),
                Refusal::JobOpen(id)
            );
            assert_eq!(shop.store_portion(id, &order).await.unwrap(), is_more);
        }
        let (job, _) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ValidatedWithErrors, counts(5, 0, 5, 0, 0)));
        assert!(!shop.store_portion(id, &order).await.unwrap(), "nothing is stored twice");
        assert_eq!(shop.job(id).await.0, job);
    })
    .await;
}

#[tokio::test]
async fn a_submission_that_nobody_continues_fails_and_frees_the_place() {
    each_shop(async |shop| {
        let order = Arc::new(order(5));
        let id = shop.open_job(&order).await.unwrap().id;
        shop.clock.advance_millis(CUT_OFF_AFTER_MS - 1);
        shop.store_portion(id, &order).await.unwrap();
        let worker = shop.worker();
        shop.clock.advance_millis(CUT_OFF_AFTER_MS - 1);
        shop.app.wake_workers();
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        assert_eq!(shop.job(id).await.0.status, BulkJobStatus::NotStarted, "each portion is a sign of life");
        shop.clock.advance_millis(1);
        let (job, records) = shop.when(id, |job| job.status != BulkJobStatus::NotStarted).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Failed, counts(4, 4, 0, 0, 4)));
        assert_eq!(details(&records), [Some("The submission of the job was cut off."); 4]);
        assert_eq!(shop.events(id).await, ["BulkJobCreated", "BulkJobFailed"]);
        assert_eq!(shop.task_count().await, 0);
        assert!(!shop.store_portion(id, &order).await.unwrap());
        assert_eq!(shop.job(id).await.0, job, "whoever comes late changes nothing");
        shop.assert_verified().await;
        shop.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned()]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_same_call_under_its_key_goes_on_where_it_was_cut_off() {
    each_shop(async |shop| {
        let (caller, whole) = (shop.caller().await, order(7));
        let first = Arc::new(whole.clone());
        let open = move |tx: &mut Tx<'_>, session: &_| Ok(submit::open(tx, session, &first, LIMITS)?.id.0);
        let (id, _) = subject(&shop.app.begin(&caller, Some(key()), open).await.unwrap());
        assert_eq!(shop.job(id).await.0.counts.total, 2);
        let again = submit::run(&shop.app, &caller, Some(key()), whole.clone(), LIMITS).await.unwrap();
        assert_eq!(subject(&again), (id, true));
        assert_complete(shop, id, &whole).await;
    })
    .await;
}

#[tokio::test]
async fn equal_calls_at_the_same_time_store_each_record_once() {
    each_shop(async |shop| {
        let (caller, whole) = (shop.caller().await, order(101));
        let submit = || submit::run(&shop.app, &caller, Some(key()), whole.clone(), LIMITS);
        let (one, two, three) = tokio::join!(submit(), submit(), submit());
        let mut begun = [one, two, three].map(|begun| subject(&begun.unwrap()));
        begun.sort_by_key(|(_, is_replayed)| *is_replayed);
        let id = begun[0].0;
        assert_eq!(begun, [(id, false), (id, true), (id, true)]);
        assert_complete(shop, id, &whole).await;
    })
    .await;
}

#[tokio::test]
async fn a_submission_can_be_cancelled() {
    each_shop(async |shop| {
        let order = Arc::new(order(5));
        let id = shop.open_job(&order).await.unwrap().id;
        shop.cancel(id).await.unwrap();
        assert!(!shop.store_portion(id, &order).await.unwrap());
        let (job, records) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(2, 2, 0, 0, 2)));
        assert_eq!(details(&records), [Some("Manually marked as Failed."); 2]);
        assert_eq!(shop.task_count().await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_first_answer_is_everybodys() {
    each_shop(async |shop| {
        let (caller, whole) = (shop.caller().await, order(1));
        let begin = || submit::run(&shop.app, &caller, Some(key()), whole.clone(), LIMITS);
        let (id, _) = subject(&begin().await.unwrap());
        // The caller dies here; the next one finds the job and no answer.
        assert_eq!(subject(&begin().await.unwrap()), (id, true));
        let (one, two) = (Answer::new(200, "one".to_owned()), Answer::new(200, "two".to_owned()));
        assert_eq!(shop.app.answer(&caller, Some(key()), one.clone()).await.unwrap(), one);
        let kept = Answer { is_replayed: true, ..one };
        assert_eq!(shop.app.answer(&caller, Some(key()), two.clone()).await.unwrap(), kept);
        assert_eq!(begin().await.unwrap(), Begun::Answered(kept));
        assert_eq!(shop.app.answer(&caller, None, two.clone()).await.unwrap(), two, "without a key nothing is kept");
    })
    .await;
}

/// Begins a submission of many portions, and revokes the key of its caller after the first of them.
async fn cut_off_in_the_middle(shop: &Shop, idempotency: Option<Idempotency>) -> (BulkJobId, Result<Begun, Error>) {
    let caller = shop.caller().await;
    let limits = Limits { record_count_max: 2_000, ..LIMITS };
    let submission = submit::run(&shop.app, &caller, idempotency, order(limits.record_count_max), limits);
    let revocation = async {
        for _ in 0..1_000 {
            let open = shop.act(|tx, session| Ok(store::bulk::find_open(tx, session.account.id)?)).await.unwrap();
            if let Some(id) = open {
                let key = caller.key;
                let unit = move |tx: &mut Tx<'_>, session: &Session| revoke(tx, session.account.id, key, session.now);
                shop.act(unit).await.unwrap();
                return id;
            }
        }
        panic!("the job was never open");
    };
    let (begun, id) = tokio::join!(submission, revocation);
    (id, begun)
}

#[tokio::test]
async fn a_submission_that_fails_leaves_its_place_at_once_unless_its_key_can_go_on() {
    each_shop(async |shop| {
        let (id, begun) = cut_off_in_the_middle(shop, None).await;
        assert!(matches!(begun, Err(Error::Unauthorized)), "{begun:?}");
        let (job, records) = shop.job(id).await;
        let stored = job.counts.total;
        assert!((2..2_000).contains(&stored), "{stored}");
        assert_eq!((job.status, job.counts), (BulkJobStatus::Failed, counts(stored, stored, 0, 0, stored)));
        assert!(details(&records).iter().all(|text| *text == Some("The submission of the job was cut off.")));
        assert_eq!(shop.events(id).await, ["BulkJobCreated", "BulkJobFailed"]);
        assert_eq!(shop.task_count().await, 0);
        shop.assert_verified().await;
        shop.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned()]).await.unwrap();
    })
    .await;
    each_shop(async |shop| {
        let (id, begun) = cut_off_in_the_middle(shop, Some(key())).await;
        assert!(matches!(begun, Err(Error::Unauthorized)), "{begun:?}");
        assert_eq!(shop.job(id).await.0.status, BulkJobStatus::NotStarted, "the same call may come again");
        assert_eq!(shop.task_count().await, 1);
    })
    .await;
}
