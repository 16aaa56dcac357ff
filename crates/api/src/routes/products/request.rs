//! What callers send about products, and what it means.

use app::products::update;
use billing::{
    custom_field::CustomField,
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::ProductId,
    pricing::PricingModel,
    problem::{Problem, Problems},
    product::{OrderToCashCycle, ProductFields, ProductStatus, ProductType, QuantityRange},
};
use money::{Currency, Price, Quantity};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{currency, required},
    wire::scalar::Decimal,
};

/// A product, in the shape in which it is read; members that only an answer has are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct ProductRequest {
    /// Which product. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Unique in the account. Required.
    #[schemars(length(max = 1000))]
    code: Option<String>,
    /// Printed on invoices. Required.
    #[schemars(length(max = 100))]
    name: Option<String>,
    /// Printed on invoices.
    #[schemars(length(max = 1000))]
    description: Option<String>,
    /// What kind of thing it is. Required.
    product_type: Option<Name<ProductType>>,
    /// Whether it can be bought; `Active` when absent.
    status: Option<Name<ProductStatus>>,
    /// No tax on it.
    tax_exempt: Option<bool>,
    /// Prices and earning; null when it is not priced.
    order_to_cash_cycle: Option<OrderToCashCycleRequest>,
    /// May be bought outside a plan.
    available_for_purchase: Option<bool>,
    /// Purchases of it track items.
    is_tracking_items: Option<bool>,
    /// Default quantity for purchases, at most 2147483647.
    quantity: Option<Decimal>,
    /// Item code for Avalara.
    #[schemars(length(max = 50))]
    avalara_item_code: Option<String>,
    /// Tax code for Avalara.
    #[schemars(length(max = 25))]
    avalara_tax_code: Option<String>,
    /// The code of a general-ledger label that is active, or that the product has already.
    #[schemars(length(max = 255))]
    gl_code: Option<String>,
    /// Ignored: the label's own name is shown.
    #[schemars(length(max = 255))]
    gl_code_name: Option<String>,
    /// Values of the product's own fields.
    product_custom_fields: Option<Vec<ProductCustomFieldRequest>>,
    /// Id in Salesforce.
    #[schemars(length(max = 255))]
    salesforce_id: Option<String>,
    /// Id in NetSuite.
    #[schemars(length(max = 255))]
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
    #[schemars(length(max = 255))]
    quick_books_record_type: Option<String>,
}

/// How a product is priced and earned when it is sold outside plans. It is earned at once when none of the earning
/// members is given.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct OrderToCashCycleRequest {
    /// Unit of the earning period.
    earning_interval: Option<Name<EarningInterval>>,
    /// Length of the period in units.
    earning_number_of_intervals: Option<i64>,
    /// How the period is cut.
    earning_timing_interval: Option<Name<EarningTimingInterval>>,
    /// Where in each cut the revenue falls.
    earning_timing_type: Option<Name<EarningTimingType>>,
    /// Prices. Required.
    pricing_model: Option<PricingModelRequest>,
}

/// Prices by quantity.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct PricingModelRequest {
    /// How ranges and quantity make a price. Required.
    pricing_model_type: Option<Name<PricingModel>>,
    /// From zero to infinity without gaps, in any order. Required.
    quantity_ranges: Option<Vec<QuantityRangeRequest>>,
}

/// A range of quantities and its prices.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct QuantityRangeRequest {
    /// Lower bound. Required.
    min: Option<Decimal>,
    /// Upper bound; null is infinity.
    max: Option<Decimal>,
    /// One a currency, the same currencies in every range. Required.
    prices: Option<Vec<RangePriceRequest>>,
}

/// A price in one currency.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct RangePriceRequest {
    /// The price; not negative. Required.
    amount: Option<Decimal>,
    /// ISO code. Required.
    currency: Option<String>,
}

/// A value of a product's own field.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct ProductCustomFieldRequest {
    /// Unique among the fields of the product. Required.
    #[schemars(length(max = 255))]
    key: Option<String>,
    /// The value's text form; any scalar.
    #[schemars(length(max = 1000))]
    value: Option<String>,
}

impl ProductRequest {
    /// The product to create, or everything that is wrong with it.
    pub(in crate::routes) fn parse_new(self) -> Result<ProductFields, Vec<Problem>> {
        self.parse(Problems::new())
    }

    /// The product as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = ProductId(required(&mut problems, "Id", self.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse(problems)? })
    }

    fn parse(self, mut problems: Problems) -> Result<ProductFields, Vec<Problem>> {
        let product_type = required(&mut problems, "ProductType", self.product_type);
        let cycle = self.order_to_cash_cycle;
        let cycle = problems.at("OrderToCashCycle", |problems| cycle?.parse(problems));
        let custom_fields = self.product_custom_fields.unwrap_or_default().into_iter();
        let mut fields = ProductFields {
            code: self.code.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            description: self.description,
            product_type: product_type.map_or(ProductType::OneTimeCharge, |Name(product_type)| product_type),
            status: self.status.map_or(ProductStatus::Active, |Name(status)| status),
            tax_exempt: self.tax_exempt.unwrap_or_default(),
            cycle,
            available_for_purchase: self.available_for_purchase.unwrap_or_default(),
            is_tracking_items: self.is_tracking_items.unwrap_or_default(),
            quantity: self.quantity.map(Decimal::quantity),
            avalara_item_code: self.avalara_item_code,
            avalara_tax_code: self.avalara_tax_code,
            gl_code: self.gl_code.filter(|code| !code.is_empty()),
            gl_code_name: self.gl_code_name,
            custom_fields: custom_fields.map(ProductCustomFieldRequest::into_field).collect(),
            salesforce_id: self.salesforce_id,
            netsuite_item_id: self.netsuite_item_id,
            digital_river_country_of_origin: self.digital_river_country_of_origin,
            digital_river_tax_code: self.digital_river_tax_code,
            digital_river_eccn: self.digital_river_eccn,
            pushed_to_digital_river: self.pushed_to_digital_river,
            quickbooks_item_id: self.quick_books_item_id,
            quickbooks_record_type: self.quick_books_record_type,
        };
        fields.check(&mut problems);
        problems.into_result()?;
        // After the check, so that its problems name the ranges as they were sent.
        if let Some(cycle) = &mut fields.cycle {
            cycle.ranges.sort_by_key(|range| range.min);
        }
        Ok(fields)
    }
}

impl OrderToCashCycleRequest {
    /// The cycle, unless a part of it is missing.
    pub(in crate::routes) fn parse(self, problems: &mut Problems) -> Option<OrderToCashCycle> {
        let given = EarningSettings {
            interval: self.earning_interval.map(|Name(interval)| interval),
            number_of_intervals: self.earning_number_of_intervals,
            timing_interval: self.earning_timing_interval.map(|Name(interval)| interval),
            timing_type: self.earning_timing_type.map(|Name(timing_type)| timing_type),
        };
        let at_once = EarningSettings {
            timing_interval: Some(EarningTimingInterval::EarnImmediately),
            timing_type: Some(EarningTimingType::StartOfInterval),
            ..EarningSettings::default()
        };
        let earning = if given == EarningSettings::default() { at_once } else { given };
        let pricing = required(problems, "PricingModel", self.pricing_model)?;
        let (pricing_model, ranges) = problems.at("PricingModel", |problems| pricing.parse(problems))?;
        Some(OrderToCashCycle { pricing_model, ranges, earning })
    }
}

impl PricingModelRequest {
    /// The model and its ranges as they were sent, unless a part is missing.
    pub(in crate::routes) fn parse(self, problems: &mut Problems) -> Option<(PricingModel, Vec<QuantityRange>)> {
        let model = required(problems, "PricingModelType", self.pricing_model_type);
        let elements = required(problems, "QuantityRanges", self.quantity_ranges);
        let ranges: Vec<_> = elements?
            .into_iter()
            .enumerate()
            .map(|(index, range)| problems.item("QuantityRanges", index, |problems| range.parse(problems)))
            .collect();
        let ranges = ranges.into_iter().collect::<Option<Vec<_>>>()?;
        model.map(|Name(model)| (model, ranges))
    }
}

impl QuantityRangeRequest {
    fn parse(self, problems: &mut Problems) -> Option<QuantityRange> {
        let min = required(problems, "Min", self.min).map(Decimal::quantity);
        let max: Option<Quantity> = self.max.map(Decimal::quantity);
        let elements = self.prices.unwrap_or_default().into_iter().enumerate();
        let prices: Vec<_> =
            elements.map(|(index, price)| problems.item("Prices", index, |problems| price.parse(problems))).collect();
        let prices = prices.into_iter().collect::<Option<Vec<_>>>()?;
        Some(QuantityRange { min: min?, max, prices })
    }
}

impl RangePriceRequest {
    /// The price, unless a part of it is missing or wrong.
    pub(in crate::routes) fn parse(self, problems: &mut Problems) -> Option<(Currency, Price)> {
        let amount = required(problems, "Amount", self.amount).map(Decimal::price);
        let code = required(problems, "Currency", self.currency.filter(|code| !code.is_empty()));
        let currency = currency(problems, "Currency", code);
        Some((currency?, amount?))
    }
}

impl ProductCustomFieldRequest {
    fn into_field(self) -> CustomField {
        CustomField { key: self.key.unwrap_or_default(), value: self.value }
    }
}
