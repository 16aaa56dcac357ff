//! Credit notes: what was taken back of the charges of one invoice in one act (receivables.md §10).

use calendar::Instant;
use money::{Amount, Currency, NumberError};

use crate::{
    charge_tax::ChargeTax,
    id::{ChargeId, CreditNoteId, CustomerId, InvoiceId, ReversalId},
};

/// A credit note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNote {
    /// Its id.
    pub id: CreditNoteId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The invoice of which it takes back.
    pub invoice: InvoiceId,
    /// The number shown, such as `360-CR-02`.
    pub number: String,
    /// Net of discounts, with taxes.
    pub amount: Amount,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// When it took effect.
    pub created_at: Instant,
    /// What it takes back, one a charge; empty in lists.
    pub reversals: Vec<Reversal>,
}

/// What was taken back of one charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Its id, which is also the ledger transaction's of the gross part.
    pub id: ReversalId,
    /// The charge.
    pub charge: ChargeId,
    /// Gross.
    pub amount: Amount,
    /// Discounts on that.
    pub discount: Amount,
    /// Taxes on that.
    pub tax: Amount,
    /// The taxes by rate; those of which nothing was taken back are left out.
    pub taxes: Vec<ReversedTax>,
}

/// What was taken back of one tax on a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReversedTax {
    /// The tax as it was posted: [`ChargeTax::id`].
    pub tax: i64,
    /// How much.
    pub amount: Amount,
}

impl Reversal {
    /// What the customer gets back: gross less discounts with taxes.
    pub fn net(&self) -> Result<Amount, NumberError> {
        self.amount.checked_sub(self.discount)?.checked_add(self.tax)
    }
}

/// The number of the `count`th credit note of an invoice, counted from 1: both numbers have two digits at least.
pub fn number(invoice_number: i64, count: i64) -> String {
    format!("{invoice_number:02}-CR-{count:02}")
}

/// Which taxes the tax that goes back with a charge belongs to: to each in proportion to what earlier reversals left of it.
/// No tax gives back more than it has, and all of it is given back with the last of the charge. There is as much left.
pub fn split_tax(
    taxes: &[ChargeTax],
    reversed: impl Fn(i64) -> Amount,
    tax: Amount,
    currency: Currency,
) -> Result<Vec<ReversedTax>, NumberError> {
    if tax.is_zero() {
        return Ok(Vec::new());
    }
    let left = |of: &ChargeTax| of.line.amount.checked_sub(reversed(of.id)).map(Amount::millionths);
    let weights = taxes.iter().map(left).collect::<Result<Vec<_>, _>>()?;
    let parts = tax.allocate(&weights, currency)?;
    let split = taxes.iter().zip(parts).map(|(of, amount)| ReversedTax { tax: of.id, amount });
    Ok(split.filter(|part| !part.amount.is_zero()).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use money::Percentage;

    use super::*;
    use crate::{id::TaxRateId, tax::TaxLine};

    fn of_cents(cents: i64) -> Amount {
        Amount::from_millionths(cents * 10_000)
    }

    fn taxes(cents: &[i64]) -> Vec<ChargeTax> {
        let tax = |(id, cents): (i64, &i64)| ChargeTax {
            id,
            charge: ChargeId(1),
            line: TaxLine {
                rate: TaxRateId(id),
                name: format!("Rate {id}"),
                registration_code: None,
                percentage: Percentage::ONE,
                amount: of_cents(*cents),
            },
        };
        (1i64..).zip(cents).map(tax).collect()
    }

    #[test]
    fn numbers_have_two_digits_at_least() {
        assert_eq!(number(4, 1), "04-CR-01");
        assert_eq!(number(360, 2), "360-CR-02");
        assert_eq!(number(23343, 100), "23343-CR-100");
    }

    #[test]
    fn taxes_go_back_cent_by_cent_and_none_beyond_what_it_is() {
        let whole = [5, 1, 0, 10];
        let taxes = taxes(&whole);
        let mut reversed: HashMap<i64, Amount> = HashMap::new();
        for step in [1, 3, 1, 1, 7, 2, 1] {
            let of = |id| reversed.get(&id).copied().unwrap_or(Amount::ZERO);
            let parts = split_tax(&taxes, of, of_cents(step), Currency::USD).unwrap();
            let sum = Amount::sum(parts.iter().map(|part| part.amount)).unwrap();
            assert_eq!(sum, of_cents(step), "{parts:?}");
            for part in parts {
                let reversed = reversed.entry(part.tax).or_insert(Amount::ZERO);
                *reversed = reversed.checked_add(part.amount).unwrap();
                let whole = of_cents(whole[usize::try_from(part.tax).unwrap() - 1]);
                assert!(part.amount.is_positive() && *reversed <= whole, "{part:?}");
            }
        }
        let all: Amount = Amount::sum(reversed.values().copied()).unwrap();
        assert_eq!(all, of_cents(16));
    }

    #[test]
    fn no_tax_is_no_part() {
        assert_eq!(split_tax(&taxes(&[0]), |_| Amount::ZERO, Amount::ZERO, Currency::USD), Ok(vec![]));
    }
}
