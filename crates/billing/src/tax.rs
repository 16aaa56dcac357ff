//! Sales tax: which rates hold in a region on a day, and the lines they make of a taxable amount (purchases.md §9).

use calendar::Date;
use money::{Amount, Currency, NumberError, Percentage};

use crate::id::TaxRateId;

/// Where a customer is taxed, by the ids of `/v1/Countries`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The country.
    pub country: i64,
    /// The state or province; `None` for the whole country, or when it is not known.
    pub state: Option<i64>,
}

/// A rate of tax as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRate {
    /// Its id.
    pub id: TaxRateId,
    /// Printed on invoices, such as `HST`.
    pub name: String,
    /// The merchant's number with the tax office.
    pub registration_code: Option<String>,
    /// Percent of the taxable amount; never negative.
    pub percentage: Percentage,
    /// Where it holds: in all of the country when it names no state.
    pub region: Region,
    /// First day; `None` holds since ever.
    pub valid_from: Option<Date>,
    /// Last day; `None` holds for ever.
    pub valid_to: Option<Date>,
    /// False once it is retired.
    pub is_active: bool,
}

impl TaxRate {
    /// Whether the rate is charged to customers of `region` on that day.
    pub fn holds(&self, region: Region, on: Date) -> bool {
        let is_there =
            self.region.country == region.country && self.region.state.is_none_or(|state| region.state == Some(state));
        let is_valid = self.valid_from.is_none_or(|first| first <= on) && self.valid_to.is_none_or(|last| on <= last);
        self.is_active && is_there && is_valid
    }
}

/// One rate applied to one taxable amount, with what an invoice remembers of the rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxLine {
    /// The rate.
    pub rate: TaxRateId,
    /// Its name then.
    pub name: String,
    /// Its registration code then.
    pub registration_code: Option<String>,
    /// Its percentage then.
    pub percentage: Percentage,
    /// The tax, rounded once; never zero.
    pub amount: Amount,
}

/// The taxes of one charge: a line for each rate that holds, country before state, older rate first. Each is on the
/// taxable amount itself, so taxes are not taxed. No line when the customer is exempt or nowhere, and none for a tax
/// that rounds to nothing; an exempt product has no taxable amount ([`crate::priced::Priced::taxable`]).
pub fn lines(
    taxable: Amount,
    is_customer_exempt: bool,
    region: Option<Region>,
    on: Date,
    rates: &[TaxRate],
    currency: Currency,
) -> Result<Vec<TaxLine>, NumberError> {
    let Some(region) = region.filter(|_| !is_customer_exempt) else { return Ok(Vec::new()) };
    let mut holding: Vec<&TaxRate> = rates.iter().filter(|rate| rate.holds(region, on)).collect();
    holding.sort_by_key(|rate| (rate.region.state.is_some(), rate.id));
    let mut lines = Vec::with_capacity(holding.len());
    for rate in holding {
        let amount = Amount::round(taxable.percent(rate.percentage), currency)?;
        if !amount.is_zero() {
            lines.push(TaxLine {
                rate: rate.id,
                name: rate.name.clone(),
                registration_code: rate.registration_code.clone(),
                percentage: rate.percentage,
                amount,
            });
        }
    }
    Ok(lines)
}
