//! The sale of a product to a customer: what is asked for, what is stored, and what the rules make of it.

mod change;
mod item;
mod summary;

use calendar::Instant;
use money::{Amount, Currency, NumberError, Quantity};

pub use self::{
    change::{Change, PurchaseChange},
    item::{ItemOrder, ProductItem, ProductItemStatus, TrackedItem},
    summary::PurchaseSummary,
};
use crate::{
    custom_field::{CustomField, DefinedField},
    discount::Discount,
    earning::EarningSettings,
    id::{CouponId, CustomerId, PaymentActivityId, ProductId, ProductItemId, PurchaseDiscountId, PurchaseId},
    named::named,
    priced::price,
    pricing::{PriceRange, Pricing, PricingModel, RangeError},
    problem::Problems,
    product::{Product, ProductType},
    refusal::Refusal,
};

named! {
    /// Where a purchase stands (purchases.md §2).
    pub enum PurchaseStatus {
        /// Costs nothing yet.
        Draft => "Draft",
        /// Charged on an invoice.
        Purchased => "Purchased",
        /// Its charge was reversed completely.
        Reversed => "Reversed",
        /// Cancelled by its own call.
        Cancelled => "Cancelled",
    }
}

/// One purchase as the caller asks for it; every field is within its own limits, nothing is known of the product yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseOrder {
    /// What to sell.
    pub product: ProductId,
    /// At most 2000 characters.
    pub name: String,
    /// At most 2000 characters; the product's when absent.
    pub description: Option<String>,
    /// Units; never negative.
    pub quantity: Option<Quantity>,
    /// Tracked items that are needed before finalization.
    pub target_order_quantity: Option<Quantity>,
    /// Replaces the catalogue's prices, in the customer's currency.
    pub override_ranges: Option<Vec<PriceRange>>,
    /// Replaces the catalogue's model.
    pub pricing_model: Option<PricingModel>,
    /// Values under the account's keys.
    pub custom_fields: Vec<CustomField>,
    /// Ad-hoc discounts.
    pub discounts: Vec<Discount>,
    /// Tracked items.
    pub items: Vec<ItemOrder>,
    /// Codes of coupons.
    pub coupon_codes: Vec<String>,
    /// Replaces the catalogue's earning settings.
    pub earning: Option<EarningSettings>,
    /// At most 100 characters.
    pub netsuite_location_id: Option<String>,
    /// At most 100 characters.
    pub netsuite_class_id: Option<String>,
    /// Kept as sent.
    pub pricing_formula_type: Option<String>,
}

/// A purchase that the rules allow, ready to be stored as a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPurchase {
    /// What to sell.
    pub product: ProductId,
    /// As asked for.
    pub name: String,
    /// As asked for, or the product's.
    pub description: Option<String>,
    /// Units; for tracked purchases the number of items.
    pub quantity: Quantity,
    /// Tracked purchases only.
    pub target_order_quantity: Option<Quantity>,
    /// Copied from the product.
    pub is_tracking_items: bool,
    /// The prices that hold for this purchase.
    pub pricing: Pricing,
    /// They are not the catalogue's.
    pub is_price_overridden: bool,
    /// Replaces the catalogue's earning settings.
    pub earning: Option<EarningSettings>,
    /// Price of the quantity, less discounts, before tax.
    pub amount: Amount,
    /// The part of it open to tax.
    pub taxable_amount: Amount,
}

impl NewPurchase {
    /// A tracked purchase is charged when it has as many items as its target (purchases.md §3.1).
    pub fn has_reached_target(&self) -> Result<(), Refusal> {
        let target = self.target_order_quantity;
        target.is_none_or(|target| self.quantity >= target).then_some(()).ok_or(Refusal::TargetNotReached)
    }
}

impl PurchaseOrder {
    /// What the rules make of this order of `product`, for a customer of this currency; everything that they say no to goes
    /// to `problems`. `None` when there was any problem, earlier ones of this order included, or no product. `coupons` are
    /// what its codes stand for.
    pub fn decide(
        &self,
        product: Option<&Product>,
        coupons: &[AppliedCoupon],
        currency: Currency,
        problems: &mut Problems,
    ) -> Option<NewPurchase> {
        let before = problems.len();
        let catalogue = product.and_then(|product| {
            self.check_tracking(product.fields.is_tracking_items, problems);
            let sellable = product.sellable(currency);
            sellable.map(|(_, catalogue)| catalogue).map_err(|no| problems.push("ProductId", no.to_string())).ok()
        });
        let pricing = self.pricing(catalogue.as_ref());
        if let Err(error) = &pricing {
            problems.push_about(&["OverridePriceRanges", "PricingModelType"], error.to_string());
        }
        if let Some(earning) = &self.earning {
            let product_type = product.map(|product| product.fields.product_type);
            problems.at("EarningSettings", |problems| earning.check(product_type, problems));
        }
        if problems.len() > before || problems.has_failed("") {
            return None;
        }
        let terms = self.terms(product?, pricing.ok()??, coupons, currency);
        terms.map_err(|error| problems.push("", Refusal::from(error).to_string())).ok()
    }

    /// Items are counted when they are tracked, and units when they are not (purchases.md §3.1).
    fn check_tracking(&self, tracking: bool, problems: &mut Problems) {
        if tracking && self.quantity.is_some_and(|quantity| !quantity.is_zero()) {
            problems.push_about(&["Quantity"], "Quantity is not valid when tracking items.");
        }
        if !tracking && self.target_order_quantity.is_some() {
            let text = "Target order quantity is only valid when tracking items.";
            problems.push_about(&["TargetOrderQuantity"], text);
        }
        if tracking && let Some(target) = self.target_order_quantity {
            check_target(target, problems);
        }
        if !tracking && !self.items.is_empty() {
            problems.push_about(&["ProductItems"], "Product items are only valid when tracking items.");
        }
    }

    fn terms(
        &self,
        product: &Product,
        pricing: Pricing,
        coupons: &[AppliedCoupon],
        currency: Currency,
    ) -> Result<NewPurchase, NumberError> {
        let tracking = product.fields.is_tracking_items;
        let quantity = if tracking { units(self.items.len())? } else { self.quantity.unwrap_or(Quantity::ZERO) };
        let brought = coupons.iter().flat_map(|coupon| &coupon.discounts);
        let discounts: Vec<_> = self.discounts.iter().chain(brought).copied().collect();
        let priced = price(&pricing, quantity, &discounts, currency)?;
        Ok(NewPurchase {
            product: self.product,
            name: self.name.clone(),
            description: self.description.clone().or_else(|| product.fields.description.clone()),
            quantity,
            target_order_quantity: self.target_order_quantity,
            is_tracking_items: tracking,
            pricing,
            is_price_overridden: self.override_ranges.is_some() || self.pricing_model.is_some(),
            earning: self.earning,
            amount: priced.net,
            taxable_amount: priced.taxable(product.fields.tax_exempt),
        })
    }

    /// Whether it brings anything that is more than its own row.
    pub fn has_details(&self) -> bool {
        !(self.discounts.is_empty()
            && self.coupon_codes.is_empty()
            && self.custom_fields.is_empty()
            && self.items.is_empty())
    }

    /// Ranges without a model keep the catalogue's model; a model without ranges must fit the catalogue's
    /// (purchases.md §4.4). Without prices in the catalogue nothing is known of what is not in the order itself.
    fn pricing(&self, catalogue: Option<&Pricing>) -> Result<Option<Pricing>, RangeError> {
        let model = self.pricing_model.or(catalogue.map(Pricing::model));
        match (&self.override_ranges, model) {
            (Some(ranges), Some(model)) => Pricing::new(model, ranges.clone()).map(Some),
            (None, Some(model)) if self.pricing_model.is_some() => {
                catalogue.map(|catalogue| catalogue.under(model)).transpose()
            }
            (None, Some(_)) => Ok(catalogue.cloned()),
            (Some(_) | None, None) => Ok(None),
        }
    }
}

/// Items are whole.
fn check_target(target: Quantity, problems: &mut Problems) {
    if target.millionths() % money::MILLIONTHS != 0 {
        let text = "TargetOrderQuantity must be a whole number when tracking items.";
        problems.push_about(&["TargetOrderQuantity"], text);
    }
}

/// So many items, as a quantity.
fn units(count: usize) -> Result<Quantity, NumberError> {
    let count = i64::try_from(count).ok().and_then(|count| count.checked_mul(money::MILLIONTHS));
    count.map(Quantity::from_millionths).ok_or(NumberError::TooLarge)
}

/// A discount as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurchaseDiscount {
    /// Its id.
    pub id: PurchaseDiscountId,
    /// What the caller entered, or the coupon brought.
    pub discount: Discount,
    /// The coupon that brought it, if one did.
    pub coupon: Option<CouponId>,
}

/// A coupon that an order asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedCoupon {
    /// The coupon.
    pub coupon: CouponId,
    /// The code by which it was asked for.
    pub code: String,
    /// It was valid when it was applied, and has to be usable when the purchase is charged.
    pub is_checked: bool,
    /// The first of the purchases that were split, which use the coupon once together; `None` is a use of its own.
    pub shares_use_of: Option<PurchaseId>,
    /// What it brings.
    pub discounts: Vec<Discount>,
}

/// A purchase as it is stored, with everything that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// Its id.
    pub id: PurchaseId,
    /// The buyer.
    pub customer: CustomerId,
    /// The product's code.
    pub product_code: String,
    /// What the rules made of the order.
    pub terms: NewPurchase,
    /// Where it stands.
    pub status: PurchaseStatus,
    /// The collection that it waits for, during which nothing of it may change.
    pub reserved_by: Option<PaymentActivityId>,
    /// At most 100 characters.
    pub netsuite_location_id: Option<String>,
    /// At most 100 characters.
    pub netsuite_class_id: Option<String>,
    /// Kept as sent.
    pub pricing_formula_type: Option<String>,
    /// Id in Salesforce.
    pub salesforce_id: Option<String>,
    /// Creation, which is also its effective time.
    pub created_at: Instant,
    /// Last change.
    pub modified_at: Instant,
    /// Finalization.
    pub purchased_at: Option<Instant>,
    /// Cancellation.
    pub cancelled_at: Option<Instant>,
    /// Ad-hoc discounts.
    pub discounts: Vec<PurchaseDiscount>,
    /// Tracked items, active ones only.
    pub items: Vec<ProductItem>,
    /// Codes of coupons.
    pub coupon_codes: Vec<String>,
    /// Values under the account's keys.
    pub custom_fields: Vec<DefinedField>,
}

impl Purchase {
    /// As a preview shows it: neither it nor what hangs on it exists, so nothing has an id.
    #[must_use]
    pub fn unmade(mut self) -> Self {
        self.id = PurchaseId(0);
        self.discounts.iter_mut().for_each(|discount| discount.id = PurchaseDiscountId(0));
        self.items.iter_mut().for_each(|item| item.id = ProductItemId(0));
        self
    }

    /// Only drafts may be deleted (purchases.md §3.12).
    pub fn may_be_deleted(&self) -> Result<(), Refusal> {
        (self.status == PurchaseStatus::Draft).then_some(()).ok_or(Refusal::PurchaseNotDeletable)?;
        self.is_free()
    }

    /// Only drafts are finalized (purchases.md §2).
    pub fn may_be_purchased(&self) -> Result<(), Refusal> {
        (self.status == PurchaseStatus::Draft).then_some(()).ok_or(Refusal::PurchaseNotDraft)?;
        self.is_free()
    }

    /// When what it is charged is earned: by its own settings, else the catalogue's, as far as the kind of product allows. A
    /// product whose pricing was removed since the draft was made says nothing of that any more.
    pub fn earning(&self, product: &Product) -> Result<EarningSettings, Refusal> {
        let fields = &product.fields;
        let catalogue = fields.cycle.as_ref().map(|cycle| cycle.earning);
        let is_settled = fields.product_type == ProductType::PhysicalGood;
        let settings = self.terms.earning.or(catalogue).or(is_settled.then_some(EarningSettings::IMMEDIATELY));
        settings
            .map(|settings| settings.for_product(fields.product_type))
            .ok_or_else(|| Refusal::EarningMissing { purchase: self.id, product: fields.code.clone() })
    }

    /// As [`NewPurchase::has_reached_target`] says.
    pub fn has_reached_target(&self) -> Result<(), Refusal> {
        self.terms.has_reached_target()
    }

    /// Only drafts are changed, in whatever hangs on them too (purchases.md §2).
    pub fn may_be_modified(&self) -> Result<(), Refusal> {
        (self.status == PurchaseStatus::Draft).then_some(()).ok_or(Refusal::PurchaseNotModifiable)?;
        self.is_free()
    }

    /// No collection waits for its end.
    fn is_free(&self) -> Result<(), Refusal> {
        self.reserved_by.map_or(Ok(()), |activity| Err(Refusal::Reserved(activity)))
    }
}
