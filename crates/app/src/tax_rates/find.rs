//! Read one rate of tax.

use billing::{account::Session, id::TaxRateId, tax::TaxRate};
use db::Tx;

use crate::Error;

/// The rate as it stands.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: TaxRateId) -> Result<TaxRate, Error> {
    store::tax::find_rate(tx, session.account.id, id)?.ok_or(Error::not_found("TaxRate", id.0))
}
