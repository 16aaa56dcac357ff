//! Plan families: their plans, and the migrations between them.

use std::collections::HashMap;

use billing::{
    id::{AccountId, PlanFamilyId, PlanFrequencyId, PlanId, RelationshipId},
    listing::{Kind, Page, Slice},
    named::Named,
    plan::family::{
        EarningOption, FamilyOptions, MigrationOptions, PlanFamily, PlanFamilyFields, RelationshipFields,
        RelationshipOptions,
    },
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    many::each_of,
    presence,
    row::{Columns, at, name_opt, text_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "code",
    "name",
    "description",
    "earning_option",
    "name_override_option",
    "description_override_option",
    "reference_option",
    "expiry_option",
    "custom_fields_option",
    "contract_start_option",
    "contract_end_option",
    "modified_at",
    "created_at",
];

const RELATIONSHIP_COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "plan_family_id",
    "source_plan_id",
    "source_frequency_id",
    "destination_plan_id",
    "destination_frequency_id",
    "earning_option",
    "name_override_option",
    "description_override_option",
    "reference_option",
    "expiry_option",
    "custom_fields_option",
    "contract_start_option",
    "contract_end_option",
];

/// Stores a new family.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, family: &PlanFamily, now: Instant) -> Result<(), Error> {
    let mut row = field_values(account, family.id, &family.fields, now);
    row.push(at(now));
    tx.insert("plan_family", COLUMNS, [row])?;
    insert_children(tx, account, family)
}

/// Replaces a family, its plans and relationships included.
pub fn update(tx: &mut Tx<'_>, account: AccountId, family: &PlanFamily, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE plan_family SET code = $3, name = $4, description = $5, earning_option = $6, name_override_option = $7,
             description_override_option = $8, reference_option = $9, expiry_option = $10, custom_fields_option = $11,
             contract_start_option = $12, contract_end_option = $13, modified_at = $14
         WHERE account_id = $1 AND id = $2",
        &field_values(account, family.id, &family.fields, now),
    )?;
    delete_children(tx, account, family.id)?;
    insert_children(tx, account, family)
}

/// Deletes a family.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: PlanFamilyId) -> Result<(), Error> {
    delete_children(tx, account, id)?;
    tx.execute("DELETE FROM plan_family WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// The columns up to `modified_at`, in order.
fn field_values(account: AccountId, id: PlanFamilyId, fields: &PlanFamilyFields, now: Instant) -> Vec<Value<'_>> {
    let options = &fields.options;
    values![
        account.0,
        id.0,
        fields.code.as_str(),
        fields.name.as_str(),
        text_opt(fields.description.as_ref()),
        options.earning.name(),
        options.name_override.name(),
        options.description_override.name(),
        options.reference.name(),
        options.expiry.name(),
        options.custom_fields.name(),
        options.contract_start.name(),
        options.contract_end.name(),
        at(now)
    ]
    .into()
}

fn insert_children(tx: &mut Tx<'_>, account: AccountId, family: &PlanFamily) -> Result<(), Error> {
    let plans = (0i64..).zip(&family.fields.plans);
    let plans = plans.map(|(number, plan)| values![account.0, family.id.0, number, plan.0]);
    tx.insert("plan_family_plan", &["account_id", "plan_family_id", "plan_number", "plan_id"], plans)?;
    let relationships = family.relationship_ids.iter().zip(&family.fields.relationships);
    let relationships = relationships.map(|(id, of)| {
        let options = &of.options;
        values![
            account.0,
            id.0,
            family.id.0,
            of.source_plan.0,
            of.source_frequency.0,
            of.destination_plan.0,
            of.destination_frequency.0,
            name_opt(options.earning),
            name_opt(options.name_override),
            name_opt(options.description_override),
            name_opt(options.reference),
            name_opt(options.expiry),
            name_opt(options.custom_fields),
            name_opt(options.contract_start),
            name_opt(options.contract_end)
        ]
    });
    tx.insert("plan_family_relationship", RELATIONSHIP_COLUMNS, relationships)
}

fn delete_children(tx: &mut Tx<'_>, account: AccountId, id: PlanFamilyId) -> Result<(), Error> {
    let of = values![account.0, id.0];
    tx.execute("DELETE FROM plan_family_relationship WHERE account_id = $1 AND plan_family_id = $2", &of)?;
    tx.execute("DELETE FROM plan_family_plan WHERE account_id = $1 AND plan_family_id = $2", &of)?;
    Ok(())
}

const SELECT: &str = "m.id, m.code, m.name, m.description, m.earning_option, m.name_override_option,
    m.description_override_option, m.reference_option, m.expiry_option, m.custom_fields_option,
    m.contract_start_option, m.contract_end_option";

/// One family with its plans and relationships.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PlanFamilyId) -> Result<Option<PlanFamily>, Error> {
    let sql = format!("SELECT {SELECT} FROM plan_family m WHERE m.account_id = $1 AND m.id = $2");
    let mut found = Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], family)?);
    fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// The family that has this code.
pub fn find_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<PlanFamilyId>, Error> {
    tx.query_opt("SELECT id FROM plan_family WHERE account_id = $1 AND code = $2", &values![account.0, code], |row| {
        row.get(0).map(PlanFamilyId)
    })
}

/// Locks a family against changes by others until the transaction ends; `false` when there is none.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: PlanFamilyId) -> Result<bool, Error> {
    presence::lock(tx, "SELECT id FROM plan_family WHERE account_id = $1 AND id = $2", account, id.0)
}

/// Names that plan families can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "m.id"),
    searched("code", Kind::Text, "m.code"),
    column("createdTimestamp", Kind::Instant, "m.created_at"),
    column("description", Kind::Text, "m.description"),
    column("earningOption", Kind::Enum(EarningOption::NAMES), "m.earning_option"),
    column("modifiedTimestamp", Kind::Instant, "m.modified_at"),
    searched("name", Kind::Text, "m.name"),
];

/// A page of plan families: all of the account, or those that a plan is in.
pub fn list(tx: &mut Tx<'_>, account: AccountId, of: Option<PlanId>, page: &Page) -> Result<Slice<PlanFamily>, Error> {
    let mut source =
        Source { select: SELECT, from: "plan_family m", scope: "m.account_id = $1", id: "m.id", columns: LIST_COLUMNS };
    let mut scope_values = vec![Value::from(account.0)];
    if let Some(plan) = of {
        source.scope = "m.account_id = $1 AND m.id IN
            (SELECT plan_family_id FROM plan_family_plan WHERE account_id = $1 AND plan_id = $2)";
        scope_values.push(Value::from(plan.0));
    }
    let mut slice = list_page(tx, &source, &scope_values, page, family)?;
    fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

fn family(row: &Row<'_>) -> Result<PlanFamily, Error> {
    let mut columns = Columns::of(row);
    let id = PlanFamilyId(columns.next()?);
    let fields = PlanFamilyFields {
        code: columns.next()?,
        name: columns.next()?,
        description: columns.next()?,
        options: family_options(&mut columns)?,
        plans: Vec::new(),
        relationships: Vec::new(),
    };
    Ok(PlanFamily { id, fields, relationship_ids: Vec::new() })
}

fn family_options(columns: &mut Columns<'_, '_>) -> Result<FamilyOptions, Error> {
    Ok(MigrationOptions {
        earning: columns.named()?,
        name_override: columns.named()?,
        description_override: columns.named()?,
        reference: columns.named()?,
        expiry: columns.named()?,
        custom_fields: columns.named()?,
        contract_start: columns.named()?,
        contract_end: columns.named()?,
    })
}

fn relationship_options(columns: &mut Columns<'_, '_>) -> Result<RelationshipOptions, Error> {
    Ok(MigrationOptions {
        earning: columns.named_opt()?,
        name_override: columns.named_opt()?,
        description_override: columns.named_opt()?,
        reference: columns.named_opt()?,
        expiry: columns.named_opt()?,
        custom_fields: columns.named_opt()?,
        contract_start: columns.named_opt()?,
        contract_end: columns.named_opt()?,
    })
}

fn fill(tx: &mut Tx<'_>, account: AccountId, families: &mut [PlanFamily]) -> Result<(), Error> {
    let ids: Vec<_> = families.iter().map(|family| family.id.0).collect();
    let mut by_id: HashMap<_, _> = families.iter_mut().map(|family| (family.id.0, family)).collect();
    let plans = "SELECT plan_family_id, plan_id FROM plan_family_plan
        WHERE account_id = $1 AND plan_family_id IN ({owners}) ORDER BY plan_family_id, plan_number";
    each_of(tx, account, &ids, plans, |id, columns| {
        let plan = PlanId(columns.next()?);
        by_id.entry(id).and_modify(|family| family.fields.plans.push(plan));
        Ok(())
    })?;
    let relationships = "SELECT plan_family_id, id, source_plan_id, source_frequency_id, destination_plan_id,
            destination_frequency_id, earning_option, name_override_option, description_override_option,
            reference_option, expiry_option, custom_fields_option, contract_start_option, contract_end_option
        FROM plan_family_relationship WHERE account_id = $1 AND plan_family_id IN ({owners}) ORDER BY id";
    each_of(tx, account, &ids, relationships, |id, columns| {
        let relationship = RelationshipId(columns.next()?);
        let fields = RelationshipFields {
            source_plan: PlanId(columns.next()?),
            source_frequency: PlanFrequencyId(columns.next()?),
            destination_plan: PlanId(columns.next()?),
            destination_frequency: PlanFrequencyId(columns.next()?),
            options: relationship_options(columns)?,
        };
        if let Some(family) = by_id.get_mut(&id) {
            family.relationship_ids.push(relationship);
            family.fields.relationships.push(fields);
        }
        Ok(())
    })
}
