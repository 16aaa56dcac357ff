//! Products within plans (catalog.md §5): how much of them, at which price for each frequency of the plan.

use money::Quantity;

use super::{Period, Plan, ProrationGranularity};
use crate::{
    id::{ChargeModelId, CycleId, PlanFrequencyId, PlanId, PlanProductId, ProductId},
    named::named,
    problem::Problems,
    product::{OrderToCashCycle, Product, ProductStatus, ProductType},
};

named! {
    /// Whether a plan product is part of new subscriptions.
    pub enum PlanProductStatus {
        /// It is.
        Active => "Active",
        /// It is not, and its subscription products are deleted, too.
        Deleted => "Deleted",
        /// It is not.
        Retired => "Retired",
    }
}

named! {
    /// What makes a charge (subscriptions.md §4.1).
    pub enum ChargeModelType {
        /// Purchase and renewal.
        Signup => "Signup",
        /// A change of the quantity.
        Lifetime => "Lifetime",
    }
}

named! {
    /// When a charge is made (subscriptions.md §4.1, §12.3).
    pub enum ChargeTimingType {
        /// When the period begins.
        StartOfPeriod => "StartOfPeriod",
        /// When the period has ended.
        EndOfPeriod => "EndOfPeriod",
        /// At once.
        Immediate => "Immediate",
        /// Only with the next period.
        DoNotCharge => "DoNotCharge",
    }
}

/// When and how finely something is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeModel {
    /// What makes the charge; one model a type.
    pub model_type: ChargeModelType,
    /// When it is made.
    pub timing_type: ChargeTimingType,
    /// Part of a period costs a part, this fine.
    pub proration_granularity: Option<ProrationGranularity>,
    /// More units cost the part of the period that is left.
    pub prorate_on_positive_quantity: bool,
    /// Fewer units give back the part of the period that is left.
    pub prorate_on_negative_quantity: bool,
    /// Fewer units reverse what was charged.
    pub reverse_charge_on_negative_quantity: bool,
}

impl ChargeModel {
    /// What a plan product charges when nothing else is said: each period when it begins, and new units at once.
    pub const DEFAULTS: [Self; 2] = [
        Self::whole(ChargeModelType::Signup, ChargeTimingType::StartOfPeriod),
        Self::whole(ChargeModelType::Lifetime, ChargeTimingType::Immediate),
    ];

    const fn whole(model_type: ChargeModelType, timing_type: ChargeTimingType) -> Self {
        Self {
            model_type,
            timing_type,
            proration_granularity: None,
            prorate_on_positive_quantity: false,
            prorate_on_negative_quantity: false,
            reverse_charge_on_negative_quantity: false,
        }
    }
}

/// How a plan product is charged at one frequency of its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleFields {
    /// When and how finely.
    pub charge_models: Vec<ChargeModel>,
    /// Prices and earning.
    pub cycle: OrderToCashCycle,
}

/// The frequency of the plan that a cycle is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrequencyName {
    /// By its id.
    Id(PlanFrequencyId),
    /// By its period, which is unique in a plan.
    Period(Period),
}

impl FrequencyName {
    /// The plan's frequency of this name.
    pub fn of(self, plan: &Plan) -> Option<PlanFrequencyId> {
        match self {
            Self::Id(id) => plan.frequency(id),
            Self::Period(period) => plan.frequency_of(period),
        }
        .map(|frequency| frequency.id)
    }
}

/// A cycle as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// Its id.
    pub id: CycleId,
    /// The frequency it is for.
    pub frequency: PlanFrequencyId,
    /// How often that is.
    pub period: Period,
    /// Ids of the charge models, in their order.
    pub charge_model_ids: Vec<ChargeModelId>,
    /// What callers write.
    pub fields: CycleFields,
}

/// What a caller writes of a plan product; limits hold (catalog.md §5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanProductFields {
    /// Whether it is part of new subscriptions.
    pub status: PlanProductStatus,
    /// At most 1000 characters; the product's when absent.
    pub code: Option<String>,
    /// At most 100 characters; the product's when absent.
    pub name: Option<String>,
    /// At most 1000 characters; the product's when code and name are absent, too.
    pub description: Option<String>,
    /// What a subscription begins with.
    pub quantity: Quantity,
    /// `None` is no maximum.
    pub max_quantity: Option<Quantity>,
    /// The quantity cannot be changed.
    pub is_fixed: bool,
    /// A subscription may go without it.
    pub is_optional: bool,
    /// A subscription that says nothing has it.
    pub is_included_by_default: bool,
    /// Subscriptions track items of it.
    pub is_tracking_items: bool,
    /// Charged at activation; else when the subscription is provisioned.
    pub charge_at_subscription_activation: bool,
    /// Charges of nothing are made, too.
    pub generate_zero_dollar_charge: bool,
}

/// A plan product as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanProduct {
    /// Its id.
    pub id: PlanProductId,
    /// The plan it is part of.
    pub plan: PlanId,
    /// What is sold.
    pub product: ProductId,
    /// What kind of thing that is.
    pub product_type: ProductType,
    /// Whether that can be put in plans.
    pub product_status: ProductStatus,
    /// General-ledger label of the product.
    pub gl_code: Option<String>,
    /// What callers write; code and name are always there.
    pub fields: PlanProductFields,
    /// One for each frequency it has a price at, oldest first.
    pub cycles: Vec<Cycle>,
}

impl PlanProductFields {
    /// The same fields, with what was left out taken from the product.
    #[must_use]
    pub fn named_after(self, product: &Product) -> Self {
        let of = &product.fields;
        let description = match (&self.code, &self.name) {
            (None, None) => self.description.or_else(|| of.description.clone()),
            (Some(_), _) | (_, Some(_)) => self.description,
        };
        Self {
            code: Some(self.code.unwrap_or_else(|| of.code.clone())),
            name: Some(self.name.unwrap_or_else(|| of.name.clone())),
            description,
            ..self
        }
    }

    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        let texts = [
            ("ProductCode", &self.code, 1_000),
            ("ProductName", &self.name, 100),
            ("ProductDescription", &self.description, 1_000),
        ];
        for (name, text, length_max) in texts {
            if let Some(text) = text {
                problems.check_length(name, text, length_max);
            }
        }
        if self.quantity.is_negative() {
            problems.push("Quantity", "Quantity must be a positive number or 0");
        }
        if self.max_quantity.is_some_and(|max| max < self.quantity) {
            problems.push("MaxQuantity", "MaxQuantity must not be less than Quantity.");
        }
    }
}

/// Records what is wrong with the cycles of a plan product of `plan`, made of a product of this type.
pub fn check_cycles(
    plan: &Plan,
    product_type: ProductType,
    cycles: &[(FrequencyName, CycleFields)],
    problems: &mut Problems,
) {
    let mut seen = Vec::with_capacity(cycles.len());
    for (index, (name, fields)) in cycles.iter().enumerate() {
        problems.item("OrderToCashCycles", index, |problems| {
            match name.of(plan) {
                None => problems.push("PlanFrequencyId", "The plan has no such frequency."),
                Some(frequency) if seen.contains(&frequency) => {
                    problems.push("PlanFrequencyId", "There is one cycle for each frequency of the plan.");
                }
                Some(frequency) => seen.push(frequency),
            }
            fields.check(product_type, problems);
        });
    }
}

impl CycleFields {
    /// Records what is wrong with the prices, the earning and the charge models.
    fn check(&self, product_type: ProductType, problems: &mut Problems) {
        for (index, model) in self.charge_models.iter().enumerate() {
            if self.charge_models[..index].iter().any(|earlier| earlier.model_type == model.model_type) {
                problems.item("ChargeModels", index, |problems| {
                    problems.push("ChargeModelType", "There is one charge model of each type.");
                });
            }
        }
        self.cycle.check(product_type, problems);
    }
}
