//! Plans of a file, their products and families.

use std::collections::HashSet;

use billing::{
    id::{PlanFrequencyId, PlanId, PlanProductId, ProductId},
    plan::{
        Plan,
        family::{PlanFamilyFields, RelationshipFields},
        product::{FrequencyName, PlanProductStatus},
    },
    problem::Problems,
};

use super::{
    super::export::all,
    Import,
    references::{Of, References},
};
use crate::{
    Error,
    catalogue::{Entry, PlanEntry},
    plan_families,
    plan_products::{self, create},
    plans,
};

impl Import<'_, '_, '_> {
    /// Plans with their frequencies.
    pub(super) fn plans(&mut self, entries: &[PlanEntry]) -> Result<(), Error> {
        const LIST: &str = "Plans";
        self.check_repeated(LIST, "Code", entries.iter().map(|entry| &entry.fields.code));
        let mut is_new = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let done = self.element(LIST, index, |import| import.set_plan(entry))?;
            self.problems.item(LIST, index, |problems| {
                let stored = done.as_ref().map(|(plan, _)| plan);
                self.references.insert(Of::Plan, entry.id, stored.map(|plan| plan.id.0), problems);
                for (position, (id, fields)) in entry.frequency_ids.iter().zip(&entry.fields.frequencies).enumerate() {
                    let stored = stored.and_then(|plan| plan.frequency_of(fields.period));
                    problems.item("PlanFrequencies", position, |problems| {
                        self.references.insert(Of::Frequency, *id, stored.map(|frequency| frequency.id.0), problems);
                    });
                }
            });
            is_new.extend(done.map(|(_, is_new)| is_new));
        }
        self.count("plans", &is_new);
        Ok(())
    }

    fn set_plan(&mut self, entry: &PlanEntry) -> Result<(Plan, bool), Error> {
        match store::plan::find_by_code(self.tx, self.session.account.id, &entry.fields.code)? {
            Some(id) => {
                let order = plans::update::Order { id, fields: entry.fields.clone() };
                plans::update::run(self.tx, self.session, &order).map(|plan| (plan, false))
            }
            None => plans::create::run(self.tx, self.session, &entry.fields).map(|plan| (plan, true)),
        }
    }

    /// Products within plans: the one that the plan has under the same code is updated.
    pub(super) fn plan_products(&mut self, entries: &[Entry<create::Order>]) -> Result<(), Error> {
        const LIST: &str = "PlanProducts";
        let (mut is_new, mut seen) = (Vec::new(), HashSet::new());
        for (index, entry) in entries.iter().enumerate() {
            let references = &self.references;
            let order = self.problems.item(LIST, index, |problems| {
                let plan = references.resolve(Of::Plan, entry.fields.plan.0, "PlanId", problems);
                let product = references.resolve(Of::Product, entry.fields.product.0, "ProductId", problems);
                let mut order = entry.fields.clone();
                for (position, (name, _)) in order.cycles.iter_mut().enumerate() {
                    let FrequencyName::Id(id) = name else { continue };
                    let stored = problems.item("OrderToCashCycles", position, |problems| {
                        references.resolve(Of::Frequency, id.0, "PlanFrequencyId", problems)
                    });
                    *id = PlanFrequencyId(stored?);
                }
                (order.plan, order.product) = (PlanId(plan?), ProductId(product?));
                Some(order)
            });
            let done = match &order {
                Some(order) => self.element(LIST, index, |import| import.set_plan_product(order))?,
                None => None,
            };
            self.problems.item(LIST, index, |problems| {
                self.references.insert(Of::PlanProduct, entry.id, done.map(|(id, _)| id), problems);
                if done.is_some_and(|(id, _)| !seen.insert(id)) {
                    problems.push("ProductCode", "The plan has this product under this code already in the file.");
                }
            });
            is_new.extend(done.map(|(_, is_new)| is_new));
        }
        self.count("planProducts", &is_new);
        Ok(())
    }

    fn set_plan_product(&mut self, order: &create::Order) -> Result<(i64, bool), Error> {
        let account = self.session.account.id;
        let parts = all(|page| Ok(store::plan::product::list_of_plan(self.tx, account, order.plan, page)?))?;
        let is_same = |code: &Option<String>| order.fields.code.is_none() || *code == order.fields.code;
        let same = parts.iter().filter(|part| part.product == order.product && is_same(&part.fields.code));
        // One that was taken out of the plan is not brought back while another has its place.
        let same = same.min_by_key(|part| part.fields.status == PlanProductStatus::Deleted);
        let Some(PlanProductId(id)) = same.map(|part| part.id) else {
            return create::run(self.tx, self.session, order).map(|part| (part.id.0, true));
        };
        let (fields, cycles) = (order.fields.clone(), order.cycles.clone());
        let (plan, product) = (Some(order.plan), Some(order.product));
        let update = plan_products::update::Order { id: PlanProductId(id), plan, product, fields, cycles };
        plan_products::update::run(self.tx, self.session, &update)?;
        Ok((id, false))
    }

    /// Plan families.
    pub(super) fn plan_families(&mut self, families: &[PlanFamilyFields]) -> Result<(), Error> {
        const LIST: &str = "PlanFamilies";
        self.check_repeated(LIST, "Code", families.iter().map(|family| &family.code));
        let mut is_new = Vec::new();
        for (index, family) in families.iter().enumerate() {
            let references = &self.references;
            let resolved = self.problems.item(LIST, index, |problems| {
                let plans = family.plans.iter().enumerate().map(|(position, plan)| {
                    problems.item("Plans", position, |problems| {
                        references.resolve(Of::Plan, plan.0, "", problems).map(PlanId)
                    })
                });
                let plans: Vec<_> = plans.collect();
                let relationships = family.relationships.iter().enumerate().map(|(position, one)| {
                    problems.item("Relationships", position, |problems| relationship(references, one, problems))
                });
                let relationships: Vec<_> = relationships.collect();
                Some(PlanFamilyFields {
                    plans: plans.into_iter().collect::<Option<_>>()?,
                    relationships: relationships.into_iter().collect::<Option<_>>()?,
                    ..family.clone()
                })
            });
            let Some(fields) = resolved else { continue };
            is_new.extend(self.element(LIST, index, |import| import.set_family(fields))?);
        }
        self.count("planFamilies", &is_new);
        Ok(())
    }

    fn set_family(&mut self, fields: PlanFamilyFields) -> Result<bool, Error> {
        match store::plan::family::find_by_code(self.tx, self.session.account.id, &fields.code)? {
            Some(id) => {
                let order = plan_families::update::Order { id, fields };
                plan_families::update::run(self.tx, self.session, &order).map(|_| false)
            }
            None => plan_families::create::run(self.tx, self.session, &fields).map(|_| true),
        }
    }
}

/// The relationship with the ids of this account instead of the file's.
fn relationship(
    references: &References,
    of: &RelationshipFields,
    problems: &mut Problems,
) -> Option<RelationshipFields> {
    let mut resolve = |kind: Of, id: i64, field: &str| references.resolve(kind, id, field, problems);
    let source_plan = resolve(Of::Plan, of.source_plan.0, "SourcePlanId");
    let source_frequency = resolve(Of::Frequency, of.source_frequency.0, "SourcePlanFrequencyId");
    let destination_plan = resolve(Of::Plan, of.destination_plan.0, "DestinationPlanId");
    let destination_frequency = resolve(Of::Frequency, of.destination_frequency.0, "DestinationPlanFrequencyId");
    Some(RelationshipFields {
        source_plan: PlanId(source_plan?),
        source_frequency: PlanFrequencyId(source_frequency?),
        destination_plan: PlanId(destination_plan?),
        destination_frequency: PlanFrequencyId(destination_frequency?),
        options: of.options,
    })
}
