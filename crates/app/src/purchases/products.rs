//! The products that purchases are made of.

use std::collections::{BTreeMap, BTreeSet};

use billing::{account::Session, id::ProductId, product::Product};
use db::Tx;

use crate::Error;

/// By id, so that whatever is done to each of them is done in that order.
pub(super) type Products = BTreeMap<ProductId, Product>;

/// Reads the products as they stay until the transaction ends: nobody is charged a price that a product had only for a
/// moment between two statements. The first that is not there is told.
pub(super) fn share(
    tx: &mut Tx<'_>,
    session: &Session,
    ids: impl Iterator<Item = ProductId> + Clone,
) -> Result<Products, Error> {
    let products = share_known(tx, session, ids.clone())?;
    match ids.into_iter().find(|id| !products.contains_key(id)) {
        Some(missing) => Err(Error::not_found("Product", missing.0)),
        None => Ok(products),
    }
}

/// Like [`share`], without those that are not there.
pub(super) fn share_known(
    tx: &mut Tx<'_>,
    session: &Session,
    ids: impl Iterator<Item = ProductId>,
) -> Result<Products, Error> {
    let mut products = Products::new();
    for id in ids.collect::<BTreeSet<_>>() {
        products.extend(store::product::share(tx, session.account.id, id)?.map(|product| (id, product)));
    }
    Ok(products)
}
