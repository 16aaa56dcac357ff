//! Plans, their products and families.

pub mod family;
mod frequency;
pub mod product;

use billing::{
    id::{AccountId, PlanId},
    listing::{Kind, Page, Slice},
    named::Named,
    plan::{Plan, PlanFields, PlanFrequency, PlanStatus},
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    presence,
    row::{Columns, at, text_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "code",
    "name",
    "reference",
    "description",
    "long_description",
    "status",
    "auto_apply_changes",
    "salesforce_compatible",
    "modified_at",
    "created_at",
];

/// Stores a new plan with its frequencies.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PlanId,
    fields: &PlanFields,
    frequencies: &[PlanFrequency],
    now: Instant,
) -> Result<(), Error> {
    let mut row = field_values(account, id, fields, now);
    row.push(at(now));
    tx.insert("plan", COLUMNS, [row])?;
    frequency::insert(tx, account, id, frequencies)
}

/// Replaces what callers write of a plan; `frequencies` holds every frequency that the plan has and those that are new.
pub fn update(
    tx: &mut Tx<'_>,
    account: AccountId,
    current: &Plan,
    fields: &PlanFields,
    frequencies: &[PlanFrequency],
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE plan SET code = $3, name = $4, reference = $5, description = $6, long_description = $7, status = $8,
             auto_apply_changes = $9, salesforce_compatible = $10, modified_at = $11
         WHERE account_id = $1 AND id = $2",
        &field_values(account, current.id, fields, now),
    )?;
    let (kept, added) = frequencies.split_at(current.frequencies.len());
    for changed in kept.iter().zip(&current.frequencies).filter(|(new, old)| new != old).map(|(new, _)| new) {
        frequency::update(tx, account, changed)?;
    }
    frequency::insert(tx, account, current.id, added)
}

/// The columns up to `modified_at`, in order.
fn field_values(account: AccountId, id: PlanId, fields: &PlanFields, now: Instant) -> Vec<Value<'_>> {
    values![
        account.0,
        id.0,
        fields.code.as_str(),
        fields.name.as_str(),
        text_opt(fields.reference.as_ref()),
        text_opt(fields.description.as_ref()),
        text_opt(fields.long_description.as_ref()),
        fields.status.name(),
        fields.auto_apply_changes,
        fields.salesforce_compatible,
        at(now)
    ]
    .into()
}

/// Ends the sale of a plan.
pub fn retire(tx: &mut Tx<'_>, account: AccountId, id: PlanId, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE plan SET status = 'Retired', modified_at = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(())
}

/// Remembers that a part of a plan was changed.
pub fn touch(tx: &mut Tx<'_>, account: AccountId, id: PlanId, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE plan SET modified_at = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(())
}

const SELECT: &str = "p.id, p.code, p.name, p.reference, p.description, p.long_description, p.status,
    p.auto_apply_changes, p.salesforce_compatible";

/// One plan with its frequencies.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PlanId) -> Result<Option<Plan>, Error> {
    let sql = format!("SELECT {SELECT} FROM plan p WHERE p.account_id = $1 AND p.id = $2");
    let mut found: Vec<_> = tx.query_opt(&sql, &values![account.0, id.0], plan)?.into_iter().collect();
    frequency::fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// The plan that has this code.
pub fn find_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<PlanId>, Error> {
    tx.query_opt("SELECT id FROM plan WHERE account_id = $1 AND code = $2", &values![account.0, code], |row| {
        row.get(0).map(PlanId)
    })
}

/// Locks a plan, its frequencies and its products against changes by others until the transaction ends; `false` when
/// there is none.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: PlanId) -> Result<bool, Error> {
    presence::lock(tx, "SELECT id FROM plan WHERE account_id = $1 AND id = $2", account, id.0)
}

/// Names that plans can be filtered and sorted by (catalog.md §4.2).
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "p.id"),
    column("autoApplyChanges", Kind::Boolean, "p.auto_apply_changes"),
    searched("code", Kind::Text, "p.code"),
    column("createdTimestamp", Kind::Instant, "p.created_at"),
    column("description", Kind::Text, "p.description"),
    column("modifiedTimestamp", Kind::Instant, "p.modified_at"),
    searched("name", Kind::Text, "p.name"),
    searched("reference", Kind::Text, "p.reference"),
    column("status", Kind::Enum(PlanStatus::NAMES), "p.status"),
];

/// A page of plans, with their frequencies.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<Plan>, Error> {
    let source =
        Source { select: SELECT, from: "plan p", scope: "p.account_id = $1", id: "p.id", columns: LIST_COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0], page, plan)?;
    frequency::fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

fn plan(row: &Row<'_>) -> Result<Plan, Error> {
    let mut columns = Columns::of(row);
    let id = PlanId(columns.next()?);
    let fields = PlanFields {
        code: columns.next()?,
        name: columns.next()?,
        reference: columns.next()?,
        description: columns.next()?,
        long_description: columns.next()?,
        status: columns.named()?,
        auto_apply_changes: columns.next()?,
        salesforce_compatible: columns.next()?,
        frequencies: Vec::new(),
    };
    Ok(Plan { id, fields, frequencies: Vec::new() })
}
