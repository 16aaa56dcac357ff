//! Who calls: keys that opened an account are remembered, and strangers cost one read, few at a time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use app::{App, Caller, Error};
use tokio::sync::Semaphore;

/// Callers remembered at once; beyond it the memory starts anew.
const CALLERS_MAX: usize = 10_000;
/// Keys that are not remembered and looked up at once, so that strangers never hold the database up for callers.
const LOOK_UPS_MAX: usize = 2;

/// The memory of callers. It saves a read; whether the key still opens the account is looked at again in the call's own
/// transaction. What is not there is not remembered: a new key opens at once.
pub(crate) struct Callers {
    known: Mutex<HashMap<String, Caller>>,
    look_ups: Semaphore,
}

impl Callers {
    /// Nobody yet.
    pub(crate) fn new() -> Self {
        Self { known: Mutex::default(), look_ups: Semaphore::new(LOOK_UPS_MAX) }
    }

    /// The caller with one of these keys, most likely first; [`Error::Unauthorized`] when none of them opens an account.
    pub(crate) async fn find(&self, app: &App, keys: &[String]) -> Result<Caller, Error> {
        let hashes: Vec<String> = keys.iter().map(|key| app::accounts::key::hash(key)).collect();
        if let Some(caller) = self.remembered(&hashes) {
            return Ok(caller);
        }
        let caller = self.look_up(app, hashes).await?;
        self.remember(caller.clone());
        Ok(caller)
    }

    /// The caller whose key has one of these hashes now, whatever is remembered.
    pub(crate) async fn look_up(&self, app: &App, key_hashes: Vec<String>) -> Result<Caller, Error> {
        let _turn = self.look_ups.acquire().await.map_err(Error::defect)?;
        app.authenticate(key_hashes).await
    }

    /// Takes a caller for a stranger from now on: the key was revoked.
    pub(crate) fn forget(&self, caller: &Caller) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&caller.key_hash);
    }

    fn remembered(&self, hashes: &[String]) -> Option<Caller> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.iter().find_map(|hash| known.get(hash)).cloned()
    }

    fn remember(&self, caller: Caller) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CALLERS_MAX {
            known.clear();
        }
        known.insert(caller.key_hash.clone(), caller);
    }
}
