//! What callers send about purchases, and what it means.

mod cancel;
mod drafts;

use app::purchases::{bulk_create, finalize};
use billing::{
    custom_field::{self, CustomField},
    discount::{Discount, DiscountType},
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{CustomerId, ProductId, PurchaseId},
    pricing::{PriceRange, PricingModel},
    problem::{Problem, Problems},
    purchase::PurchaseOrder,
};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) use self::cancel::CancelRequest;
pub(super) use self::drafts::{CreateRequest, FinalizeDraftsQuery, FinalizeDraftsRequest, SplitRequest, UpdateRequest};
use crate::{
    name::Name,
    routes::{
        collect::CollectOptions,
        effects,
        parse::{discount, not_negative, required, required_text, text},
        product_items::ItemRequest,
    },
    wire::{scalar::Decimal, shape::Raw},
};

/// Longest name and description of a purchase, in characters.
const TEXT_LENGTH_MAX: usize = 2000;

/// Purchases to make for one customer.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BulkPurchaseRequest {
    /// The buyer. Required.
    customer_id: Option<i64>,
    /// Finalize and charge at once; otherwise the purchases stay drafts.
    auto_purchase: Option<bool>,
    /// At least one. Required.
    purchases: Option<Vec<PurchaseRequest>>,
    /// How the invoice is to be paid at once; only meaningful with `autoPurchase`.
    #[serde(alias = "invoiceCollectionOptions")]
    invoice_collect_options: Option<CollectOptions>,
    /// Leaves the invoice a draft; not valid together with `invoiceCollectOptions`.
    temporarily_disable_auto_post: Option<bool>,
    /// `sideeffects` shows the invoice that was posted or, of drafts and in a preview, what it would be; or `default`.
    view: Option<String>,
}

/// One purchase to make.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PurchaseRequest {
    /// The product to sell. Required.
    product_id: Option<i64>,
    /// Printed on the invoice. Required.
    #[schemars(length(max = 2000))]
    name: Option<String>,
    /// Printed on the invoice; the product's when absent.
    #[schemars(length(max = 2000))]
    description: Option<String>,
    /// Units; 0 when absent. Not valid when the product tracks items.
    quantity: Option<Decimal>,
    /// Tracked items needed before finalization; only valid when the product tracks items.
    target_order_quantity: Option<Decimal>,
    /// Replaces the catalogue's prices.
    override_price_ranges: Option<Vec<RangeRequest>>,
    /// Replaces the catalogue's model.
    pricing_model_type: Option<Name<PricingModel>>,
    /// Values under the account's keys.
    custom_fields: Option<Vec<CustomFieldRequest>>,
    /// Ad-hoc discounts.
    discounts: Option<Vec<DiscountRequest>>,
    /// Tracked items; only valid when the product tracks items.
    product_items: Option<Vec<ItemRequest>>,
    /// Codes of coupons.
    coupon_codes: Option<Vec<String>>,
    /// Replaces the catalogue's earning settings.
    earning_settings: Option<EarningRequest>,
    /// Location in NetSuite.
    #[schemars(length(max = 100))]
    netsuite_location_id: Option<String>,
    /// Class in NetSuite.
    #[schemars(length(max = 100))]
    netsuite_class_id: Option<String>,
    /// Kept as sent and shown again; it changes no price.
    #[schemars(length(max = 100))]
    pricing_formula_type: Option<String>,
}

/// A range of quantities and its price.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct RangeRequest {
    /// Lower bound. Required.
    min: Option<Decimal>,
    /// Upper bound; null is infinity.
    max: Option<Decimal>,
    /// Price, in the customer's currency. Required.
    amount: Option<Decimal>,
    /// A part of a formula; not supported, anything but null is refused.
    condition_amount: Option<Raw>,
    /// A part of a formula; not supported, anything but null is refused.
    variable_amount: Option<Raw>,
}

/// A value under an account's own key.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CustomFieldRequest {
    /// The key. Required.
    #[schemars(length(max = 255))]
    key: Option<String>,
    /// The value's text form; any scalar.
    #[schemars(length(max = 1000))]
    value: Option<String>,
}

/// An ad-hoc discount.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct DiscountRequest {
    /// What the number means. Required.
    discount_type: Option<Name<DiscountType>>,
    /// Percent or money. Required.
    amount: Option<Decimal>,
}

/// When the revenue is earned.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct EarningRequest {
    /// Unit of the earning period.
    earning_interval: Option<Name<EarningInterval>>,
    /// Length of the period in units.
    earning_number_of_intervals: Option<i64>,
    /// How the period is cut.
    earning_timing_interval: Option<Name<EarningTimingInterval>>,
    /// Where in each cut the revenue falls.
    earning_timing_type: Option<Name<EarningTimingType>>,
    /// Milestones and manual schedules; not supported yet, a list with anything in it is refused.
    earning_schedules: Option<Vec<Raw>>,
}

/// Draft purchases to finalize.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FinalizeRequest {
    /// The buyer. Required.
    customer_id: Option<i64>,
    /// Drafts of that customer; at least one. Required.
    purchase_ids: Option<Vec<i64>>,
    /// How the invoice is to be paid at once; absent, the customer's billing terms hold.
    #[serde(alias = "invoiceCollectionOptions")]
    invoice_collect_options: Option<CollectOptions>,
    /// Leaves the invoice a draft; not valid together with `invoiceCollectOptions`.
    temporarily_disable_auto_post: Option<bool>,
}

/// Purchases to make, and what the body says beside them.
pub(super) struct BulkPurchaseOrder {
    /// The purchases, with placeholders where the body is wrong.
    pub(super) order: bulk_create::Order,
    /// The invoice stays a draft.
    pub(super) disables_auto_post: bool,
    /// What was done to invoices is shown.
    pub(super) shows_effects: bool,
}

impl BulkPurchaseRequest {
    /// The order, with placeholders where it is wrong.
    pub(super) fn judge(self, problems: &mut Problems) -> BulkPurchaseOrder {
        let customer = required(problems, "CustomerId", self.customer_id);
        let elements = required(problems, "Purchases", self.purchases.filter(|elements| !elements.is_empty()));
        let elements = elements.unwrap_or_default().into_iter().enumerate();
        let purchases: Vec<_> = elements
            .map(|(index, element)| problems.item("Purchases", index, |problems| element.judge(problems)))
            .collect();
        let collect = parse_collect(problems, self.invoice_collect_options);
        let order = bulk_create::Order {
            customer: CustomerId(customer.unwrap_or_default()),
            auto_purchase: self.auto_purchase.unwrap_or_default(),
            purchases,
            collect,
        };
        BulkPurchaseOrder {
            order,
            disables_auto_post: self.temporarily_disable_auto_post.unwrap_or_default(),
            shows_effects: effects::are_asked_for_by(problems, self.view.as_deref()),
        }
    }
}

impl FinalizeRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<(finalize::Order, bool), Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let ids = required(&mut problems, "PurchaseIds", self.purchase_ids.filter(|ids| !ids.is_empty()));
        let collect = parse_collect(&mut problems, self.invoice_collect_options);
        problems.into_result()?;
        let order = finalize::Order {
            customer: CustomerId(customer.unwrap_or_default()),
            purchases: ids.unwrap_or_default().into_iter().map(PurchaseId).collect(),
            collect,
        };
        Ok((order, self.temporarily_disable_auto_post.unwrap_or_default()))
    }
}

fn parse_collect(problems: &mut Problems, options: Option<CollectOptions>) -> Option<billing::collect::CollectOrder> {
    let options = options?;
    problems.at("InvoiceCollectOptions", |problems| options.parse(problems))
}

impl PurchaseRequest {
    fn judge(self, problems: &mut Problems) -> PurchaseOrder {
        let product = required(problems, "ProductId", self.product_id);
        let name = required_text(problems, "Name", self.name, TEXT_LENGTH_MAX);
        PurchaseOrder {
            product: ProductId(product.unwrap_or_default()),
            name: name.unwrap_or_default(),
            description: text(problems, "Description", self.description, TEXT_LENGTH_MAX),
            quantity: not_negative(problems, "Quantity", self.quantity).map(Decimal::quantity),
            target_order_quantity: not_negative(problems, "TargetOrderQuantity", self.target_order_quantity)
                .map(Decimal::quantity),
            override_ranges: self.override_price_ranges.map(|ranges| {
                parse_each(problems, "OverridePriceRanges", ranges, |problems, range| range.parse(problems))
            }),
            pricing_model: self.pricing_model_type.map(|Name(model)| model),
            custom_fields: parse_custom_fields(problems, self.custom_fields),
            discounts: parse_each(problems, "Discounts", self.discounts.unwrap_or_default(), |problems, discount| {
                discount.parse(problems)
            }),
            items: parse_each(problems, "ProductItems", self.product_items.unwrap_or_default(), |problems, item| {
                item.parse(problems)
            }),
            coupon_codes: parse_coupon_codes(problems, self.coupon_codes),
            earning: self
                .earning_settings
                .and_then(|earning| problems.at("EarningSettings", |problems| earning.parse(problems))),
            netsuite_location_id: text(problems, "NetsuiteLocationId", self.netsuite_location_id, 100),
            netsuite_class_id: text(problems, "NetsuiteClassId", self.netsuite_class_id, 100),
            pricing_formula_type: text(problems, "PricingFormulaType", self.pricing_formula_type, 100),
        }
    }
}

/// Every element of a list, with its problems under the list's name and the element's index.
fn parse_each<R, T>(
    problems: &mut Problems,
    list: &str,
    elements: Vec<R>,
    parse: impl Fn(&mut Problems, R) -> Option<T>,
) -> Vec<T> {
    let elements = elements.into_iter().enumerate();
    elements.filter_map(|(index, element)| problems.item(list, index, |problems| parse(problems, element))).collect()
}

impl RangeRequest {
    fn parse(self, problems: &mut Problems) -> Option<PriceRange> {
        for (name, part) in [("ConditionAmount", &self.condition_amount), ("VariableAmount", &self.variable_amount)] {
            if part.is_some() {
                problems.push(name, format!("{name} belongs to formula pricing, which is not supported."));
            }
        }
        let min = required(problems, "Min", self.min)?;
        let amount = required(problems, "Amount", self.amount)?;
        Some(PriceRange { min: min.quantity(), max: self.max.map(Decimal::quantity), amount: amount.price() })
    }
}

fn parse_custom_fields(problems: &mut Problems, fields: Option<Vec<CustomFieldRequest>>) -> Vec<CustomField> {
    let fields = fields.unwrap_or_default().into_iter();
    let fields: Vec<_> =
        fields.map(|field| CustomField { key: field.key.unwrap_or_default(), value: field.value }).collect();
    custom_field::check_values(&fields, "CustomFields", problems);
    fields
}

impl DiscountRequest {
    fn parse(self, problems: &mut Problems) -> Option<Discount> {
        discount(problems, self.discount_type, self.amount)
    }
}

fn parse_coupon_codes(problems: &mut Problems, codes: Option<Vec<String>>) -> Vec<String> {
    let mut parsed: Vec<String> = Vec::new();
    for (index, code) in codes.unwrap_or_default().into_iter().enumerate() {
        problems.item("CouponCodes", index, |problems| {
            if code.trim().is_empty() || parsed.contains(&code) {
                problems.push("", format!("Coupon code {code} is not valid."));
            }
            problems.check_length("", &code, 255);
        });
        parsed.push(code);
    }
    parsed
}

impl EarningRequest {
    fn parse(self, problems: &mut Problems) -> Option<EarningSettings> {
        if self.earning_schedules.is_some_and(|schedules| !schedules.is_empty()) {
            problems.push("EarningSchedules", "Earning schedules are not supported yet.");
        }
        let settings = EarningSettings {
            interval: self.earning_interval.map(|Name(interval)| interval),
            number_of_intervals: self.earning_number_of_intervals,
            timing_interval: self.earning_timing_interval.map(|Name(interval)| interval),
            timing_type: self.earning_timing_type.map(|Name(timing)| timing),
        };
        (settings != EarningSettings::default()).then_some(settings)
    }
}
