//! Read one discount of the catalogue.

use billing::{account::Session, catalogue_discount::CatalogueDiscount, id::DiscountId};
use db::Tx;

use crate::Error;

/// The discount with its overrides.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: DiscountId) -> Result<CatalogueDiscount, Error> {
    store::discount::find(tx, session.account.id, id)?.ok_or(Error::not_found("Discount", id.0))
}
