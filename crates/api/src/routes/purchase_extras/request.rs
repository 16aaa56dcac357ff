//! What callers send about what hangs on draft purchases (purchases.md §3.15–§3.17).

use app::{
    purchase_coupons::create as apply,
    purchase_discounts::{create, update},
    purchases::set_custom_field,
};
use billing::{
    custom_field::{CustomField, KEY_LENGTH_MAX, VALUE_LENGTH_MAX},
    discount::DiscountType,
    id::{PurchaseDiscountId, PurchaseId},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{discount, required, required_text, text},
    wire::scalar::Decimal,
};

/// A discount to put on a purchase.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "PurchaseDiscountRequest")]
pub(super) struct NewDiscountRequest {
    /// The purchase, in status Draft. Required.
    purchase_id: Option<i64>,
    /// What the number means. Required.
    discount_type: Option<Name<DiscountType>>,
    /// Percent or money; not negative. Required.
    amount: Option<Decimal>,
}

impl NewDiscountRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<create::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let purchase = required(&mut problems, "PurchaseId", self.purchase_id);
        let discount = discount(&mut problems, self.discount_type, self.amount);
        whole(problems, purchase.zip(discount))
            .map(|(purchase, discount)| create::Order { purchase: PurchaseId(purchase), discount })
    }
}

/// A discount on a purchase as it shall be.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "PurchaseDiscountUpdateRequest")]
pub(super) struct UpdatedDiscountRequest {
    /// The discount. Required.
    id: Option<i64>,
    /// What the number means. Required.
    discount_type: Option<Name<DiscountType>>,
    /// Percent or money; not negative. Required.
    amount: Option<Decimal>,
}

impl UpdatedDiscountRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let discount = discount(&mut problems, self.discount_type, self.amount);
        whole(problems, id.zip(discount)).map(|(id, discount)| update::Order { id: PurchaseDiscountId(id), discount })
    }
}

/// A coupon to apply to a purchase.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PurchaseCouponRequest {
    /// The purchase, in status Draft. Required.
    purchase_id: Option<i64>,
    /// The coupon's code. Required.
    coupon_code: Option<String>,
    /// Apply it whatever its status, time and usages are.
    skip_coupon_validation: Option<bool>,
}

impl PurchaseCouponRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<apply::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let purchase = required(&mut problems, "PurchaseId", self.purchase_id);
        let code = required_text(&mut problems, "CouponCode", self.coupon_code, 255);
        let skips_validation = self.skip_coupon_validation.unwrap_or_default();
        whole(problems, purchase.zip(code)).map(|(purchase, code)| apply::Order {
            purchase: PurchaseId(purchase),
            code,
            skips_validation,
        })
    }
}

/// A value to set on a purchase.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "PurchaseCustomFieldRequest")]
pub(super) struct CustomFieldRequest {
    /// The purchase, in status Draft. Required.
    purchase_id: Option<i64>,
    /// The key of a custom field. Required.
    #[schemars(length(max = 255))]
    key: Option<String>,
    /// The value's text form; any scalar. Null empties the field.
    #[schemars(length(max = 1000))]
    value: Option<String>,
}

impl CustomFieldRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<set_custom_field::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let purchase = required(&mut problems, "PurchaseId", self.purchase_id);
        let key = required_text(&mut problems, "Key", self.key, KEY_LENGTH_MAX);
        let value = text(&mut problems, "Value", self.value, VALUE_LENGTH_MAX);
        whole(problems, purchase.zip(key)).map(|(purchase, key)| set_custom_field::Order {
            purchase: PurchaseId(purchase),
            field: CustomField { key, value },
        })
    }
}

/// The parts, unless there was a problem; without one they are all there.
fn whole<T>(problems: Problems, parts: Option<T>) -> Result<T, Vec<Problem>> {
    problems.into_result()?;
    parts.ok_or_else(Vec::new)
}
