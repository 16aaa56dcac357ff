//! Jobs of several accounts that share a process.

use std::sync::Arc;

use app::bulk::{Limits, start_worker, submit};
use billing::{
    bulk::{BulkJobStatus, SubmittedJobType},
    id::BulkJobId,
};
use db::Backend;

use super::{LIMITS, PARSER};
use crate::shop::{Shop, each_shop};

/// Chunks of one, so that a large job takes its time; and as many lanes as a worker has room for.
const SLOW: Limits = Limits { record_count_max: 10_000, chunk_record_count: 1, lane_count: 4, ..LIMITS };

/// Records that keep every lane busy for several turns, on any machine.
const LARGE: usize = 10_000;

impl Shop {
    /// A job of records that are none, divided into all the lanes that it may have.
    async fn nonsense(&self, count: usize) -> BulkJobId {
        let records = vec!["nonsense".to_owned(); count];
        let order = Arc::new(submit::Order { job_type: SubmittedJobType::BulkPayment, records });
        let limits = Limits { chunk_record_count: 4_000, ..SLOW };
        let first = Arc::clone(&order);
        let id = self.act(move |tx, session| submit::open(tx, session, &first, limits)).await.unwrap().id;
        let next = Arc::new(move |tx: &mut app::Tx<'_>, session: &_| submit::go_on(tx, session, id, &order, limits));
        while self
            .act({
                let next = Arc::clone(&next);
                move |tx, session| next(tx, session)
            })
            .await
            .unwrap()
        {}
        id
    }
}

#[tokio::test]
async fn a_small_job_does_not_wait_for_the_end_of_large_ones_of_others() {
    each_shop(async |shop| {
        // Enough of them to take all that the worker has room for: a job has one lane on SQLite.
        let keys: &[_] = match shop.app.db().backend() {
            Backend::Sqlite => &["a", "b", "c", "d"],
            Backend::Postgres => &["a"],
        };
        let mut large = Vec::new();
        for key in keys {
            let other = shop.beside(key, false).await;
            let id = other.nonsense(LARGE).await;
            large.push((other, id));
        }
        let worker = start_worker(&shop.app, PARSER, SLOW);
        for (other, id) in &large {
            other.when(*id, |job| job.counts.failed > 0).await;
        }
        let small = shop.nonsense(1).await;
        shop.settled(small).await;
        worker.stop().await;
        for (other, id) in &large {
            assert_eq!(other.job(*id).await.0.status, BulkJobStatus::Validating);
        }
    })
    .await;
}
