//! Places for the calls to payment gateways that are under way: bounded, shared by the accounts, and waited for at the end.
//! And how long one may show no sign of life before somebody else asks the gateway, too.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use billing::{
    collection::SIGN_OF_LIFE_MS_MAX,
    id::{AccountId, PaymentActivityId},
};
use calendar::Instant;
use db::Tx;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::COLLECT;
use crate::App;

/// Calls under way at the same time; others wait.
const PLACE_COUNT: usize = 128;

/// How long the end waits for them. What is not done by then is settled by a worker.
const CLOSE_MAX: Duration = Duration::from_secs(30);

/// Signs of life within a lease, so that one may be late.
const SIGNS_A_LEASE: i64 = 3;

/// The places.
#[derive(Debug, Clone)]
pub(crate) struct Till {
    places: Arc<Places>,
    lease_ms: i64,
}

#[derive(Debug, Default)]
struct Places {
    taken: Mutex<HashMap<AccountId, usize>>,
    freed: Notify,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    account: AccountId,
}

impl Default for Till {
    fn default() -> Self {
        Self { places: Arc::default(), lease_ms: SIGN_OF_LIFE_MS_MAX }
    }
}

impl Till {
    /// The same places with another lease.
    pub(crate) fn with_lease_ms(self, lease_ms: i64) -> Self {
        Self { lease_ms, ..self }
    }

    /// How long a call may show no sign of life before somebody else asks the gateway what became of it, in milliseconds.
    pub(crate) fn lease_ms(&self) -> i64 {
        self.lease_ms
    }

    /// Lets a collection that has just begun be settled when the lease ends.
    pub(crate) fn lease(&self, tx: &mut Tx<'_>, activity: PaymentActivityId, now: Instant) -> Result<(), db::Error> {
        jobs::hasten(tx, COLLECT, activity.0, now.plus_millis(self.lease_ms))
    }

    /// Shows signs of life of a call until it is dropped.
    pub(crate) async fn keep_alive(&self, app: &App, account: AccountId, activity: PaymentActivityId) -> Infallible {
        let pause = Duration::from_millis(u64::try_from(self.lease_ms / SIGNS_A_LEASE).unwrap_or_default());
        loop {
            sleep(pause).await;
            let due_at = app.now().plus_millis(self.lease_ms);
            let sign = move |tx: &mut Tx<'_>| jobs::postpone(tx, COLLECT, activity.0, due_at);
            if let Err(error) = app.db().write_for(account.0, sign).await {
                // Should it stay so, somebody else settles the call, and what comes later is declined.
                tracing::warn!(%activity, %error, "a payment under way could show no sign of life");
            }
        }
    }

    /// A place for the account. One account has two thirds at most of what the others leave, so that there is a place for
    /// one that has none.
    pub(crate) async fn enter(&self, account: AccountId) -> Place {
        loop {
            let freed = self.places.freed.notified();
            tokio::pin!(freed);
            // From here on nothing is missed.
            freed.as_mut().enable();
            if self.places.take(account) {
                return Place { places: Arc::clone(&self.places), account };
            }
            freed.await;
        }
    }

    /// Waits until nobody has a place.
    pub(crate) async fn close(&self) {
        let emptied = async {
            loop {
                let freed = self.places.freed.notified();
                tokio::pin!(freed);
                freed.as_mut().enable();
                if self.places.taken().is_empty() {
                    return;
                }
                freed.await;
            }
        };
        if timeout(CLOSE_MAX, emptied).await.is_err() {
            tracing::warn!("payments are still under way; they are settled after the next start");
        }
    }
}

impl Places {
    fn taken(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, account: AccountId) -> bool {
        let mut taken = self.taken();
        let own = taken.get(&account).copied().unwrap_or_default();
        let others = taken.values().sum::<usize>() - own;
        let is_free = has_room(own, others);
        if is_free {
            taken.insert(account, own + 1);
        }
        is_free
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(count) = taken.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.account);
            }
        }
        drop(taken);
        self.places.freed.notify_waiters();
    }
}

/// Whether an account that has so many places may have another one.
fn has_room(own: usize, others: usize) -> bool {
    if own == 0 { others < PLACE_COUNT } else { (own + 1) * 3 <= (PLACE_COUNT - others) * 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_account_takes_all_places() {
        let most = |others: usize| (0..=PLACE_COUNT).find(|own| !has_room(*own, others)).unwrap();
        assert_eq!((most(0), most(85), most(113)), (85, 28, 10));
        assert_eq!((most(127), most(128)), (1, 0), "the last place is for one that has none");
    }

    #[tokio::test]
    async fn who_has_many_waits_and_others_do_not() {
        let till = Till::default();
        let mut own = Vec::new();
        for _ in 0..85 {
            own.push(till.enter(AccountId(1)).await);
        }
        let wait = Duration::from_millis(50);
        assert!(timeout(wait, till.enter(AccountId(1))).await.is_err());
        let other = timeout(wait, till.enter(AccountId(2))).await;
        assert!(other.is_ok());
        let (entered, ()) = tokio::join!(timeout(Duration::from_secs(10), till.enter(AccountId(1))), async {
            drop(other);
            own.pop();
        });
        assert!(entered.is_ok());
        drop((own, entered));
        assert!(timeout(Duration::from_secs(1), till.close()).await.is_ok());
    }
}
