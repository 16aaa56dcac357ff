//! End a rate of tax.

use billing::{account::Session, event::EventType, id::TaxRateId};
use db::Tx;

use super::tell;
use crate::Error;

/// No charge is taxed by the rate any more; it stays readable, for the invoices that it is on.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: TaxRateId) -> Result<(), Error> {
    if !store::tax::retire_rate(tx, session.account.id, id, session.now)? {
        return Err(Error::not_found("TaxRate", id.0));
    }
    tell(tx, session, EventType::TaxRateUpdated, id)
}
