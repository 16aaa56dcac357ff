//! What callers are shown of plan families (catalog.md §6).

use billing::{
    id::RelationshipId,
    plan::family::{EarningOption, PlanFamily as Stored, RelationshipFields, TransferOption},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{links::Links, name::Name};

/// Plans between which subscriptions may migrate.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::routes) struct PlanFamily {
    /// Unique in the account.
    code: String,
    /// A name.
    name: String,
    /// A description.
    description: Option<String>,
    /// What becomes of the charges so far.
    earning_option: Name<EarningOption>,
    /// Whether the subscription's name goes along.
    name_override_option: Name<TransferOption>,
    /// Whether its description goes along.
    description_override_option: Name<TransferOption>,
    /// Whether its reference goes along.
    reference_option: Name<TransferOption>,
    /// Whether its expiry goes along.
    expiry_option: Name<TransferOption>,
    /// Whether values of custom fields go along.
    custom_fields_option: Name<TransferOption>,
    /// Whether the contract's start goes along.
    contract_start_option: Name<TransferOption>,
    /// Whether the contract's end goes along.
    contract_end_option: Name<TransferOption>,
    /// Its plans.
    plans: Vec<Plan>,
    /// The allowed migrations.
    relationships: Vec<Relationship>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// A plan of a family.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PlanFamilyPlan")]
struct Plan {
    /// The plan.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// One allowed migration; an option that is null is as the family says.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PlanFamilyRelationship")]
struct Relationship {
    /// The plan that is left.
    source_plan_id: i64,
    /// The frequency of it.
    source_plan_frequency_id: i64,
    /// The plan that is entered.
    destination_plan_id: i64,
    /// The frequency of it.
    destination_plan_frequency_id: i64,
    /// What becomes of the charges so far.
    earning_option: Option<Name<EarningOption>>,
    /// Whether the subscription's name goes along.
    name_override_option: Option<Name<TransferOption>>,
    /// Whether its description goes along.
    description_override_option: Option<Name<TransferOption>>,
    /// Whether its reference goes along.
    reference_option: Option<Name<TransferOption>>,
    /// Whether its expiry goes along.
    expiry_option: Option<Name<TransferOption>>,
    /// Whether values of custom fields go along.
    custom_fields_option: Option<Name<TransferOption>>,
    /// Whether the contract's start goes along.
    contract_start_option: Option<Name<TransferOption>>,
    /// Whether the contract's end goes along.
    contract_end_option: Option<Name<TransferOption>>,
    /// Its id.
    id: i64,
    /// Always null: it is read with its family.
    uri: Option<String>,
}

impl PlanFamily {
    pub(in crate::routes) fn of(links: &Links, family: Stored) -> Self {
        let Stored { id, fields, relationship_ids } = family;
        let options = fields.options;
        let relationships = relationship_ids.into_iter().zip(fields.relationships);
        Self {
            code: fields.code,
            name: fields.name,
            description: fields.description,
            earning_option: Name(options.earning),
            name_override_option: Name(options.name_override),
            description_override_option: Name(options.description_override),
            reference_option: Name(options.reference),
            expiry_option: Name(options.expiry),
            custom_fields_option: Name(options.custom_fields),
            contract_start_option: Name(options.contract_start),
            contract_end_option: Name(options.contract_end),
            plans: fields.plans.into_iter().map(|plan| Plan { id: plan.0, uri: links.plan(plan.0) }).collect(),
            relationships: relationships.map(Relationship::of).collect(),
            id: id.0,
            uri: links.plan_family(id.0),
        }
    }
}

impl Relationship {
    fn of((id, fields): (RelationshipId, RelationshipFields)) -> Self {
        let options = fields.options;
        Self {
            source_plan_id: fields.source_plan.0,
            source_plan_frequency_id: fields.source_frequency.0,
            destination_plan_id: fields.destination_plan.0,
            destination_plan_frequency_id: fields.destination_frequency.0,
            earning_option: options.earning.map(Name),
            name_override_option: options.name_override.map(Name),
            description_override_option: options.description_override.map(Name),
            reference_option: options.reference.map(Name),
            expiry_option: options.expiry.map(Name),
            custom_fields_option: options.custom_fields.map(Name),
            contract_start_option: options.contract_start.map(Name),
            contract_end_option: options.contract_end.map(Name),
            id: id.0,
            uri: None,
        }
    }
}
