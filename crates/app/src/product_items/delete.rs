//! Remove a tracked item from a draft purchase.

use billing::{account::Session, id::ProductItemId};
use db::Tx;

use super::find;
use crate::{Error, purchases::draft::LockedDraft};

/// Marks the item as deleted, which frees its reference, and counts the rest (purchases.md §3.14).
pub fn run(tx: &mut Tx<'_>, session: &Session, id: ProductItemId) -> Result<(), Error> {
    let purchase = find::run(tx, session, id)?.purchase;
    let mut draft = LockedDraft::find(tx, session, purchase)?;
    let mut item = find::run(tx, session, id)?.item;
    item.may_be_modified()?;
    item.modified_at = session.now;
    store::product_item::delete(tx, session.account.id, &item)?;
    draft.purchase.items.retain(|other| other.id != id);
    draft.save(tx, session)?;
    Ok(())
}
