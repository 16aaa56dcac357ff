//! Places for the calls to payment gateways that are under way: bounded, and waited for at the end.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Calls under way at the same time; others wait.
const PLACE_COUNT: u32 = 128;

/// How long the end waits for them. What is not done by then is settled by a worker.
const CLOSE_MAX: Duration = Duration::from_secs(30);

/// The places.
#[derive(Debug, Clone)]
pub(crate) struct Till(Arc<Semaphore>);

impl Default for Till {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACE_COUNT as usize)))
    }
}

impl Till {
    /// A place, until it is dropped; `None` when the till is closed.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).acquire_owned().await.ok()
    }

    /// Waits until nobody has a place.
    pub(crate) async fn close(&self) {
        if timeout(CLOSE_MAX, self.0.acquire_many(PLACE_COUNT)).await.is_err() {
            tracing::warn!("payments are still under way; they are settled after the next start");
        }
    }
}
