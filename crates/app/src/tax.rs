//! What tax is due on charges: gathers the rates that concern a customer and leaves the decision to [`billing::tax`].

use billing::{
    account::Session,
    address::AddressPreference,
    charge_tax::ChargeTax,
    customer::LockedCustomer,
    id::{ChargeId, CustomerId},
    tax::{self, Region, TaxLine, TaxRate},
};
use db::Tx;
use money::{Amount, Currency};

use crate::Error;

/// Everything that decides the taxes of a customer's charges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Liability {
    /// How the customer is addressed; `None` when nothing of it is kept. Invoices remember it.
    pub(crate) addresses: Option<AddressPreference>,
    region: Option<Region>,
    is_exempt: bool,
    rates: Vec<TaxRate>,
}

/// The rates that concern a locked customer, in `region` if one is given and else where the customer is. Whoever replaces
/// the table of rates by a provider of tax does it here: everything after it only multiplies.
pub(crate) fn rates_for(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    region: Option<Region>,
) -> Result<Liability, Error> {
    let account = session.account.id;
    let addresses = store::address::find_preference(tx, account, customer)?;
    // Most customers without an address have no settings either, so nothing else is read for them.
    if addresses.is_none() && region.is_none() {
        return Ok(Liability::default());
    }
    let setting = store::tax::liability(tx, account, customer)?;
    let is_taxed_where_billed = setting.is_taxed_where_billed;
    let region = region.or_else(|| addresses.as_ref()?.tax_region(is_taxed_where_billed));
    let rates = match region.filter(|_| !setting.is_exempt) {
        Some(region) => store::tax::list_active_rates(tx, account, region.country)?,
        None => Vec::new(),
    };
    Ok(Liability { addresses, region, is_exempt: setting.is_exempt, rates })
}

/// The taxes of charges that are posted now to a locked customer, each under the id of its ledger transaction. Taxable
/// amounts are net of discounts, and nothing for exempt products.
pub(crate) fn lines_for(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: &LockedCustomer,
    liability: &Liability,
    taxable: impl IntoIterator<Item = (ChargeId, Amount)>,
) -> Result<Vec<ChargeTax>, Error> {
    let lines = lines(session, customer.currency, liability, taxable)?;
    lines.into_iter().map(|(charge, line)| Ok(ChargeTax { id: tx.next_id()?, charge, line })).collect()
}

/// The taxes that charges would have if they were posted now.
pub(crate) fn lines(
    session: &Session,
    currency: Currency,
    liability: &Liability,
    taxable: impl IntoIterator<Item = (ChargeId, Amount)>,
) -> Result<Vec<(ChargeId, TaxLine)>, Error> {
    let today = session.account.zone.date_of(session.now);
    let Liability { region, is_exempt, rates, .. } = liability;
    let mut taxes = Vec::new();
    if rates.is_empty() {
        return Ok(taxes);
    }
    for (charge, amount) in taxable {
        let lines = tax::lines(amount, *is_exempt, *region, today, rates, currency)?;
        taxes.extend(lines.into_iter().map(|line| (charge, line)));
    }
    Ok(taxes)
}
