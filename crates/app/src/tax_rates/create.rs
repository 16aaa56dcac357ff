//! Create a rate of tax.

use billing::{account::Session, event::EventType, id::TaxRateId, tax::TaxRate, tax_rate::TaxRateFields};
use db::Tx;

use super::tell;
use crate::Error;

/// Stores a rate whose fields are within their limits. Several rates may hold in one region at one time: each is a line.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &TaxRateFields) -> Result<TaxRate, Error> {
    let rate = fields.clone().into_rate(TaxRateId(tx.next_id()?));
    store::tax::insert_rate(tx, session.account.id, &rate, session.now)?;
    tell(tx, session, EventType::TaxRateCreated, rate.id)?;
    Ok(rate)
}
