//! What callers are shown of purchases.

use app::purchases::bulk_create::Created;
use billing::{
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    preview::Preview,
    pricing::{PriceRange, PricingModel},
    purchase::{Purchase as Stored, PurchaseStatus},
};
use money::Price;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    name::Name,
    routes::{
        custom_fields::CustomField,
        effects::{InvoicePreview, SideEffects},
        product_items::Item,
        purchase_extras::PurchaseDiscount,
    },
    wire::scalar::{At, Four, One, Six},
};

/// The purchases that were made.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BulkPurchase {
    /// The buyer.
    customer_id: i64,
    /// In the order of the request.
    purchases: Vec<PurchaseBrief>,
    /// What the invoice of all of them would be; only in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_preview: Option<InvoicePreview>,
    /// The invoice that was posted or, of drafts, what their invoice would be, when `view` `sideeffects` asks for it;
    /// absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    side_effects: Option<SideEffects>,
}

impl BulkPurchase {
    pub(super) fn of(links: &Links, created: &Created) -> Self {
        let purchases = created.purchases.iter().map(|purchase| PurchaseBrief::of(links, purchase)).collect();
        Self { customer_id: created.customer.0, purchases, invoice_preview: None, side_effects: None }
    }

    /// With the invoice that finalizing them makes.
    pub(super) fn with_preview(self, preview: &Preview) -> Self {
        Self { invoice_preview: Some(InvoicePreview::of(preview, true)), ..self }
    }

    /// With what the view `sideeffects` asks for.
    pub(super) fn with_side_effects(self, side_effects: Option<SideEffects>) -> Self {
        Self { side_effects, ..self }
    }
}

/// A purchase, in the short form of the bulk call.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PurchaseBrief {
    /// The product sold.
    product_id: i64,
    /// Printed on the invoice.
    name: String,
    /// Printed on the invoice.
    description: Option<String>,
    /// Where the purchase stands.
    status: Name<PurchaseStatus>,
    /// Units; for tracked purchases the number of items.
    quantity: One,
    /// Tracked items needed before finalization.
    target_order_quantity: Option<One>,
    /// Whether the purchase tracks items.
    is_tracking_items: bool,
    /// How ranges and quantity make a price.
    pricing_model_type: Name<PricingModel>,
    /// Values under the account's keys.
    custom_fields: Vec<CustomField>,
    /// Discounts that were entered, and those that coupons brought.
    discounts: Vec<PurchaseDiscount>,
    /// The prices that hold for this purchase.
    price_ranges: Vec<RangeBrief>,
    /// Tracked items.
    product_items: Vec<Item>,
    /// Codes of coupons.
    coupon_codes: Vec<String>,
    /// When the revenue is earned; null for the catalogue's rule.
    earning_settings: Option<Earning>,
    /// Its id; 0 in a preview.
    id: i64,
    /// Where it is read; null in a preview.
    uri: Option<String>,
}

impl PurchaseBrief {
    fn of(links: &Links, purchase: &Stored) -> Self {
        let terms = &purchase.terms;
        Self {
            product_id: terms.product.0,
            name: terms.name.clone(),
            description: terms.description.clone(),
            status: Name(purchase.status),
            quantity: One(terms.quantity),
            target_order_quantity: terms.target_order_quantity.map(One),
            is_tracking_items: terms.is_tracking_items,
            pricing_model_type: Name(terms.pricing.model()),
            custom_fields: custom_fields(purchase),
            discounts: discounts(links, purchase),
            price_ranges: terms.pricing.ranges().iter().map(RangeBrief::of).collect(),
            product_items: items(links, purchase),
            coupon_codes: purchase.coupon_codes.clone(),
            earning_settings: terms.earning.map(Earning::of),
            id: purchase.id.0,
            uri: links.made(purchase.id.0, Links::purchase),
        }
    }
}

/// A purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Purchase {
    /// The buyer; 0 in a preview that names none.
    customer_id: i64,
    /// The product's code.
    code: String,
    /// When the purchase was made.
    effective_timestamp: At,
    /// The part of the amount open to tax.
    taxable_amount: Four,
    /// Price of the quantity less discounts, before tax.
    amount: Four,
    /// Last change.
    modified_timestamp: At,
    /// Id in Salesforce.
    salesforce_id: Option<String>,
    /// Location in NetSuite.
    netsuite_location_id: Option<String>,
    /// The product sold.
    product_id: i64,
    /// Printed on the invoice.
    name: String,
    /// Printed on the invoice.
    description: Option<String>,
    /// Where the purchase stands.
    status: Name<PurchaseStatus>,
    /// Units; for tracked purchases the number of items.
    quantity: One,
    /// Tracked items needed before finalization.
    target_order_quantity: Option<One>,
    /// Whether the purchase tracks items.
    is_tracking_items: bool,
    /// How ranges and quantity make a price.
    pricing_model_type: Name<PricingModel>,
    /// Values under the account's keys.
    custom_fields: Vec<CustomField>,
    /// Discounts that were entered, and those that coupons brought.
    discounts: Vec<PurchaseDiscount>,
    /// The prices that hold for this purchase.
    price_ranges: Vec<Range>,
    /// Tracked items.
    product_items: Vec<Item>,
    /// Codes of coupons.
    coupon_codes: Vec<String>,
    /// When the revenue is earned; null for the catalogue's rule.
    earning_settings: Option<Earning>,
    /// Class in NetSuite.
    netsuite_class_id: Option<String>,
    /// Kept as sent.
    pricing_formula_type: Option<String>,
    /// What the invoice of the purchase would be; only in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_preview: Option<InvoicePreview>,
    /// What the invoice of the purchase would be, when `view=sideeffects` asks for it; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    side_effects: Option<SideEffects>,
    /// Its id; 0 in a preview.
    id: i64,
    /// Where it is read; null in a preview.
    uri: Option<String>,
}

impl Purchase {
    pub(in crate::routes) fn of(links: &Links, purchase: &Stored) -> Self {
        let terms = &purchase.terms;
        Self {
            customer_id: purchase.customer.0,
            code: purchase.product_code.clone(),
            effective_timestamp: At(purchase.created_at),
            taxable_amount: Four(terms.taxable_amount),
            amount: Four(terms.amount),
            modified_timestamp: At(purchase.modified_at),
            salesforce_id: purchase.salesforce_id.clone(),
            netsuite_location_id: purchase.netsuite_location_id.clone(),
            product_id: terms.product.0,
            name: terms.name.clone(),
            description: terms.description.clone(),
            status: Name(purchase.status),
            quantity: One(terms.quantity),
            target_order_quantity: terms.target_order_quantity.map(One),
            is_tracking_items: terms.is_tracking_items,
            pricing_model_type: Name(terms.pricing.model()),
            custom_fields: custom_fields(purchase),
            discounts: discounts(links, purchase),
            price_ranges: terms.pricing.ranges().iter().map(Range::of).collect(),
            product_items: items(links, purchase),
            coupon_codes: purchase.coupon_codes.clone(),
            earning_settings: terms.earning.map(Earning::of),
            netsuite_class_id: purchase.netsuite_class_id.clone(),
            pricing_formula_type: purchase.pricing_formula_type.clone(),
            invoice_preview: None,
            side_effects: None,
            id: purchase.id.0,
            uri: links.made(purchase.id.0, Links::purchase),
        }
    }

    /// With the invoice that finalizing it would make.
    pub(super) fn with_preview(self, preview: &Preview) -> Self {
        Self { invoice_preview: Some(InvoicePreview::of(preview, true)), ..self }
    }

    /// With what `view=sideeffects` asks for.
    pub(super) fn with_side_effects(self, preview: Option<&Preview>) -> Self {
        Self { side_effects: preview.map(|preview| SideEffects::of_draft(preview, true)), ..self }
    }
}

/// A range of quantities and its price, in the short form.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RangeBrief {
    /// Lower bound.
    min: Six,
    /// Upper bound; null is infinity.
    max: Option<Six>,
    /// The price.
    amount: Six,
}

impl RangeBrief {
    fn of(range: &PriceRange) -> Self {
        let bound = |millionths| Six(Price::from_millionths(millionths));
        Self {
            min: bound(range.min.millionths()),
            max: range.max.map(|max| bound(max.millionths())),
            amount: Six(range.amount),
        }
    }
}

/// A range of quantities and its price.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Range {
    /// Lower bound.
    min: Six,
    /// Upper bound; null is infinity.
    max: Option<Six>,
    /// The price.
    amount: Six,
    /// Formula pricing only.
    condition_amount: Option<Six>,
    /// Formula pricing only.
    variable_amount: Option<Six>,
}

impl Range {
    fn of(range: &PriceRange) -> Self {
        let RangeBrief { min, max, amount } = RangeBrief::of(range);
        Self { min, max, amount, condition_amount: None, variable_amount: None }
    }
}

fn custom_fields(purchase: &Stored) -> Vec<CustomField> {
    purchase.custom_fields.iter().cloned().map(CustomField::of).collect()
}

fn discounts(links: &Links, purchase: &Stored) -> Vec<PurchaseDiscount> {
    purchase.discounts.iter().map(|discount| PurchaseDiscount::of(links, purchase.id, discount)).collect()
}

fn items(links: &Links, purchase: &Stored) -> Vec<Item> {
    let of = |item| Item::of(links, item, purchase.id, purchase.customer, purchase.terms.product);
    purchase.items.iter().map(of).collect()
}

/// When the revenue is earned.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Earning {
    /// Unit of the earning period.
    earning_interval: Option<Name<EarningInterval>>,
    /// Length of the period in units.
    earning_number_of_intervals: Option<i64>,
    /// How the period is cut.
    earning_timing_interval: Option<Name<EarningTimingInterval>>,
    /// Where in each cut the revenue falls.
    earning_timing_type: Option<Name<EarningTimingType>>,
}

impl Earning {
    fn of(settings: EarningSettings) -> Self {
        Self {
            earning_interval: settings.interval.map(Name),
            earning_number_of_intervals: settings.number_of_intervals,
            earning_timing_interval: settings.timing_interval.map(Name),
            earning_timing_type: settings.timing_type.map(Name),
        }
    }
}

/// The answer to a finalization; everything in it belongs to previews and side effects.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct Finalized {
    /// Null unless the call is a preview.
    pub(in crate::routes) invoice_preview: Option<InvoicePreview>,
    /// Always empty: a call makes one invoice.
    pub(in crate::routes) additional_invoices_for_preview: Vec<InvoicePreview>,
    /// Null unless asked for.
    pub(in crate::routes) side_effects: Option<SideEffects>,
}
