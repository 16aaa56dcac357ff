//! What is sold, and whether it may be sold now.

mod limits;

use money::{Currency, Price, Quantity};

use crate::{
    custom_field::{CustomField, DefinedField},
    earning::EarningSettings,
    id::ProductId,
    named::named,
    pricing::{PriceRange, Pricing, PricingModel, RangeError},
    problem::Problems,
    refusal::Refusal,
};

named! {
    /// What kind of thing a product is (catalog.md §2.2).
    pub enum ProductType {
        /// Sold by the period, inside plans only.
        RecurringService => "RecurringService",
        /// Earned immediately, always.
        PhysicalGood => "PhysicalGood",
        /// Earned immediately or over a custom period.
        OneTimeCharge => "OneTimeCharge",
    }
}

named! {
    /// Whether a product can be bought or put in plans.
    pub enum ProductStatus {
        /// It can.
        Active => "Active",
        /// It lives on only where it was already sold.
        Retired => "Retired",
    }
}

/// One catalogue range: bounds in units, and a price for each currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityRange {
    /// Lower bound.
    pub min: Quantity,
    /// Upper bound; `None` is infinity.
    pub max: Option<Quantity>,
    /// One price a currency.
    pub prices: Vec<(Currency, Price)>,
}

/// How a product is priced and earned when it is sold outside plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderToCashCycle {
    /// The catalogue's model.
    pub pricing_model: PricingModel,
    /// The catalogue's ranges, ascending.
    pub ranges: Vec<QuantityRange>,
    /// The catalogue's earning settings.
    pub earning: EarningSettings,
}

impl OrderToCashCycle {
    /// The prices in one currency; `None` when a range has no price in it.
    pub fn pricing(&self, currency: Currency) -> Option<Result<Pricing, RangeError>> {
        let ranges = self.ranges.iter().map(|range| {
            let (_, amount) = range.prices.iter().find(|(of, _)| *of == currency)?;
            Some(PriceRange { min: range.min, max: range.max, amount: *amount })
        });
        let ranges = ranges.collect::<Option<Vec<_>>>()?;
        Some(Pricing::new(self.pricing_model, ranges))
    }
}

/// What a caller writes of a product; limits hold (catalog.md §2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductFields {
    /// Unique in the account, at most 1000 characters.
    pub code: String,
    /// Printed on invoices, at most 100 characters.
    pub name: String,
    /// Printed on invoices, at most 1000 characters.
    pub description: Option<String>,
    /// What kind of thing it is.
    pub product_type: ProductType,
    /// Whether it can be bought.
    pub status: ProductStatus,
    /// No tax on purchases and plan inclusions.
    pub tax_exempt: bool,
    /// Prices and earning; `None` while the product is not priced.
    pub cycle: Option<OrderToCashCycle>,
    /// May be bought outside a plan.
    pub available_for_purchase: bool,
    /// Purchases of it track items.
    pub is_tracking_items: bool,
    /// Default quantity for purchases in the console.
    pub quantity: Option<Quantity>,
    /// At most 50 characters.
    pub avalara_item_code: Option<String>,
    /// At most 25 characters.
    pub avalara_tax_code: Option<String>,
    /// General-ledger label, at most 255 characters.
    pub gl_code: Option<String>,
    /// Name of that label.
    pub gl_code_name: Option<String>,
    /// Values of the product's own fields.
    pub custom_fields: Vec<CustomField>,
    /// Id in Salesforce.
    pub salesforce_id: Option<String>,
    /// Id in NetSuite.
    pub netsuite_item_id: Option<String>,
    /// Digital River's country of origin.
    pub digital_river_country_of_origin: Option<i64>,
    /// Digital River's tax code.
    pub digital_river_tax_code: Option<i64>,
    /// Digital River's export classification.
    pub digital_river_eccn: Option<i64>,
    /// Known to Digital River.
    pub pushed_to_digital_river: Option<bool>,
    /// Id in QuickBooks.
    pub quickbooks_item_id: Option<i64>,
    /// Kind of record in QuickBooks.
    pub quickbooks_record_type: Option<String>,
}

/// A product as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// What callers write.
    pub fields: ProductFields,
    /// Nothing has used it yet.
    pub deletable: bool,
    /// Values of its own fields with their definitions, in the order of `fields`.
    pub custom_fields: Vec<DefinedField>,
}

impl Product {
    /// Records what an update to `fields` may not change: the code of a product that is in use (catalog.md §2.1).
    pub fn check_update(&self, fields: &ProductFields, problems: &mut Problems) {
        if !self.deletable && fields.code != self.fields.code {
            problems.push("Code", "The code of a product that is in use cannot be changed.");
        }
    }

    /// The prices and earning of a product that may be bought now by a customer of this currency.
    pub fn sellable(&self, currency: Currency) -> Result<(&OrderToCashCycle, Pricing), Refusal> {
        let fields = &self.fields;
        let for_sale = fields.status == ProductStatus::Active && fields.available_for_purchase;
        if for_sale && fields.product_type == ProductType::RecurringService {
            return Err(Refusal::OnlyBySubscription(self.id));
        }
        let cycle = fields.cycle.as_ref().filter(|_| for_sale).ok_or(Refusal::NotForSale(self.id))?;
        let pricing = cycle.pricing(currency).ok_or(Refusal::NoPrice(self.id, currency))?;
        Ok((cycle, pricing.map_err(Refusal::Ranges)?))
    }
}
