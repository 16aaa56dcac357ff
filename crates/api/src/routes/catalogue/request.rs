//! What a file says, and what it means.

use app::catalogue::{Entry, Kept, Order, PlanEntry};
use billing::problem::{Problem, Problems};
use serde::Deserialize;

use crate::{
    routes::{
        coupons::CouponRequest, custom_fields::DefinitionRequest, discounts::DiscountRequest, gl_codes::GlCodeRequest,
        plan_families::PlanFamilyRequest, plan_products::PlanProductRequest, plans::PlanRequest,
        products::ProductRequest,
    },
    wire::shape::Both,
};

/// Members of answers that a file may have and an import does not need, because they follow from the rest: by the path of
/// their object, every list being one element.
const SPARE: &[(&str, &[&str])] = &[
    ("Products", &["deletable"]),
    ("Products.ProductCustomFields", &["friendlyName", "dataType"]),
    ("Plans", &["modificationTimestamp"]),
    ("Plans.PlanFrequencies", &["planRevisionId", "numberOfSubscriptions", "planFrequencyUniqueId"]),
    ("PlanProducts", &["productStatus", "productType", "productGLCode", "isRecurring"]),
    ("PlanProducts.OrderToCashCycles", &["planProductId"]),
    ("Coupons", &["eligibilityStartDate", "eligibilityEndDate"]),
    ("Coupons.Plans.PlanProducts", &["planProductId"]),
];

/// Whether a member that is not read may be there all the same; every thing of an answer has an id and a URI.
pub(super) fn is_spare(object: &str, member: &str) -> bool {
    let is = |name: &&str| name.eq_ignore_ascii_case(member);
    let is_thing = !object.is_empty() && ["id", "uri"].iter().any(is);
    is_thing || SPARE.iter().any(|(of, members)| *of == object && members.iter().any(is))
}

/// A catalogue in the shapes in which it is read.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CatalogueRequest {
    gl_codes: Option<Vec<GlCodeRequest>>,
    custom_fields: Option<Vec<DefinitionRequest>>,
    products: Option<Vec<Both<Key, ProductRequest>>>,
    discounts: Option<Vec<Both<Key, DiscountRequest>>>,
    plans: Option<Vec<Both<PlanKey, PlanRequest>>>,
    plan_products: Option<Vec<Both<Key, PlanProductRequest>>>,
    coupons: Option<Vec<CouponRequest>>,
    plan_families: Option<Vec<PlanFamilyRequest>>,
}

/// By what the rest of the file refers to a thing.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Key {
    id: Option<i64>,
}

/// By what the rest of the file refers to a plan and its frequencies.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PlanKey {
    id: Option<i64>,
    plan_frequencies: Option<Vec<Key>>,
}

impl CatalogueRequest {
    /// The catalogue, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let order = Order {
            gl_codes: each("GlCodes", self.gl_codes, &mut problems, |one| one.parse(Problems::new())),
            custom_fields: each("CustomFields", self.custom_fields, &mut problems, |one| one.parse(Problems::new())),
            products: each("Products", self.products, &mut problems, |Both(key, one)| {
                one.parse_new().map(|fields| Entry { id: key.id, fields })
            }),
            keeps: Kept::Nothing,
            discounts: each("Discounts", self.discounts, &mut problems, |Both(key, one)| {
                one.parse_new().map(|fields| Entry { id: key.id, fields })
            }),
            plans: each("Plans", self.plans, &mut problems, |Both(key, one)| {
                let frequency_ids = key.plan_frequencies.unwrap_or_default().into_iter().map(|key| key.id).collect();
                one.parse_new().map(|fields| PlanEntry { id: key.id, frequency_ids, fields })
            }),
            plan_products: each("PlanProducts", self.plan_products, &mut problems, |Both(key, one)| {
                one.parse_new().map(|fields| Entry { id: key.id, fields })
            }),
            coupons: each("Coupons", self.coupons, &mut problems, CouponRequest::parse_new),
            plan_families: each("PlanFamilies", self.plan_families, &mut problems, PlanFamilyRequest::parse_new),
        };
        problems.into_result()?;
        Ok(order)
    }
}

/// What the elements of a list mean; what is wrong with one is recorded under its place.
fn each<R, O>(
    list: &str,
    elements: Option<Vec<R>>,
    problems: &mut Problems,
    mut parse: impl FnMut(R) -> Result<O, Vec<Problem>>,
) -> Vec<O> {
    let mut parsed = Vec::new();
    for (index, element) in elements.unwrap_or_default().into_iter().enumerate() {
        match parse(element) {
            Ok(element) => parsed.push(element),
            Err(found) => problems.item(list, index, |problems| {
                for problem in found {
                    problems.push(&problem.field, problem.message);
                }
            }),
        }
    }
    parsed
}
