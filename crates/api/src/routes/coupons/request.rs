//! What callers send about coupons, and what it means (catalog.md §8.2).

use app::coupons::{update, validate};
use billing::{
    coupon::{CouponCode, CouponFields, CouponPlan, CouponStatus, Eligibility},
    id::{CouponCodeId, CouponId, CustomerId, DiscountId, EligibilityId},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{required, required_text},
    wire::{reference::Reference, scalar::Timestamp},
};

/// A coupon, in the shape in which it is read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct CouponRequest {
    /// Which coupon. Required for an update, ignored at creation.
    id: Option<i64>,
    /// A name. Required.
    #[schemars(length(max = 255))]
    name: Option<String>,
    /// A description.
    #[schemars(length(max = 500))]
    description: Option<String>,
    /// `Retired` closes the coupon; every other status follows from the rest.
    status: Option<Name<CouponStatus>>,
    /// All frequencies of all plans get it.
    apply_to_all_plans: Option<bool>,
    /// Each customer may use it once.
    one_time_use: Option<bool>,
    /// Codes by which it is asked for.
    coupon_codes: Option<Vec<CodeRequest>>,
    /// Discounts that it brings.
    discounts: Option<Vec<Reference>>,
    /// Times in which they hold, which do not overlap; none means always.
    eligibilities: Option<Vec<EligibilityRequest>>,
    /// Plans that get it.
    plans: Option<Vec<PlanRequest>>,
}

/// A code by which a coupon is asked for.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "CouponCodeRequest")]
struct CodeRequest {
    /// Which code of the coupon, as it was read; ignored at creation.
    id: Option<i64>,
    /// Unique in the account. Required.
    #[schemars(length(max = 255))]
    code: Option<String>,
    /// How many more purchases may use it; null is any number. Sent back with the id, a number that was read changes nothing.
    remaining_usages: Option<i64>,
}

/// A time in which discounts hold.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct EligibilityRequest {
    /// Which window of the coupon; a new one when absent.
    id: Option<i64>,
    /// The first instant; null is ever since.
    start_date: Option<Timestamp>,
    /// The last instant; null is for ever.
    end_date: Option<Timestamp>,
    /// Which discounts; none means all of the coupon.
    discounts: Option<Vec<Reference>>,
}

/// A plan that gets the coupon.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "CouponPlanRequest")]
struct PlanRequest {
    /// The plan. Required.
    id: Option<i64>,
    /// All of its products get it.
    apply_to_all_products: Option<bool>,
    /// Otherwise these.
    plan_products: Option<Vec<Reference>>,
}

/// A use of a coupon that is thought of.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "CouponValidationRequest")]
pub(super) struct ValidationRequest {
    /// The code. Required.
    coupon_code: Option<String>,
    /// The plan; purchases when absent.
    plan_id: Option<i64>,
    /// The customer; anybody who has not used it when absent.
    customer_id: Option<i64>,
}

impl CouponRequest {
    /// The coupon to create, or everything that is wrong with it.
    pub(in crate::routes) fn parse_new(self) -> Result<CouponFields, Vec<Problem>> {
        self.parse(Problems::new())
    }

    /// The coupon as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = CouponId(required(&mut problems, "Id", self.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse(problems)?, keeps_usages: false })
    }

    fn parse(self, mut problems: Problems) -> Result<CouponFields, Vec<Problem>> {
        let discounts = references(&mut problems, "Discounts", self.discounts).into_iter().map(DiscountId).collect();
        let windows = self.eligibilities.unwrap_or_default().into_iter().enumerate();
        let eligibilities = windows
            .map(|(index, window)| problems.item("Eligibilities", index, |problems| window.parse(problems)))
            .collect();
        let plans = self.plans.unwrap_or_default().into_iter().enumerate();
        let plans =
            plans.filter_map(|(index, plan)| problems.item("Plans", index, |problems| plan.parse(problems))).collect();
        let codes = self.coupon_codes.unwrap_or_default().into_iter();
        let codes = codes.map(|code| CouponCode {
            // Shown, and sent back, as 0 by who has no id.
            id: code.id.filter(|id| *id != 0).map(CouponCodeId),
            code: code.code.unwrap_or_default(),
            remaining_usages: code.remaining_usages,
        });
        let fields = CouponFields {
            name: self.name.unwrap_or_default(),
            description: self.description,
            is_retired: self.status == Some(Name(CouponStatus::Retired)),
            applies_to_all_plans: self.apply_to_all_plans.unwrap_or_default(),
            is_one_time_use: self.one_time_use.unwrap_or_default(),
            codes: codes.collect(),
            discounts,
            eligibilities,
            plans,
        };
        fields.check_limits(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }
}

impl EligibilityRequest {
    fn parse(self, problems: &mut Problems) -> Eligibility {
        Eligibility {
            // An object without an id of its own is shown, and sent back, with 0.
            id: self.id.filter(|id| *id != 0).map(EligibilityId),
            starts_at: self.start_date.map(|Timestamp(instant)| instant),
            ends_at: self.end_date.map(|Timestamp(instant)| instant),
            discounts: references(problems, "Discounts", self.discounts).into_iter().map(DiscountId).collect(),
        }
    }
}

impl PlanRequest {
    fn parse(self, problems: &mut Problems) -> Option<CouponPlan> {
        let plan = required(problems, "Id", self.id);
        let plan_products = references(problems, "PlanProducts", self.plan_products);
        Some(CouponPlan {
            plan: plan?,
            applies_to_all_products: self.apply_to_all_products.unwrap_or_default(),
            plan_products,
        })
    }
}

/// The ids in a list; objects without one and ids that are given twice are recorded.
fn references(problems: &mut Problems, list: &str, references: Option<Vec<Reference>>) -> Vec<i64> {
    let mut ids = Vec::new();
    for (index, Reference(id)) in references.unwrap_or_default().into_iter().enumerate() {
        problems.item(list, index, |problems| {
            let Some(id) = required(problems, "Id", id) else { return };
            if ids.contains(&id) {
                problems.push("Id", format!("Id {id} is given more than once."));
            }
            ids.push(id);
        });
    }
    ids
}

impl ValidationRequest {
    /// The question, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<validate::Question, Vec<Problem>> {
        let mut problems = Problems::new();
        let code = required_text(&mut problems, "CouponCode", self.coupon_code, 255);
        problems.into_result()?;
        Ok(validate::Question {
            code: code.unwrap_or_default(),
            plan: self.plan_id,
            customer: self.customer_id.map(CustomerId),
        })
    }
}
