//! Changes of a draft purchase: what a caller may replace, what follows from it, and how a draft is split.

use money::{Amount, Currency, NumberError, Quantity};

use super::{NewPurchase, Purchase, PurchaseOrder, check_target, units};
use crate::{
    custom_field::CustomField,
    discount::{Discount, DiscountType},
    earning::EarningSettings,
    priced::price,
    pricing::{PriceRange, Pricing, PricingModel},
    problem::Problems,
    product::Product,
    refusal::Refusal,
};

/// What a caller does to one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It was not named, and stays.
    #[default]
    Keep,
    /// It was named as null.
    Clear,
    /// It gets another value.
    Set(T),
}

impl<T: Clone> Change<T> {
    /// Makes the change.
    pub fn apply(&self, value: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *value = None,
            Self::Set(new) => *value = Some(new.clone()),
        }
    }
}

/// What a caller changes of a draft (purchases.md §3.3); every value is within its own limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PurchaseChange {
    /// At most 2000 characters.
    pub name: Option<String>,
    /// At most 2000 characters.
    pub description: Change<String>,
    /// Units; not for tracked purchases, whose items are counted.
    pub quantity: Option<Quantity>,
    /// Tracked purchases only.
    pub target_order_quantity: Change<Quantity>,
    /// Other prices; the catalogue's when cleared.
    pub override_ranges: Change<Vec<PriceRange>>,
    /// Another model.
    pub pricing_model: Option<PricingModel>,
    /// Other earning settings; the catalogue's when cleared.
    pub earning: Change<EarningSettings>,
    /// At most 100 characters.
    pub netsuite_location_id: Change<String>,
}

impl Purchase {
    /// Changes the draft, which is to be priced anew. Wrong fields go to `problems`, and the draft stays as it is when
    /// there was any; a product without prices to return to is a refusal.
    pub fn change(
        &mut self,
        change: &PurchaseChange,
        product: &Product,
        currency: Currency,
        problems: &mut Problems,
    ) -> Result<(), Refusal> {
        let before = problems.len();
        self.check_change(change, product, problems);
        let (pricing, is_price_overridden) = match self.changed_pricing(change, product, currency) {
            Ok(changed) => changed,
            Err(Refusal::Ranges(error)) => {
                problems.push_about(&["OverridePriceRanges", "PricingModelType"], error.to_string());
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        if problems.len() > before || problems.has_failed("") {
            return Ok(());
        }
        let terms = &mut self.terms;
        (terms.pricing, terms.is_price_overridden) = (pricing, is_price_overridden);
        if let Some(name) = &change.name {
            terms.name.clone_from(name);
        }
        if let Some(quantity) = change.quantity.filter(|_| !terms.is_tracking_items) {
            terms.quantity = quantity;
        }
        change.description.apply(&mut terms.description);
        change.target_order_quantity.apply(&mut terms.target_order_quantity);
        change.earning.apply(&mut terms.earning);
        change.netsuite_location_id.apply(&mut self.netsuite_location_id);
        Ok(())
    }

    /// A tracked purchase may be sent back with the quantity that it has, as callers do who read before they write.
    fn check_change(&self, change: &PurchaseChange, product: &Product, problems: &mut Problems) {
        let terms = &self.terms;
        let counts = |quantity: Quantity| quantity == terms.quantity || quantity.is_zero();
        if terms.is_tracking_items && !change.quantity.is_none_or(counts) {
            problems.push_about(&["Quantity"], "Quantity is not valid when tracking items.");
        }
        if !terms.is_tracking_items && matches!(change.target_order_quantity, Change::Set(_)) {
            let text = "Target order quantity is only valid when tracking items.";
            problems.push_about(&["TargetOrderQuantity"], text);
        }
        if terms.is_tracking_items
            && let Change::Set(target) = change.target_order_quantity
        {
            check_target(target, problems);
        }
        if let Change::Set(earning) = &change.earning {
            let product_type = Some(product.fields.product_type);
            problems.at("EarningSettings", |problems| earning.check(product_type, problems));
        }
    }

    /// The prices after a change, and whether they are not the catalogue's. A model without ranges must fit the ranges
    /// that the purchase has (purchases.md §4.4).
    fn changed_pricing(
        &self,
        change: &PurchaseChange,
        product: &Product,
        currency: Currency,
    ) -> Result<(Pricing, bool), Refusal> {
        let current = &self.terms.pricing;
        let asked = change.pricing_model;
        Ok(match &change.override_ranges {
            Change::Set(ranges) => (Pricing::new(asked.unwrap_or(current.model()), ranges.clone())?, true),
            Change::Clear => {
                let (_, catalogue) = product.sellable(currency)?;
                let model = asked.unwrap_or(catalogue.model());
                (catalogue.under(model)?, model != catalogue.model())
            }
            Change::Keep => match asked.filter(|model| *model != current.model()) {
                Some(model) => (current.under(model)?, true),
                None => (current.clone(), self.terms.is_price_overridden),
            },
        })
    }

    /// Counts the items of a tracked purchase and computes both amounts from what the purchase holds now: due after every
    /// change of quantity, prices or discounts.
    pub fn reprice(&mut self, product: &Product, currency: Currency) -> Result<(), NumberError> {
        let terms = &mut self.terms;
        if terms.is_tracking_items {
            terms.quantity = units(self.items.len())?;
        }
        let discounts: Vec<Discount> = self.discounts.iter().map(|stored| stored.discount).collect();
        let priced = price(&terms.pricing, terms.quantity, &discounts, currency)?;
        (terms.amount, terms.taxable_amount) = (priced.net, priced.taxable(product.fields.tax_exempt));
        Ok(())
    }

    /// How many items the target still waits for, when the purchase can be split there (purchases.md §3.13).
    pub fn missing_items(&self) -> Result<Quantity, Refusal> {
        let terms = &self.terms;
        let target = terms.target_order_quantity.filter(|_| terms.is_tracking_items);
        let target = target.ok_or(Refusal::SplitWithoutTarget)?;
        if terms.quantity.is_zero() {
            return Err(Refusal::SplitWithoutItems);
        }
        let missing = target.checked_sub(terms.quantity)?;
        if missing > Quantity::ZERO { Ok(missing) } else { Err(Refusal::TargetReached) }
    }

    /// The draft that a split makes: like this one, waiting for `target` items of its own. A discount of a fixed amount
    /// stays where it is, else it would be given twice (purchases.md §3.13).
    pub fn split_off(&self, target: Quantity) -> (PurchaseOrder, NewPurchase) {
        let entered = self.discounts.iter().filter(|stored| stored.coupon.is_none());
        let discounts = entered.map(|stored| stored.discount);
        let order = PurchaseOrder {
            product: self.terms.product,
            name: self.terms.name.clone(),
            description: self.terms.description.clone(),
            quantity: None,
            target_order_quantity: Some(target),
            override_ranges: None,
            pricing_model: None,
            custom_fields: self.custom_fields.iter().cloned().map(CustomField::from).collect(),
            discounts: discounts.filter(|discount| discount.discount_type != DiscountType::Amount).collect(),
            items: Vec::new(),
            coupon_codes: self.coupon_codes.clone(),
            earning: self.terms.earning,
            netsuite_location_id: self.netsuite_location_id.clone(),
            netsuite_class_id: self.netsuite_class_id.clone(),
            pricing_formula_type: self.pricing_formula_type.clone(),
        };
        let terms = NewPurchase {
            quantity: Quantity::ZERO,
            target_order_quantity: Some(target),
            amount: Amount::ZERO,
            taxable_amount: Amount::ZERO,
            ..self.terms.clone()
        };
        (order, terms)
    }
}
