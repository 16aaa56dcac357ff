//! What callers are shown of discounts of the catalogue (catalog.md §7).

use billing::{
    account::Session,
    catalogue_discount::{CatalogueDiscount, DiscountStatus, FrequencyOverride as StoredOverride},
    discount::DiscountType,
    earning::EarningInterval,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name, wire::scalar::Six};

/// A discount of the catalogue.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CatalogueDiscount")]
pub(in crate::routes) struct Discount {
    /// A name.
    name: String,
    /// A description.
    description: Option<String>,
    /// Unique in the account.
    code: String,
    /// What the number means.
    discount_type: Name<DiscountType>,
    /// Charges to pass over first.
    remaining_usages_until_start: i64,
    /// Charges to apply it to; null for ever.
    remaining_usage: Option<i64>,
    /// Percent or money.
    amount: Six,
    /// Whether it is still given.
    status: Name<DiscountStatus>,
    /// What holds instead for subscriptions of one frequency.
    frequency_overrides: Vec<FrequencyOverride>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// What holds instead for subscriptions of one frequency.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FrequencyOverride {
    /// Unit of the frequency.
    interval: Name<EarningInterval>,
    /// Its length in units.
    number_of_intervals: i64,
    /// What the number means.
    discount_type: Name<DiscountType>,
    /// Charges to pass over first.
    remaining_usages_until_start: i64,
    /// Charges to apply it to; null for ever.
    remaining_usage: Option<i64>,
    /// Percent or money.
    amount: Six,
}

pub(in crate::routes) fn render(links: &Links, _: &Session, stored: CatalogueDiscount) -> Discount {
    let CatalogueDiscount { id, fields } = stored;
    Discount {
        name: fields.name,
        description: fields.description,
        code: fields.code,
        discount_type: Name(fields.discount.discount_type),
        remaining_usages_until_start: fields.usages.until_start,
        remaining_usage: fields.usages.remaining,
        amount: Six(fields.discount.amount),
        status: Name(fields.status),
        frequency_overrides: fields.frequency_overrides.into_iter().map(FrequencyOverride::of).collect(),
        id: id.0,
        uri: links.discount(id.0),
    }
}

impl FrequencyOverride {
    fn of(stored: StoredOverride) -> Self {
        Self {
            interval: Name(stored.interval),
            number_of_intervals: stored.number_of_intervals,
            discount_type: Name(stored.discount.discount_type),
            remaining_usages_until_start: stored.usages.until_start,
            remaining_usage: stored.usages.remaining,
            amount: Six(stored.discount.amount),
        }
    }
}
