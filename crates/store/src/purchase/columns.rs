//! What lists of purchases can be filtered and sorted by.

use billing::{
    earning::{EarningInterval, EarningTimingInterval, EarningTimingType},
    listing::Kind,
    named::Named,
    purchase::PurchaseStatus,
};

use crate::listing::{Column, column, searched};

/// An earning setting that holds for the purchase `p` of the product `g`: that of its charge once it has one, then, for
/// physical goods, the one that they always have, then its own, then the product's.
macro_rules! earning {
    ($column:literal, $of_goods:literal) => {
        concat!(
            "(CASE WHEN p.purchased_at IS NOT NULL THEN (SELECT h.",
            $column,
            " FROM charge h WHERE h.account_id = p.account_id AND h.purchase_id = p.id LIMIT 1)",
            " WHEN g.product_type = 'PhysicalGood' THEN ",
            $of_goods,
            " WHEN p.is_earning_overridden THEN p.",
            $column,
            " ELSE g.",
            $column,
            " END)"
        )
    };
}

const INTERVAL: &str = earning!("earning_interval", "NULL");
const NUMBER_OF_INTERVALS: &str = earning!("earning_number_of_intervals", "NULL");
const TIMING_INTERVAL: &str = earning!("earning_timing_interval", "'EarnImmediately'");
const TIMING_TYPE: &str = earning!("earning_timing_type", "NULL");
const IS_EARNED_IMMEDIATELY: &str =
    concat!("(COALESCE(", earning!("earning_timing_interval", "'EarnImmediately'"), ", '') = 'EarnImmediately')");

/// The models that the original lists; no purchase has a formula.
const PRICING_MODELS: &[&str] = &["Standard", "Tiered", "Stairstep", "Volume", "Formula"];

/// Names that a customer's purchases can be filtered and sorted by (purchases.md §3.5).
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "p.id"),
    column("Amount", Kind::Decimal, "p.amount"),
    column("CancellationTimestamp", Kind::Instant, "p.cancelled_at"),
    column("CreatedTimestamp", Kind::Instant, "p.created_at"),
    column("EffectiveTimestamp", Kind::Instant, "p.created_at"),
    column("ModifiedTimestamp", Kind::Instant, "p.modified_at"),
    column("PurchaseTimestamp", Kind::Instant, "p.purchased_at"),
    column("CustomerId", Kind::Integer, "p.customer_id"),
    column("Description", Kind::Text, "p.description"),
    searched("Name", Kind::Text, "p.name"),
    column("EarningInterval", Kind::Enum(EarningInterval::NAMES), INTERVAL),
    column("EarningNumberOfInterval", Kind::Integer, NUMBER_OF_INTERVALS),
    column("EarningTimingInterval", Kind::Enum(EarningTimingInterval::NAMES), TIMING_INTERVAL),
    column("EarningTimingType", Kind::Enum(EarningTimingType::NAMES), TIMING_TYPE),
    column("IsEarnedImmediately", Kind::Boolean, IS_EARNED_IMMEDIATELY),
    column("IsTrackingItems", Kind::Boolean, "p.is_tracking_items"),
    column("PricingModelType", Kind::Enum(PRICING_MODELS), "p.pricing_model"),
    searched("Product.Code", Kind::Text, "g.code"),
    column("Product.Name", Kind::Text, "g.name"),
    column("Product.Description", Kind::Text, "g.description"),
    column("Quantity", Kind::Decimal, "p.quantity"),
    column("SalesforceId", Kind::Text, "p.salesforce_id"),
    column("Status", Kind::Enum(PurchaseStatus::NAMES), "p.status"),
    column("TargetOrderQuantity", Kind::Decimal, "p.target_order_quantity"),
    column("TaxableAmount", Kind::Decimal, "p.taxable_amount"),
];

#[cfg(test)]
mod tests {
    use billing::pricing::PricingModel;

    use super::*;

    #[test]
    fn every_pricing_model_can_be_asked_for() {
        assert!(PricingModel::NAMES.iter().all(|name| PRICING_MODELS.contains(name)));
    }
}
