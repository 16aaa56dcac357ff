//! What callers send about plan families, and what it means.

use app::plan_families::update;
use billing::{
    id::{PlanFamilyId, PlanFrequencyId, PlanId},
    plan::family::{
        EarningOption, FamilyOptions, MigrationOptions, PlanFamilyFields, RelationshipFields, RelationshipOptions,
        TransferOption,
    },
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::required,
    wire::{reference::Reference, shape::Both},
};

/// Plans between which subscriptions may migrate, in the shape in which they are read.
pub(in crate::routes) type PlanFamilyRequest = Both<FamilyRequest, OptionsRequest>;

/// A plan family without its options.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "PlanFamilyRequest")]
pub(in crate::routes) struct FamilyRequest {
    /// Which family. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Unique in the account. Required.
    #[schemars(length(max = 255))]
    code: Option<String>,
    /// A name. Required.
    #[schemars(length(max = 100))]
    name: Option<String>,
    /// A description.
    #[schemars(length(max = 1000))]
    description: Option<String>,
    /// Its plans, as ids or as objects with an id.
    plans: Option<Vec<Reference>>,
    /// The allowed migrations between them.
    relationships: Option<Vec<Both<RelationshipRequest, OptionsRequest>>>,
}

/// One allowed migration, without its options.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "PlanFamilyRelationshipRequest")]
pub(in crate::routes) struct RelationshipRequest {
    /// The plan that is left. Required.
    source_plan_id: Option<i64>,
    /// The frequency of it. Required.
    source_plan_frequency_id: Option<i64>,
    /// The plan that is entered. Required.
    destination_plan_id: Option<i64>,
    /// The frequency of it. Required.
    destination_plan_frequency_id: Option<i64>,
}

/// What a migration does. What a relationship leaves out is as its family says; a family that says nothing transfers
/// nothing, and earns the charges so far.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "MigrationOptionsRequest")]
pub(in crate::routes) struct OptionsRequest {
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
}

impl PlanFamilyRequest {
    /// The family to create, or everything that is wrong with it.
    pub(in crate::routes) fn parse_new(self) -> Result<PlanFamilyFields, Vec<Problem>> {
        self.parse_fields(Problems::new())
    }

    /// The family as it shall be, or everything that is wrong with it.
    pub(super) fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = PlanFamilyId(required(&mut problems, "Id", self.0.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse_fields(problems)? })
    }

    fn parse_fields(self, mut problems: Problems) -> Result<PlanFamilyFields, Vec<Problem>> {
        let Both(family, options) = self;
        let plans = family.plans.unwrap_or_default().into_iter().enumerate();
        let plans: Vec<_> = plans
            .map(|(index, Reference(id))| {
                problems.item("Plans", index, |problems| required(problems, "Id", id).map(PlanId))
            })
            .collect();
        let relationships = family.relationships.unwrap_or_default().into_iter().enumerate();
        let relationships: Vec<_> = relationships
            .map(|(index, Both(ends, options))| {
                problems.item("Relationships", index, |problems| ends.parse(options.given(), problems))
            })
            .collect();
        let plans: Option<Vec<_>> = plans.into_iter().collect();
        // When one is incomplete, the others cannot be compared under their places.
        let relationships = relationships.into_iter().collect::<Option<_>>().filter(|_| plans.is_some());
        let fields = PlanFamilyFields {
            code: family.code.unwrap_or_default(),
            name: family.name.unwrap_or_default(),
            description: family.description,
            options: with_defaults(options.given()),
            plans: plans.unwrap_or_default(),
            relationships: relationships.unwrap_or_default(),
        };
        fields.check(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }
}

impl RelationshipRequest {
    fn parse(self, options: RelationshipOptions, problems: &mut Problems) -> Option<RelationshipFields> {
        let source_plan = required(problems, "SourcePlanId", self.source_plan_id);
        let source_frequency = required(problems, "SourcePlanFrequencyId", self.source_plan_frequency_id);
        let destination_plan = required(problems, "DestinationPlanId", self.destination_plan_id);
        let destination_frequency =
            required(problems, "DestinationPlanFrequencyId", self.destination_plan_frequency_id);
        Some(RelationshipFields {
            source_plan: PlanId(source_plan?),
            source_frequency: PlanFrequencyId(source_frequency?),
            destination_plan: PlanId(destination_plan?),
            destination_frequency: PlanFrequencyId(destination_frequency?),
            options,
        })
    }
}

impl OptionsRequest {
    fn given(&self) -> RelationshipOptions {
        let transfer = |option: Option<Name<TransferOption>>| option.map(|Name(option)| option);
        MigrationOptions {
            earning: self.earning_option.map(|Name(option)| option),
            name_override: transfer(self.name_override_option),
            description_override: transfer(self.description_override_option),
            reference: transfer(self.reference_option),
            expiry: transfer(self.expiry_option),
            custom_fields: transfer(self.custom_fields_option),
            contract_start: transfer(self.contract_start_option),
            contract_end: transfer(self.contract_end_option),
        }
    }
}

fn with_defaults(given: RelationshipOptions) -> FamilyOptions {
    let transfer = |option: Option<TransferOption>| option.unwrap_or(TransferOption::DoNotTransfer);
    MigrationOptions {
        earning: given.earning.unwrap_or(EarningOption::None),
        name_override: transfer(given.name_override),
        description_override: transfer(given.description_override),
        reference: transfer(given.reference),
        expiry: transfer(given.expiry),
        custom_fields: transfer(given.custom_fields),
        contract_start: transfer(given.contract_start),
        contract_end: transfer(given.contract_end),
    }
}
