//! General-ledger labels.

use billing::{
    gl_code::{GlCode, GlCodeFields, GlCodeStatus},
    id::{AccountId, GlCodeId},
    listing::{Kind, Page, Slice},
    named::Named,
};
use db::{Error, Row, Tx, values};

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    row::Columns,
};

/// Stores a new label.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, id: GlCodeId, fields: &GlCodeFields) -> Result<(), Error> {
    let row = values![account.0, id.0, fields.code.as_str(), fields.name.as_str(), fields.status.name()];
    tx.insert("gl_code", &["account_id", "id", "code", "name", "status"], [row])
}

/// Replaces a label, also where products name it; those are locked in the order of their ids.
pub fn update(tx: &mut Tx<'_>, account: AccountId, stored: &GlCode, fields: &GlCodeFields) -> Result<(), Error> {
    let (code, name) = (fields.code.as_str(), fields.name.as_str());
    tx.execute(
        "UPDATE gl_code SET code = $3, name = $4, status = $5 WHERE account_id = $1 AND id = $2",
        &values![account.0, stored.id.0, code, name, fields.status.name()],
    )?;
    let named = "SELECT id FROM product WHERE account_id = $1 AND gl_code = $2 ORDER BY id";
    tx.lock_all(named, &values![account.0, stored.fields.code.as_str()], |_: &Row<'_>| Ok(()))?;
    tx.execute(
        "UPDATE product SET gl_code = $3, gl_code_name = $4 WHERE account_id = $1 AND gl_code = $2",
        &values![account.0, stored.fields.code.as_str(), code, name],
    )?;
    Ok(())
}

/// Locks a label against changes by others until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: GlCodeId) -> Result<Option<GlCode>, Error> {
    let sql = format!("SELECT {SELECT} FROM gl_code g WHERE g.account_id = $1 AND g.id = $2");
    tx.lock(&sql, &values![account.0, id.0], gl_code)
}

const SELECT: &str = "g.id, g.code, g.name, g.status";

/// One label.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: GlCodeId) -> Result<Option<GlCode>, Error> {
    let sql = format!("SELECT {SELECT} FROM gl_code g WHERE g.account_id = $1 AND g.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], gl_code)
}

/// The label that has this code.
pub fn find_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<GlCode>, Error> {
    let sql = format!("SELECT {SELECT} FROM gl_code g WHERE g.account_id = $1 AND g.code = $2");
    tx.query_opt(&sql, &values![account.0, code], gl_code)
}

/// The label that has this code, which stays as it is until the transaction ends.
pub fn share_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<GlCode>, Error> {
    let sql = format!("SELECT {SELECT} FROM gl_code g WHERE g.account_id = $1 AND g.code = $2");
    tx.share(&sql, &values![account.0, code], gl_code)
}

/// Names that labels can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "g.id"),
    searched("code", Kind::Text, "g.code"),
    searched("name", Kind::Text, "g.name"),
    column("status", Kind::Enum(GlCodeStatus::NAMES), "g.status"),
];

/// A page of labels.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<GlCode>, Error> {
    let source =
        Source { select: SELECT, from: "gl_code g", scope: "g.account_id = $1", id: "g.id", columns: LIST_COLUMNS };
    list_page(tx, &source, &values![account.0], page, gl_code)
}

fn gl_code(row: &Row<'_>) -> Result<GlCode, Error> {
    let mut columns = Columns::of(row);
    let id = GlCodeId(columns.next()?);
    let fields = GlCodeFields { code: columns.next()?, name: columns.next()?, status: columns.named()? };
    Ok(GlCode { id, fields })
}
