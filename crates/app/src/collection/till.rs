//! Places for the calls to payment gateways that are under way: bounded, and waited for at the end. And how long one may be
//! under way before somebody else asks the gateway, too.

use std::{sync::Arc, time::Duration};

use billing::{collection::CALL_MS_MAX, id::PaymentActivityId};
use calendar::Instant;
use db::Tx;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::COLLECT;

/// Calls under way at the same time; others wait.
const PLACE_COUNT: u32 = 128;

/// How long the end waits for them. What is not done by then is settled by a worker.
const CLOSE_MAX: Duration = Duration::from_secs(30);

/// The places.
#[derive(Debug, Clone)]
pub(crate) struct Till {
    places: Arc<Semaphore>,
    lease_ms: i64,
}

impl Default for Till {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(PLACE_COUNT as usize)), lease_ms: CALL_MS_MAX }
    }
}

impl Till {
    /// The same places with another lease.
    pub(crate) fn with_lease_ms(self, lease_ms: i64) -> Self {
        Self { lease_ms, ..self }
    }

    /// How long a call may be under way before somebody else asks the gateway what became of it, in milliseconds.
    pub(crate) fn lease_ms(&self) -> i64 {
        self.lease_ms
    }

    /// Lets a collection that has just begun be settled when the lease ends; without this, after [`CALL_MS_MAX`].
    pub(crate) fn lease(&self, tx: &mut Tx<'_>, activity: PaymentActivityId, now: Instant) -> Result<(), db::Error> {
        jobs::hasten(tx, COLLECT, activity.0, now.plus_millis(self.lease_ms))
    }

    /// A place, until it is dropped; `None` when the till is closed.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Waits until nobody has a place.
    pub(crate) async fn close(&self) {
        if timeout(CLOSE_MAX, self.places.acquire_many(PLACE_COUNT)).await.is_err() {
            tracing::warn!("payments are still under way; they are settled after the next start");
        }
    }
}
