//! Waiting for what somebody else does, however slow the machine is.

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// Longest time that anything is waited for: much longer than it ever takes.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Looks again and again until it is so; fails the test when it never is.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let look = async {
        while !is_so().await {
            sleep(PAUSE).await;
        }
    };
    assert!(timeout(PATIENCE, look).await.is_ok(), "{what}: not within {PATIENCE:?}");
}
