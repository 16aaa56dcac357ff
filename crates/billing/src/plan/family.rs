//! Plan families (catalog.md §6): which plans a subscription may migrate between, and what it takes along.

use super::check_names;
use crate::{
    id::{PlanFamilyId, PlanFrequencyId, PlanId, RelationshipId},
    named::named,
    problem::Problems,
};

named! {
    /// What becomes of the charges of the subscription that is left.
    pub enum EarningOption {
        /// They are fully earned.
        None => "None",
        /// What is not earned yet is reversed.
        Unearned => "Unearned",
        /// All of them are reversed.
        Full => "Full",
    }
}

named! {
    /// Whether something goes along to the new subscription.
    pub enum TransferOption {
        /// It does.
        Transfer => "Transfer",
        /// It does not.
        DoNotTransfer => "DoNotTransfer",
    }
}

/// What a migration does; `T` and `E` are optional where a default stands behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationOptions<E, T> {
    /// The charges so far.
    pub earning: E,
    /// The name given to the subscription.
    pub name_override: T,
    /// The description given to the subscription.
    pub description_override: T,
    /// Its reference.
    pub reference: T,
    /// When it expires.
    pub expiry: T,
    /// Values of custom fields.
    pub custom_fields: T,
    /// When its contract began.
    pub contract_start: T,
    /// When its contract ends.
    pub contract_end: T,
}

/// The options of a family.
pub type FamilyOptions = MigrationOptions<EarningOption, TransferOption>;
/// The options of one relationship; what is absent is as the family says.
pub type RelationshipOptions = MigrationOptions<Option<EarningOption>, Option<TransferOption>>;

/// One allowed migration: from a frequency of a plan to a frequency of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationshipFields {
    /// The plan that is left.
    pub source_plan: PlanId,
    /// The frequency of it.
    pub source_frequency: PlanFrequencyId,
    /// The plan that is entered.
    pub destination_plan: PlanId,
    /// The frequency of it.
    pub destination_frequency: PlanFrequencyId,
    /// What differs from the family's options.
    pub options: RelationshipOptions,
}

/// What a caller writes of a family; limits hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFamilyFields {
    /// Unique in the account, at most 255 characters.
    pub code: String,
    /// At most 100 characters.
    pub name: String,
    /// At most 1000 characters.
    pub description: Option<String>,
    /// What migrations do.
    pub options: FamilyOptions,
    /// Its plans, none twice.
    pub plans: Vec<PlanId>,
    /// The allowed migrations between them.
    pub relationships: Vec<RelationshipFields>,
}

/// A family as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFamily {
    /// Its id.
    pub id: PlanFamilyId,
    /// What callers write.
    pub fields: PlanFamilyFields,
    /// Ids of the relationships, in their order.
    pub relationship_ids: Vec<RelationshipId>,
}

impl PlanFamilyFields {
    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        check_names(&self.code, &self.name, problems);
        if let Some(description) = &self.description {
            problems.check_length("Description", description, 1_000);
        }
        for (index, plan) in self.plans.iter().enumerate() {
            if self.plans[..index].contains(plan) {
                problems.item("Plans", index, |problems| problems.push("Id", "A family has each plan once."));
            }
        }
        for (index, relationship) in self.relationships.iter().enumerate() {
            problems.item("Relationships", index, |problems| {
                self.check_relationship(relationship, &self.relationships[..index], problems);
            });
        }
    }

    fn check_relationship(&self, of: &RelationshipFields, earlier: &[RelationshipFields], problems: &mut Problems) {
        for (name, plan) in [("SourcePlanId", of.source_plan), ("DestinationPlanId", of.destination_plan)] {
            if !self.plans.contains(&plan) {
                problems.push(name, format!("Plan with id {plan} is not in the family."));
            }
        }
        if of.source_frequency == of.destination_frequency {
            problems.push("DestinationPlanFrequencyId", "A migration leads to another plan frequency.");
        }
        let ends = |of: &RelationshipFields| (of.source_frequency, of.destination_frequency);
        if earlier.iter().any(|earlier| ends(earlier) == ends(of)) {
            problems.push("", "A family has each relationship once.");
        }
    }
}
