//! What callers are shown of products (catalog.md §2.1 and §3).

use billing::{
    earning::{EarningInterval, EarningTimingInterval, EarningTimingType},
    pricing::PricingModel as Model,
    product::{
        OrderToCashCycle as StoredCycle, Product as Stored, ProductStatus, ProductType, QuantityRange as StoredRange,
    },
};
use money::{Currency, Price, Quantity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    routes::custom_fields::CustomField,
    wire::scalar::{One, Six},
};

/// Which parts of a product are shown.
#[derive(Debug, Clone, Copy)]
pub(in crate::routes) struct View {
    /// Prices and earning.
    pub(in crate::routes) pricing: bool,
    /// The general-ledger label.
    pub(in crate::routes) gl_code: bool,
}

impl View {
    /// Everything.
    pub(in crate::routes) const ALL: Self = Self { pricing: true, gl_code: true };
}

/// A product.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Product {
    /// Unique in the account.
    code: String,
    /// Printed on invoices.
    name: String,
    /// Printed on invoices.
    description: Option<String>,
    /// What kind of thing it is.
    product_type: Name<ProductType>,
    /// Whether it can be bought.
    status: Name<ProductStatus>,
    /// No tax on it.
    tax_exempt: bool,
    /// Prices and earning; null when it is not priced, or pricing was not asked for.
    order_to_cash_cycle: Option<OrderToCashCycle>,
    /// May be bought outside a plan.
    available_for_purchase: bool,
    /// Purchases of it track items.
    is_tracking_items: bool,
    /// Default quantity for purchases.
    quantity: Option<One>,
    /// Item code for Avalara.
    avalara_item_code: Option<String>,
    /// Tax code for Avalara.
    avalara_tax_code: Option<String>,
    /// General-ledger label, empty when there is none; null when it was not asked for.
    gl_code: Option<String>,
    /// Name of that label.
    gl_code_name: Option<String>,
    /// Values of the product's own fields.
    product_custom_fields: Vec<CustomField>,
    /// Nothing has used it yet.
    deletable: bool,
    /// Id in Salesforce.
    salesforce_id: Option<String>,
    /// Id in NetSuite.
    netsuite_item_id: Option<String>,
    /// Digital River's country of origin.
    digital_river_country_of_origin: Option<i64>,
    /// Digital River's tax code.
    digital_river_tax_code: Option<i64>,
    /// Digital River's export classification.
    #[serde(rename = "digitalRiverECCN")]
    digital_river_eccn: Option<i64>,
    /// Known to Digital River.
    pushed_to_digital_river: Option<bool>,
    /// Id in QuickBooks.
    quick_books_item_id: Option<i64>,
    /// Kind of record in QuickBooks.
    quick_books_record_type: Option<String>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// How a product is priced and earned when it is sold outside plans.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OrderToCashCycle {
    /// Unit of the earning period.
    earning_interval: Option<Name<EarningInterval>>,
    /// Length of the period in units.
    earning_number_of_intervals: Option<i64>,
    /// How the period is cut.
    earning_timing_interval: Option<Name<EarningTimingInterval>>,
    /// Where in each cut the revenue falls.
    earning_timing_type: Option<Name<EarningTimingType>>,
    /// Prices.
    pricing_model: PricingModel,
    /// Always 0: it is part of its product.
    id: i64,
    /// Always null: it is read with its product.
    uri: Option<String>,
}

/// Prices by quantity.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct PricingModel {
    /// How ranges and quantity make a price.
    pricing_model_type: Name<Model>,
    /// From zero to infinity, ascending.
    quantity_ranges: Vec<QuantityRange>,
}

/// A range of quantities and its prices.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct QuantityRange {
    /// Lower bound.
    min: Six,
    /// Upper bound; null is infinity.
    max: Option<Six>,
    /// One a currency.
    prices: Vec<RangePrice>,
}

/// A price in one currency.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct RangePrice {
    /// The price.
    amount: Six,
    /// ISO code.
    currency: &'static str,
    /// Always 0: it is part of its product.
    id: i64,
    /// Always null: it is read with its product.
    uri: Option<String>,
}

impl Product {
    pub(in crate::routes) fn of(links: &Links, product: Stored, view: View) -> Self {
        let Stored { id, fields, deletable, custom_fields } = product;
        Self {
            code: fields.code,
            name: fields.name,
            description: fields.description,
            product_type: Name(fields.product_type),
            status: Name(fields.status),
            tax_exempt: fields.tax_exempt,
            order_to_cash_cycle: fields.cycle.filter(|_| view.pricing).map(OrderToCashCycle::of),
            available_for_purchase: fields.available_for_purchase,
            is_tracking_items: fields.is_tracking_items,
            quantity: fields.quantity.map(One),
            avalara_item_code: fields.avalara_item_code,
            avalara_tax_code: fields.avalara_tax_code,
            gl_code: view.gl_code.then(|| fields.gl_code.unwrap_or_default()),
            gl_code_name: fields.gl_code_name.filter(|_| view.gl_code),
            product_custom_fields: custom_fields.into_iter().map(CustomField::of).collect(),
            deletable,
            salesforce_id: fields.salesforce_id,
            netsuite_item_id: fields.netsuite_item_id,
            digital_river_country_of_origin: fields.digital_river_country_of_origin,
            digital_river_tax_code: fields.digital_river_tax_code,
            digital_river_eccn: fields.digital_river_eccn,
            pushed_to_digital_river: fields.pushed_to_digital_river,
            quick_books_item_id: fields.quickbooks_item_id,
            quick_books_record_type: fields.quickbooks_record_type,
            id: id.0,
            uri: links.product(id.0),
        }
    }
}

impl OrderToCashCycle {
    fn of(cycle: StoredCycle) -> Self {
        let earning = cycle.earning;
        Self {
            earning_interval: earning.interval.map(Name),
            earning_number_of_intervals: earning.number_of_intervals,
            earning_timing_interval: earning.timing_interval.map(Name),
            earning_timing_type: earning.timing_type.map(Name),
            pricing_model: PricingModel::of(cycle.pricing_model, cycle.ranges),
            id: 0,
            uri: None,
        }
    }
}

impl PricingModel {
    pub(in crate::routes) fn of(model: Model, ranges: Vec<StoredRange>) -> Self {
        Self { pricing_model_type: Name(model), quantity_ranges: ranges.into_iter().map(QuantityRange::of).collect() }
    }
}

impl QuantityRange {
    fn of(range: StoredRange) -> Self {
        let bound = |quantity: Quantity| Six(Price::from_millionths(quantity.millionths()));
        Self {
            min: bound(range.min),
            max: range.max.map(bound),
            prices: range.prices.into_iter().map(RangePrice::of).collect(),
        }
    }
}

impl RangePrice {
    pub(in crate::routes) fn of((currency, amount): (Currency, Price)) -> Self {
        Self { amount: Six(amount), currency: currency.code(), id: 0, uri: None }
    }
}
