//! Plans and how often they are charged (catalog.md §4): bundles of products that customers subscribe to.

pub mod family;
pub mod product;

use money::{Currency, Price};

use crate::{
    earning::EarningInterval,
    id::{PlanFrequencyId, PlanId},
    named::named,
    problem::Problems,
};

named! {
    /// Whether a plan can be subscribed to.
    pub enum PlanStatus {
        /// It can.
        Active => "Active",
        /// It lives on only where it was already sold.
        Retired => "Retired",
    }
}

named! {
    /// Whether a frequency of a plan can be subscribed to.
    pub enum FrequencyStatus {
        /// Not yet.
        Draft => "Draft",
        /// It can.
        Active => "Active",
        /// It lives on only where it was already sold.
        Retired => "Retired",
    }
}

named! {
    /// How finely a started period is charged in part; absent is not at all (subscriptions.md §12.4).
    pub enum ProrationGranularity {
        /// By days.
        Daily => "Daily",
        /// By months.
        Monthly => "Monthly",
    }
}

/// Most intervals between two charges, as for earning.
const INTERVALS_MAX: i64 = crate::earning::EarningSettings::INTERVALS_MAX;

/// How often: every so many months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// Months or years.
    pub interval: EarningInterval,
    /// How many of them.
    pub number_of_intervals: i64,
}

/// What a caller writes of a frequency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrequencyFields {
    /// Unique in the plan.
    pub period: Period,
    /// Whether it can be subscribed to.
    pub status: FrequencyStatus,
    /// Prices of signing up, one a currency.
    pub setup_fees: Vec<(Currency, Price)>,
    /// Prices of each period, one a currency.
    pub charges: Vec<(Currency, Price)>,
    /// Part of a period costs a part.
    pub is_prorated: bool,
    /// How fine the part is.
    pub proration_granularity: Option<ProrationGranularity>,
}

/// A frequency as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFrequency {
    /// What subscriptions name.
    pub id: PlanFrequencyId,
    /// What callers write.
    pub fields: FrequencyFields,
    /// Counts the changes of its plan, from 1: the change that this frequency was last written by.
    pub revision: i64,
}

/// What a caller writes of a plan; limits hold (catalog.md §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFields {
    /// Unique in the account, at most 255 characters.
    pub code: String,
    /// At most 100 characters.
    pub name: String,
    /// For reports, at most 255 characters.
    pub reference: Option<String>,
    /// At most 1000 characters.
    pub description: Option<String>,
    /// Notes, at most 4000 characters.
    pub long_description: Option<String>,
    /// Whether it can be subscribed to.
    pub status: PlanStatus,
    /// Changes of the plan reach its subscriptions by themselves.
    pub auto_apply_changes: bool,
    /// Offered in Salesforce.
    pub salesforce_compatible: bool,
    /// How often it is charged; no period twice.
    pub frequencies: Vec<FrequencyFields>,
}

/// A plan as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// What callers write, without the frequencies.
    pub fields: PlanFields,
    /// Its frequencies, oldest first; `fields.frequencies` is empty.
    pub frequencies: Vec<PlanFrequency>,
}

impl PlanFields {
    /// Records every field that is beyond its limits, under its name on the wire. The frequencies are checked on their
    /// own; here, that no two have the same period.
    pub fn check(&self, problems: &mut Problems) {
        check_names(&self.code, &self.name, problems);
        let texts = [
            ("Reference", &self.reference, 255),
            ("Description", &self.description, 1_000),
            ("Longdescription", &self.long_description, 4_000),
        ];
        for (name, text, length_max) in texts {
            if let Some(text) = text {
                problems.check_length(name, text, length_max);
            }
        }
        for (index, frequency) in self.frequencies.iter().enumerate() {
            if self.frequencies[..index].iter().any(|earlier| earlier.period == frequency.period) {
                problems.item("PlanFrequencies", index, |problems| {
                    problems.push("", "A plan has one frequency for each interval and number of intervals.");
                });
            }
        }
    }
}

impl FrequencyFields {
    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        if !(1..=INTERVALS_MAX).contains(&self.period.number_of_intervals) {
            problems.push("NumberOfIntervals", format!("NumberOfIntervals must be between 1 and {INTERVALS_MAX}."));
        }
        for (name, prices) in [("SetupFees", &self.setup_fees), ("Charges", &self.charges)] {
            for (index, (currency, price)) in prices.iter().enumerate() {
                problems.item(name, index, |problems| {
                    if price.is_negative() {
                        problems
                            .push("Amount", "Amount must be a positive number and cannot exceed six decimal places");
                    }
                    if prices[..index].iter().any(|(earlier, _)| earlier == currency) {
                        problems.push("Currency", "There is one price for each currency.");
                    }
                });
            }
        }
    }
}

impl Plan {
    /// The frequency of this id.
    pub fn frequency(&self, id: PlanFrequencyId) -> Option<&PlanFrequency> {
        self.frequencies.iter().find(|frequency| frequency.id == id)
    }

    /// The frequency of this period.
    pub fn frequency_of(&self, period: Period) -> Option<&PlanFrequency> {
        self.frequencies.iter().find(|frequency| frequency.fields.period == period)
    }

    /// The frequencies after an update to `wanted`: those of the same period keep their id, those left out are retired,
    /// because subscriptions may run on them, and those that are new get ids of `new_id`.
    pub fn replace_frequencies<E>(
        &self,
        wanted: &[FrequencyFields],
        mut new_id: impl FnMut() -> Result<PlanFrequencyId, E>,
    ) -> Result<Vec<PlanFrequency>, E> {
        let revision = self.frequencies.iter().map(|frequency| frequency.revision).max().unwrap_or(0) + 1;
        let kept = self.frequencies.iter().map(|current| {
            let fields = wanted.iter().find(|fields| fields.period == current.fields.period).cloned();
            let retired = || FrequencyFields { status: FrequencyStatus::Retired, ..current.fields.clone() };
            let fields = fields.unwrap_or_else(retired);
            let revision = if fields == current.fields { current.revision } else { revision };
            PlanFrequency { id: current.id, fields, revision }
        });
        let mut frequencies: Vec<_> = kept.collect();
        for fields in wanted.iter().filter(|fields| self.frequency_of(fields.period).is_none()) {
            frequencies.push(PlanFrequency { id: new_id()?, fields: fields.clone(), revision });
        }
        Ok(frequencies)
    }
}

/// A code of at most 255 characters and a name of at most 100, both of which must be there.
fn check_names(code: &str, name: &str, problems: &mut Problems) {
    for (field, text, length_max) in [("Code", code, 255), ("Name", name, 100)] {
        if text.trim().is_empty() {
            problems.required(field);
        }
        problems.check_length(field, text, length_max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frequency(interval: EarningInterval, number_of_intervals: i64, status: FrequencyStatus) -> FrequencyFields {
        FrequencyFields {
            period: Period { interval, number_of_intervals },
            status,
            setup_fees: Vec::new(),
            charges: vec![(Currency::USD, Price::ONE)],
            is_prorated: false,
            proration_granularity: None,
        }
    }

    fn fields(frequencies: Vec<FrequencyFields>) -> PlanFields {
        PlanFields {
            code: "GOLD".to_owned(),
            name: "Gold".to_owned(),
            reference: None,
            description: None,
            long_description: None,
            status: PlanStatus::Active,
            auto_apply_changes: false,
            salesforce_compatible: false,
            frequencies,
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        use EarningInterval::Monthly;
        let mut problems = Problems::new();
        let twice = frequency(Monthly, 3, FrequencyStatus::Active);
        let priced_twice = FrequencyFields {
            setup_fees: vec![(Currency::USD, Price::ONE), (Currency::USD, Price::from_millionths(-1))],
            ..frequency(Monthly, 0, FrequencyStatus::Active)
        };
        let bad = PlanFields {
            code: String::new(),
            name: "x".repeat(101),
            long_description: Some("x".repeat(4_001)),
            ..fields(vec![twice.clone(), twice])
        };
        bad.check(&mut problems);
        problems.at("F", |problems| priced_twice.check(problems));
        let found: Vec<_> = problems.into_result().unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(
            found,
            [
                "Code",
                "Name",
                "Longdescription",
                "PlanFrequencies[1]",
                "F.NumberOfIntervals",
                "F.SetupFees[1].Amount",
                "F.SetupFees[1].Currency"
            ]
        );
    }

    #[test]
    fn frequencies_keep_their_ids_and_are_retired_rather_than_lost() {
        use EarningInterval::{Monthly, Yearly};
        use FrequencyStatus::{Active, Draft, Retired};
        let stored = [(1, Monthly), (2, Yearly)].map(|(id, interval)| PlanFrequency {
            id: PlanFrequencyId(id),
            fields: frequency(interval, 1, Active),
            revision: 1,
        });
        let plan = Plan { id: PlanId(9), fields: fields(Vec::new()), frequencies: stored.to_vec() };
        let wanted = [frequency(Monthly, 3, Draft), frequency(Monthly, 1, Active)];
        let replaced = plan.replace_frequencies(&wanted, || Ok::<_, ()>(PlanFrequencyId(3))).unwrap();
        let seen = replaced.iter().map(|frequency| (frequency.id.0, frequency.fields.status, frequency.revision));
        assert_eq!(seen.collect::<Vec<_>>(), [(1, Active, 1), (2, Retired, 2), (3, Draft, 2)]);
    }
}
