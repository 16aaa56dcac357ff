//! Seal everything with the key that seals now, and find what no key opens.

use billing::id::AccountId;
use db::Tx;
use store::sealed::{self, Column};
use vault::Place;

use super::Gateways;
use crate::{App, Error};

/// Sealed texts that are looked at in one transaction.
const CHUNK: i64 = 100;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Texts that were looked at.
    pub seen: usize,
    /// Texts that the first key does not seal, and that were sealed anew if that was asked for.
    pub outdated: usize,
    /// Texts that no configured key opens; the log names each.
    pub unreadable: usize,
}

/// Goes through the sealed texts of all accounts. With `replaces`, what an older key sealed is sealed anew: in small steps, each
/// text only while it is what was read, so that it may run twice and beside servers.
pub async fn run(app: &App, replaces: bool) -> Result<Count, Error> {
    let mut count = Count::default();
    for column in Column::ALL {
        let mut after = (AccountId(0), 0);
        loop {
            let gateways = std::sync::Arc::clone(app.gateways());
            let step = move |tx: &mut Tx<'_>| step(tx, &gateways, column, after, replaces);
            let (part, last) = app.db().write(step).await?;
            count.seen += part.seen;
            count.outdated += part.outdated;
            count.unreadable += part.unreadable;
            let Some(last) = last else { break };
            after = last;
        }
    }
    Ok(count)
}

/// One chunk, and where the next one begins.
fn step(
    tx: &mut Tx<'_>,
    gateways: &Gateways,
    column: Column,
    after: (AccountId, i64),
    replaces: bool,
) -> Result<(Count, Option<(AccountId, i64)>), Error> {
    let found = sealed::list_after(tx, column, after, CHUNK)?;
    let mut count = Count { seen: found.len(), ..Count::default() };
    for text in &found {
        let place = Place { column: column.path(), account: text.account.0, row: text.row };
        let secret = match gateways.vault().open(place, &text.text) {
            Ok(secret) => secret,
            Err(fault) => {
                tracing::error!(%fault, "a secret cannot be opened");
                count.unreadable += 1;
                continue;
            }
        };
        if gateways.vault().is_current(&text.text) {
            continue;
        }
        count.outdated += 1;
        if replaces {
            sealed::replace(tx, column, text, &gateways.seal(place, &secret)?)?;
        }
    }
    Ok((count, found.last().map(|last| (last.account, last.row))))
}
