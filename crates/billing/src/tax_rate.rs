//! Rates of tax as callers keep them; what they come to is in [`crate::tax`].

use calendar::Date;
use money::Percentage;

use crate::{
    id::TaxRateId,
    named::named,
    problem::Problems,
    tax::{Region, TaxRate},
};

named! {
    /// Whether a rate is charged.
    pub enum TaxRateStatus {
        /// It is.
        Active => "Active",
        /// It stays with the invoices that it is on.
        Retired => "Retired",
    }
}

/// What a caller writes of a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRateFields {
    /// Printed on invoices, at most 255 characters.
    pub name: String,
    /// The merchant's number with the tax office, at most 255 characters.
    pub registration_code: Option<String>,
    /// From 0 to 100 percent.
    pub percentage: Percentage,
    /// Where it holds.
    pub region: Region,
    /// First day; `None` holds since ever.
    pub valid_from: Option<Date>,
    /// Last day, not before the first; `None` holds for ever.
    pub valid_to: Option<Date>,
    /// Whether it is charged.
    pub status: TaxRateStatus,
}

const TEXT_LENGTH_MAX: usize = 255;

impl TaxRateFields {
    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        problems.check_length("Name", &self.name, TEXT_LENGTH_MAX);
        if let Some(code) = &self.registration_code {
            problems.check_length("RegistrationCode", code, TEXT_LENGTH_MAX);
        }
        if self.percentage.is_negative() || self.percentage > Percentage::HUNDRED {
            problems.push("Percentage", "Percentage must be from 0 to 100.");
        }
        if let (Some(first), Some(last)) = (self.valid_from, self.valid_to)
            && last < first
        {
            problems.push("ValidTo", "ValidTo must not be before ValidFrom.");
        }
    }

    /// The rate that these make under an id.
    pub fn into_rate(self, id: TaxRateId) -> TaxRate {
        TaxRate {
            id,
            name: self.name,
            registration_code: self.registration_code,
            percentage: self.percentage,
            region: self.region,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            is_active: self.status == TaxRateStatus::Active,
        }
    }
}

impl TaxRate {
    /// Whether the rate is charged, as the wire names it.
    pub fn status(&self) -> TaxRateStatus {
        if self.is_active { TaxRateStatus::Active } else { TaxRateStatus::Retired }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        let good = TaxRateFields {
            name: "x".repeat(255),
            registration_code: Some("x".repeat(255)),
            percentage: Percentage::HUNDRED,
            region: Region { country: 124, state: None },
            valid_from: Some(calendar::FIRST_DATE),
            valid_to: Some(calendar::FIRST_DATE),
            status: TaxRateStatus::Active,
        };
        let bad = TaxRateFields {
            name: "x".repeat(256),
            registration_code: Some("x".repeat(256)),
            percentage: Percentage::from_millionths(Percentage::HUNDRED.millionths() + 1),
            valid_from: Some(calendar::LAST_DATE),
            ..good.clone()
        };
        let negative = TaxRateFields { percentage: Percentage::ONE.negated(), ..good.clone() };
        let fields = |rate: &TaxRateFields| {
            let mut problems = Problems::new();
            rate.check(&mut problems);
            let found = problems.into_result().err().unwrap_or_default();
            found.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&good), Vec::<String>::new());
        assert_eq!(fields(&bad), ["Name", "RegistrationCode", "Percentage", "ValidTo"]);
        assert_eq!(fields(&negative), ["Percentage"]);
    }
}
