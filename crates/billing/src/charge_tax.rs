//! Taxes as they are posted: a line for each charge and rate, and on the invoice one for each rate.

use money::{Amount, NumberError};

use crate::{id::ChargeId, tax::TaxLine};

/// The tax of a rate on a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeTax {
    /// Its id, which is also its ledger transaction's.
    pub id: i64,
    /// What is taxed.
    pub charge: ChargeId,
    /// The rate as it was, and the amount.
    pub line: TaxLine,
}

/// What all lines come to.
pub fn total(taxes: &[ChargeTax]) -> Result<Amount, NumberError> {
    Amount::sum(taxes.iter().map(|tax| tax.line.amount))
}

/// One line for each rate, with the sum of its amounts, in the order in which the rates first appear.
pub fn by_rate(taxes: &[ChargeTax]) -> Result<Vec<TaxLine>, NumberError> {
    let mut lines: Vec<TaxLine> = Vec::new();
    for ChargeTax { line, .. } in taxes {
        match lines.iter_mut().find(|earlier| earlier.rate == line.rate) {
            Some(earlier) => earlier.amount = earlier.amount.checked_add(line.amount)?,
            None => lines.push(line.clone()),
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use money::Percentage;

    use super::*;
    use crate::id::TaxRateId;

    #[test]
    fn lines_of_one_rate_are_added() {
        let tax = |id, charge, rate, amount: &str| ChargeTax {
            id,
            charge: ChargeId(charge),
            line: TaxLine {
                rate: TaxRateId(rate),
                name: format!("Rate {rate}"),
                registration_code: None,
                percentage: Percentage::ONE,
                amount: Amount::parse(amount).unwrap(),
            },
        };
        let taxes = [tax(1, 1, 8, "1.01"), tax(2, 1, 7, "0.02"), tax(3, 2, 8, "2"), tax(4, 2, 7, "3")];
        let lines = by_rate(&taxes).unwrap();
        let shown: Vec<_> = lines.iter().map(|line| (line.rate.0, line.amount.to_string())).collect();
        assert_eq!(shown, [(8, "3.01".to_owned()), (7, "3.02".to_owned())]);
        assert_eq!(total(&taxes).unwrap(), Amount::parse("6.03").unwrap());
        assert_eq!(by_rate(&[]).unwrap(), []);
    }
}
