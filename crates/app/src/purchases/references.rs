//! References of tracked items: each is held by one active item of a product in an account (purchases.md §1.3).

use billing::{account::Session, id::ProductId};
use db::Tx;

use crate::Error;

/// Which of `references` other items of the product hold. Where the account lets references be used again, items of
/// purchases that are finalized give theirs up first; that is undone with everything else when the command is refused.
///
/// Two commands that ask at the same time may both be told that a reference is free; the unique index then lets one of
/// them store it, and the other is run again.
pub(crate) fn taken(
    tx: &mut Tx<'_>,
    session: &Session,
    product: ProductId,
    references: &[&str],
) -> Result<Vec<String>, Error> {
    let account = &session.account;
    if account.may_reuse_references {
        store::product_item::release_finalized(tx, account.id, product, references)?;
    }
    Ok(store::product_item::references_held(tx, account.id, product, references)?)
}

/// Refuses a reference that another item of the product holds.
pub(crate) fn check(tx: &mut Tx<'_>, session: &Session, product: ProductId, reference: &str) -> Result<(), Error> {
    if taken(tx, session, product, &[reference])?.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid("Reference", in_use(reference)))
    }
}

/// What the holder's rival reads (purchases.md §11.2).
pub(crate) fn in_use(reference: &str) -> String {
    format!("Reference {reference} is already in use for this product.")
}
