//! Make a checkpoint of the chains that have grown since the one before.

use billing::{
    account::Session,
    id::{AccountId, CustomerId},
};
use db::Tx;
use ledger::{ChainHash, Seal};
pub use store::checkpoint::Checkpoint;

use crate::Error;

/// Customers of one checkpoint; where more chains have grown, several checkpoints follow each other.
const HEAD_COUNT_MAX: i64 = 1_000;

/// Seals the chains of customers after `after` that have grown; the last customer sealed, or `None` when no other is left.
pub fn step(tx: &mut Tx<'_>, session: &Session, after: CustomerId) -> Result<Option<CustomerId>, Error> {
    let (account, now) = (session.account.id, session.now);
    let heads = store::checkpoint::grown(tx, account, after, HEAD_COUNT_MAX)?;
    let Some(end) = heads.last() else { return Ok(None) };
    let last = find_last(tx, account)?;
    let (number, previous) = last.map_or((1, ChainHash::GENESIS), |last| (last.number + 1, last.hash));
    let head_count = i64::try_from(heads.len()).map_err(Error::defect)?;
    let mut seal = Seal::begin(previous, account.0, number, now, head_count);
    for head in &heads {
        seal.add(head.customer.0, head.sequence, head.hash);
    }
    store::checkpoint::insert(tx, account, Checkpoint { number, hash: seal.finish() }, &heads, now)?;
    Ok(Some(end.customer))
}

/// The last checkpoint of an account.
pub fn find_last(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Checkpoint>, Error> {
    Ok(store::checkpoint::find_last(tx, account)?)
}
