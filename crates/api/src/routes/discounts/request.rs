//! What callers send about discounts of the catalogue, and what it means.

use app::discounts::update;
use billing::{
    catalogue_discount::{DiscountFields, DiscountStatus, FrequencyOverride, Usages},
    discount::{Discount, DiscountType},
    earning::EarningInterval,
    id::DiscountId,
    problem::{Problem, Problems},
};
use money::Price;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{discount, required},
    wire::scalar::Decimal,
};

/// A discount of the catalogue, in the shape in which it is read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "CatalogueDiscountRequest")]
pub(in crate::routes) struct DiscountRequest {
    /// Which discount. Required for an update, ignored at creation.
    id: Option<i64>,
    /// A name. Required.
    #[schemars(length(max = 255))]
    name: Option<String>,
    /// A description.
    #[schemars(length(max = 500))]
    description: Option<String>,
    /// Unique in the account. Required.
    #[schemars(length(max = 255))]
    code: Option<String>,
    /// What the number means. Required.
    discount_type: Option<Name<DiscountType>>,
    /// Charges to pass over first; 0 when absent.
    remaining_usages_until_start: Option<i64>,
    /// Charges to apply it to; null for ever.
    remaining_usage: Option<i64>,
    /// Percent or money; not negative. Required.
    amount: Option<Decimal>,
    /// Whether it is still given; `Active` when absent.
    status: Option<Name<DiscountStatus>>,
    /// What holds instead for subscriptions of one frequency.
    frequency_overrides: Option<Vec<FrequencyOverrideRequest>>,
}

/// What holds instead for subscriptions of one frequency.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct FrequencyOverrideRequest {
    /// Unit of the frequency. Required.
    interval: Option<Name<EarningInterval>>,
    /// Its length in units. Required.
    number_of_intervals: Option<i64>,
    /// What the number means. Required.
    discount_type: Option<Name<DiscountType>>,
    /// Charges to pass over first; 0 when absent.
    remaining_usages_until_start: Option<i64>,
    /// Charges to apply it to; null for ever.
    remaining_usage: Option<i64>,
    /// Percent or money; not negative. Required.
    amount: Option<Decimal>,
}

impl DiscountRequest {
    /// The discount to create, or everything that is wrong with it.
    pub(in crate::routes) fn parse_new(self) -> Result<DiscountFields, Vec<Problem>> {
        self.parse(Problems::new())
    }

    /// The discount as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = DiscountId(required(&mut problems, "Id", self.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse(problems)? })
    }

    fn parse(self, mut problems: Problems) -> Result<DiscountFields, Vec<Problem>> {
        let taken = discount(&mut problems, self.discount_type, self.amount);
        let overrides = self.frequency_overrides.unwrap_or_default().into_iter().enumerate();
        let overrides: Vec<_> = overrides
            .filter_map(|(index, one)| problems.item("FrequencyOverrides", index, |problems| one.parse(problems)))
            .collect();
        let fields = DiscountFields {
            name: self.name.unwrap_or_default(),
            description: self.description,
            code: self.code.unwrap_or_default(),
            discount: taken.unwrap_or(Discount { discount_type: DiscountType::Amount, amount: Price::ZERO }),
            usages: usages(self.remaining_usages_until_start, self.remaining_usage),
            status: self.status.map_or(DiscountStatus::Active, |Name(status)| status),
            frequency_overrides: overrides,
        };
        fields.check(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }
}

impl FrequencyOverrideRequest {
    fn parse(self, problems: &mut Problems) -> Option<FrequencyOverride> {
        let interval = required(problems, "Interval", self.interval);
        let number_of_intervals = required(problems, "NumberOfIntervals", self.number_of_intervals);
        let discount = discount(problems, self.discount_type, self.amount);
        let usages = usages(self.remaining_usages_until_start, self.remaining_usage);
        let (Name(interval), number_of_intervals) = (interval?, number_of_intervals?);
        Some(FrequencyOverride { interval, number_of_intervals, discount: discount?, usages })
    }
}

fn usages(until_start: Option<i64>, remaining: Option<i64>) -> Usages {
    Usages { until_start: until_start.unwrap_or_default(), remaining }
}
