//! The whole catalogue of an account at once: to be written to a file, and to be read from one.

pub mod export;
pub mod import;

use billing::{
    catalogue_discount::{CatalogueDiscount, DiscountFields},
    coupon::{Coupon, CouponFields},
    custom_field::{CustomFieldDefinition, DefinitionFields},
    gl_code::{GlCode, GlCodeFields},
    plan::{
        Plan, PlanFields,
        family::{PlanFamily, PlanFamilyFields},
        product::PlanProduct,
    },
    product::{Product, ProductFields},
};

use crate::plan_products;

/// Everything that an account sells, and how; each list in the order in which it was made.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// General-ledger labels.
    pub gl_codes: Vec<GlCode>,
    /// Definitions of custom fields.
    pub custom_fields: Vec<CustomFieldDefinition>,
    /// Products.
    pub products: Vec<Product>,
    /// Discounts.
    pub discounts: Vec<CatalogueDiscount>,
    /// Plans.
    pub plans: Vec<Plan>,
    /// Products within plans, without those that were deleted from their plan.
    pub plan_products: Vec<PlanProduct>,
    /// Coupons.
    pub coupons: Vec<Coupon>,
    /// Plan families.
    pub plan_families: Vec<PlanFamily>,
}

/// Something that a file describes, and the id by which the rest of the file refers to it.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// Means something within the file only.
    pub id: Option<i64>,
    /// What it shall be; every field is within its own limits.
    pub fields: T,
}

/// A plan that a file describes.
#[derive(Debug, Clone)]
pub struct PlanEntry {
    /// Means something within the file only.
    pub id: Option<i64>,
    /// Ids of the frequencies, in their order; they mean something within the file only.
    pub frequency_ids: Vec<Option<i64>>,
    /// What it shall be; every field is within its own limits.
    pub fields: PlanFields,
}

/// A catalogue as a file describes it. All ids in it are the file's own.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// General-ledger labels.
    pub gl_codes: Vec<GlCodeFields>,
    /// Definitions of custom fields.
    pub custom_fields: Vec<DefinitionFields>,
    /// Products.
    pub products: Vec<Entry<ProductFields>>,
    /// What products keep because the file has no place for it.
    pub keeps: Kept,
    /// Discounts.
    pub discounts: Vec<Entry<DiscountFields>>,
    /// Plans.
    pub plans: Vec<PlanEntry>,
    /// Products within plans.
    pub plan_products: Vec<Entry<plan_products::create::Order>>,
    /// Coupons.
    pub coupons: Vec<CouponFields>,
    /// Plan families.
    pub plan_families: Vec<PlanFamilyFields>,
}

/// What a file has no place for, so that it says nothing of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kept {
    /// The file holds everything, and what it leaves out is cleared.
    #[default]
    Nothing,
    /// Spreadsheets have no column for custom fields, prices by quantity and ids of other systems.
    WithoutColumn,
    /// The spreadsheet has no column of earning, either.
    EarningToo,
}

/// What an import did with one kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Things that were not there before.
    pub created: usize,
    /// Things that were.
    pub updated: usize,
}

/// What an import did, by the name of the list in the file.
pub type Report = Vec<(&'static str, Count)>;
