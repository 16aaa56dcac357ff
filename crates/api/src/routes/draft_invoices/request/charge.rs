//! What callers send to change the lines of a draft invoice.

use billing::{
    discount::DiscountType,
    draft_invoice::{ChargeChange, DiscountChange, Operation, TEXT_LENGTH_MAX, TierChange},
    id::ChargeId,
    problem::Problems,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{not_negative, required, required_text, text, text_change},
    wire::{
        scalar::{Decimal, Timestamp},
        shape::Maybe,
    },
};

/// What is to become of a line.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "DraftChargeRequest")]
pub(super) struct ChargeRequest {
    /// The line. Required.
    id: Option<i64>,
    /// `Update` when absent. `Delete` takes the line out and cancels its purchase.
    operation: Option<Name<Operation>>,
    /// Printed on the invoice.
    #[schemars(length(max = 2000))]
    name: Option<String>,
    /// Printed on the invoice.
    #[schemars(length(max = 2000))]
    description: Maybe<String>,
    /// Units; not negative. Not valid when the purchase tracks items, and only with tiers for a tiered line.
    quantity: Option<Decimal>,
    /// Price of one; not negative. The line then costs its quantity at this price. Not valid for a tiered line.
    unit_price: Option<Decimal>,
    /// The quantity that chose the price; non-standard pricing only.
    range_quantity: Option<Decimal>,
    /// Subscriptions only; refused.
    prorated_unit_price: Option<Decimal>,
    /// Subscriptions only; refused.
    start_service_date: Option<Timestamp>,
    /// Subscriptions only; refused.
    end_service_date: Option<Timestamp>,
    /// What is to become of discounts.
    draft_discounts: Option<Vec<DiscountRequest>>,
    /// Replaces the ranges of a tiered line, which then costs their sum.
    draft_charge_tiers: Option<Vec<TierRequest>>,
}

/// What is to become of a discount.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "DraftDiscountRequest")]
struct DiscountRequest {
    /// The discount. Required.
    id: Option<i64>,
    /// `Update` when absent.
    operation: Option<Name<Operation>>,
    /// Percent or money; not negative.
    configured_discount_amount: Option<Decimal>,
    /// What the number means.
    discount_type: Option<Name<DiscountType>>,
    /// Shown with the draft.
    #[schemars(length(max = 2000))]
    description: Maybe<String>,
}

/// A range as it shall be.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "DraftChargeTierRequest")]
struct TierRequest {
    /// Price of one unit in it; not negative. Required.
    unit_price: Option<Decimal>,
    /// Shown with the draft.
    #[schemars(length(max = 2000))]
    label: Option<String>,
    /// Units in it; above zero. Required.
    quantity: Option<Decimal>,
    /// Its place; in the order of the list when absent.
    sort_order: Option<i64>,
}

impl ChargeRequest {
    pub(super) fn parse(self, problems: &mut Problems) -> Option<ChargeChange> {
        self.refuse(problems);
        let id = required(problems, "Id", self.id);
        let name = self.name.and_then(|name| required_text(problems, "Name", Some(name), TEXT_LENGTH_MAX));
        let description = text_change(problems, "Description", self.description, TEXT_LENGTH_MAX);
        let quantity = not_negative(problems, "Quantity", self.quantity).map(Decimal::quantity);
        let unit_price = not_negative(problems, "UnitPrice", self.unit_price).map(Decimal::price);
        let range_quantity = not_negative(problems, "RangeQuantity", self.range_quantity).map(Decimal::quantity);
        let discounts = self.draft_discounts.unwrap_or_default().into_iter().enumerate();
        let discounts = discounts
            .filter_map(|(index, part)| problems.item("DraftDiscounts", index, |problems| part.parse(problems)))
            .collect();
        let tiers = self.draft_charge_tiers.map(|tiers| parse_tiers(tiers, problems));
        Some(ChargeChange {
            id: ChargeId(id?),
            operation: self.operation.map_or(Operation::Update, |Name(operation)| operation),
            name,
            description,
            quantity,
            unit_price,
            range_quantity,
            discounts,
            tiers,
        })
    }

    /// What only charges of subscriptions have.
    fn refuse(&self, problems: &mut Problems) {
        let members = [
            ("ProratedUnitPrice", self.prorated_unit_price.is_some()),
            ("StartServiceDate", self.start_service_date.is_some()),
            ("EndServiceDate", self.end_service_date.is_some()),
        ];
        for (name, _) in members.into_iter().filter(|(_, is_given)| *is_given) {
            problems.push(name, format!("{name} is only valid for charges of subscriptions."));
        }
    }
}

/// The tiers by their places; those without one come last, in the order of the list.
fn parse_tiers(tiers: Vec<TierRequest>, problems: &mut Problems) -> Vec<TierChange> {
    let mut placed = Vec::with_capacity(tiers.len());
    for (index, tier) in tiers.into_iter().enumerate() {
        let place = tier.sort_order.unwrap_or(i64::MAX);
        let parsed = problems.item("DraftChargeTiers", index, |problems| tier.parse(problems));
        placed.extend(parsed.map(|tier| (place, tier)));
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, tier)| tier).collect()
}

impl TierRequest {
    fn parse(self, problems: &mut Problems) -> Option<TierChange> {
        let unit_price = required(problems, "UnitPrice", self.unit_price);
        let unit_price = not_negative(problems, "UnitPrice", unit_price).map(Decimal::price);
        let quantity = required(problems, "Quantity", self.quantity).map(Decimal::quantity);
        if quantity.is_some_and(|quantity| !quantity.is_positive()) {
            problems.push("Quantity", "Quantity of a tier must be above zero.");
        }
        let label = text(problems, "Label", self.label, TEXT_LENGTH_MAX);
        Some(TierChange { quantity: quantity?, unit_price: unit_price?, label })
    }
}

impl DiscountRequest {
    fn parse(self, problems: &mut Problems) -> Option<DiscountChange> {
        let id = required(problems, "Id", self.id);
        let description = text_change(problems, "Description", self.description, TEXT_LENGTH_MAX);
        let configured_amount = not_negative(problems, "ConfiguredDiscountAmount", self.configured_discount_amount);
        let operation = self.operation.map_or(Operation::Update, |Name(operation)| operation);
        Some(DiscountChange {
            id: id?,
            operation,
            discount_type: self.discount_type.map(|Name(discount_type)| discount_type),
            configured_amount: configured_amount.map(Decimal::price),
            description,
        })
    }
}
