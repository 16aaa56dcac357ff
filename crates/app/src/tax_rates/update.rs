//! Replace a rate of tax.

use billing::{account::Session, event::EventType, id::TaxRateId, tax::TaxRate, tax_rate::TaxRateFields};
use db::Tx;

use super::tell;
use crate::Error;

/// A rate as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which rate.
    pub id: TaxRateId,
    /// Replaces all fields.
    pub fields: TaxRateFields,
}

/// Replaces what callers write of a rate. Taxes that were posted keep the rate that they were posted by.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<TaxRate, Error> {
    let rate = order.fields.clone().into_rate(order.id);
    if !store::tax::update_rate(tx, session.account.id, &rate, session.now)? {
        return Err(Error::not_found("TaxRate", order.id.0));
    }
    tell(tx, session, EventType::TaxRateUpdated, rate.id)?;
    Ok(rate)
}
