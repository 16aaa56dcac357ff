//! Definitions of custom fields, and values under them.

use billing::{
    custom_field::{CustomField, CustomFieldDefinition, DataType, DefinedField, DefinitionFields},
    id::{AccountId, CustomFieldId},
    listing::{Kind, Page, Slice},
    named::Named,
};
use db::{Error, Row, Tx, Value, values};

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    presence,
    row::{Columns, text_opt},
};

/// Stores a new definition.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, id: CustomFieldId, fields: &DefinitionFields) -> Result<(), Error> {
    let row = values![account.0, id.0, fields.key.as_str(), fields.friendly_name.as_str(), fields.data_type.name()];
    let columns = &["account_id", "id", "field_key", "friendly_name", "data_type"];
    tx.insert("custom_field_definition", columns, [row])
}

/// Changes the one thing of a definition that may change: its name for people.
pub fn rename(tx: &mut Tx<'_>, account: AccountId, id: CustomFieldId, friendly_name: &str) -> Result<(), Error> {
    tx.execute(
        "UPDATE custom_field_definition SET friendly_name = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, friendly_name],
    )?;
    Ok(())
}

/// Deletes a definition.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: CustomFieldId) -> Result<(), Error> {
    tx.execute("DELETE FROM custom_field_definition WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// Locks a definition against changes by others until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: CustomFieldId) -> Result<Option<CustomFieldDefinition>, Error> {
    let sql = format!("SELECT {SELECT} FROM custom_field_definition d WHERE d.account_id = $1 AND d.id = $2");
    tx.lock(&sql, &values![account.0, id.0], definition)
}

/// Whether anything has a value under this key.
pub fn has_values(tx: &mut Tx<'_>, account: AccountId, key: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM custom_field WHERE account_id = $1 AND field_key = $2 LIMIT 1";
    presence::is_any(tx, sql, &values![account.0, key])
}

const SELECT: &str = "d.id, d.field_key, d.friendly_name, d.data_type";

/// One definition.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: CustomFieldId) -> Result<Option<CustomFieldDefinition>, Error> {
    let sql = format!("SELECT {SELECT} FROM custom_field_definition d WHERE d.account_id = $1 AND d.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], definition)
}

/// The definition that has this key.
pub fn find_by_key(tx: &mut Tx<'_>, account: AccountId, key: &str) -> Result<Option<CustomFieldDefinition>, Error> {
    let sql = format!("SELECT {SELECT} FROM custom_field_definition d WHERE d.account_id = $1 AND d.field_key = $2");
    tx.query_opt(&sql, &values![account.0, key], definition)
}

/// The definition that has this key, as it stays until the transaction ends.
pub fn share_by_key(tx: &mut Tx<'_>, account: AccountId, key: &str) -> Result<Option<CustomFieldDefinition>, Error> {
    let sql = format!("SELECT {SELECT} FROM custom_field_definition d WHERE d.account_id = $1 AND d.field_key = $2");
    tx.share(&sql, &values![account.0, key], definition)
}

/// Every definition of the account, as it stays until the transaction ends.
pub fn share_all(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<CustomFieldDefinition>, Error> {
    let sql = format!("SELECT {SELECT} FROM custom_field_definition d WHERE d.account_id = $1 ORDER BY d.id");
    tx.share_all(&sql, &values![account.0], definition)
}

/// Names that definitions can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "d.id"),
    searched("key", Kind::Text, "d.field_key"),
    searched("friendlyName", Kind::Text, "d.friendly_name"),
    column("dataType", Kind::Enum(DataType::NAMES), "d.data_type"),
];

/// A page of definitions.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<CustomFieldDefinition>, Error> {
    let source = Source {
        select: SELECT,
        from: "custom_field_definition d",
        scope: "d.account_id = $1",
        id: "d.id",
        columns: LIST_COLUMNS,
    };
    list_page(tx, &source, &values![account.0], page, definition)
}

fn definition(row: &Row<'_>) -> Result<CustomFieldDefinition, Error> {
    let mut columns = Columns::of(row);
    let id = CustomFieldId(columns.next()?);
    let fields = DefinitionFields { key: columns.next()?, friendly_name: columns.next()?, data_type: columns.named()? };
    Ok(CustomFieldDefinition { id, fields })
}

const VALUE_COLUMNS: &[&str] = &["account_id", "owner_id", "field_number", "field_key", "field_value"];

/// The row of an owner's value, `number` being its place among the owner's.
pub(crate) fn value_row(account: AccountId, owner: i64, number: i64, field: &CustomField) -> [Value<'_>; 5] {
    values![account.0, owner, number, field.key.as_str(), text_opt(field.value.as_ref())]
}

/// Stores rows of [`value_row`].
pub(crate) fn insert_values<'v>(tx: &mut Tx<'_>, rows: impl IntoIterator<Item = [Value<'v>; 5]>) -> Result<(), Error> {
    tx.insert("custom_field", VALUE_COLUMNS, rows)
}

/// Sets an owner's value under a key, in the place of the earlier one or after all others.
pub fn set_value(tx: &mut Tx<'_>, account: AccountId, owner: i64, field: &DefinedField) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO custom_field (account_id, owner_id, field_number, field_key, field_value)
         VALUES ($1, $2, (SELECT COUNT(*) FROM custom_field WHERE account_id = $1 AND owner_id = $2), $3, $4)
         ON CONFLICT (account_id, owner_id, field_key) DO UPDATE SET field_value = excluded.field_value",
        &values![account.0, owner, field.key.as_str(), text_opt(field.value.as_ref())],
    )?;
    Ok(())
}

/// Expressions of [`defined`], over [`VALUES_FROM`]. A value that is older than definitions is a text under its key.
pub(crate) const VALUES_SELECT: &str =
    "f.field_key, COALESCE(d.friendly_name, f.field_key), COALESCE(d.data_type, 'String'), f.field_value";

/// Values with their definitions.
pub(crate) const VALUES_FROM: &str = "custom_field f LEFT JOIN custom_field_definition d
     ON d.account_id = f.account_id AND d.field_key = f.field_key";

/// A value from the next columns.
pub(crate) fn defined(columns: &mut Columns<'_, '_>) -> Result<DefinedField, Error> {
    Ok(DefinedField {
        key: columns.next()?,
        friendly_name: columns.next()?,
        data_type: columns.named()?,
        value: columns.next()?,
    })
}
