//! What a caller asks of a statement.

use billing::{
    id::CustomerId,
    problem::{Problem, Problems},
    statement::{Period, StatementOrder},
    tracking::{Display, Placement},
};
use calendar::Instant;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{name::Name, routes::parse::required, wire::scalar::Timestamp};

/// Whose statement, and of which period.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StatementRequest {
    /// Whose balance. Required.
    customer_id: Option<i64>,
    /// The first instant of the period. Required.
    start_date: Option<Timestamp>,
    /// The first instant after the period, later than its first. Required.
    end_date: Option<Timestamp>,
    /// Shows the tracked items of what was sold in the period.
    tracked_item_display: Option<DisplayRequest>,
}

/// How tracked items are shown.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct DisplayRequest {
    /// `SeparatePage` shows them after everything else, which is the default, `Inline` with what sold them.
    tracked_item_display_format: Option<Name<Placement>>,
    /// Shows their names. Required.
    show_tracked_item_name: Option<bool>,
    /// Shows their references. Required.
    show_tracked_item_reference: Option<bool>,
    /// Shows their descriptions. Required.
    show_tracked_item_description: Option<bool>,
    /// Shows when they were added. Required.
    show_tracked_item_created_date: Option<bool>,
}

impl StatementRequest {
    pub(super) fn parse(self) -> Result<StatementOrder, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let from = required(&mut problems, "StartDate", self.start_date);
        let until = required(&mut problems, "EndDate", self.end_date);
        let display = self.tracked_item_display;
        let display = problems.at("TrackedItemDisplay", |problems| display.map(|display| display.parse(problems)));
        let period = match (from, until) {
            (Some(Timestamp(from)), Some(Timestamp(until))) => period(&mut problems, from, until),
            (None, _) | (_, None) => None,
        };
        match (customer, period) {
            (Some(customer), Some(period)) if problems.is_empty() => {
                Ok(StatementOrder { customer: CustomerId(customer), period, display })
            }
            _ => Err(problems.into_found()),
        }
    }
}

fn period(problems: &mut Problems, from: Instant, until: Instant) -> Option<Period> {
    let period = Period::new(from, until);
    if period.is_none() {
        problems.push("EndDate", "EndDate must be later than StartDate.");
    }
    period
}

impl DisplayRequest {
    fn parse(self, problems: &mut Problems) -> Display {
        let mut flag = |field: &str, value| required(problems, field, value).unwrap_or_default();
        Display {
            placement: self.tracked_item_display_format.map_or(Placement::SeparatePage, |name| name.0),
            name: flag("ShowTrackedItemName", self.show_tracked_item_name),
            reference: flag("ShowTrackedItemReference", self.show_tracked_item_reference),
            description: flag("ShowTrackedItemDescription", self.show_tracked_item_description),
            created_on: flag("ShowTrackedItemCreatedDate", self.show_tracked_item_created_date),
        }
    }
}
