//! What people write about customers.

use billing::{
    customer::Note,
    id::{AccountId, ApiKeyId, CustomerId, CustomerNoteId},
    listing::{Kind, Page, Slice},
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    row::{Columns, at, text_opt},
};

const SELECT: &str =
    "n.id, n.customer_id, n.note, n.source_application, n.is_editable, k.label, n.created_at, n.modified_at";

const FROM: &str = "customer_note n LEFT JOIN api_key k ON k.account_id = n.account_id AND k.id = n.api_key_id";

/// Names that notes can be filtered and sorted by.
pub const COLUMNS: &[Column] = &[
    column("id", Kind::Id, "n.id"),
    searched("note", Kind::Text, "n.note"),
    searched("sourceApplication", Kind::Text, "n.source_application"),
    column("editable", Kind::Boolean, "n.is_editable"),
    column("userWhoCreatedNote", Kind::Text, "k.label"),
    column("createdTimestamp", Kind::Instant, "n.created_at"),
    column("modifiedTimestamp", Kind::Instant, "n.modified_at"),
];

/// Stores a new note that this key wrote.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, note: &Note, key: Option<ApiKeyId>) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO customer_note (account_id, id, customer_id, note, source_application, is_editable, api_key_id,
             created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            account.0,
            note.id.0,
            note.customer.0,
            note.text.as_str(),
            text_opt(note.source_application.as_ref()),
            note.is_editable,
            key.map(|key| key.0),
            at(note.created_at),
            at(note.modified_at)
        ],
    )?;
    Ok(())
}

/// Gives a note another text.
pub fn update(tx: &mut Tx<'_>, account: AccountId, id: CustomerNoteId, text: &str, now: Instant) -> Result<(), Error> {
    tx.execute(
        "UPDATE customer_note SET note = $3, modified_at = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, text, at(now)],
    )?;
    Ok(())
}

/// Deletes a note.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: CustomerNoteId) -> Result<(), Error> {
    tx.execute("DELETE FROM customer_note WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// One note.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: CustomerNoteId) -> Result<Option<Note>, Error> {
    let sql = format!("SELECT {SELECT} FROM {FROM} WHERE n.account_id = $1 AND n.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], note)
}

/// A page of the notes about a customer.
pub fn list(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId, page: &Page) -> Result<Slice<Note>, Error> {
    let scope = "n.account_id = $1 AND n.customer_id = $2";
    let source = Source { select: SELECT, from: FROM, scope, id: "n.id", columns: COLUMNS };
    list_page(tx, &source, &values![account.0, customer.0], page, note)
}

fn note(row: &Row<'_>) -> Result<Note, Error> {
    let mut columns = Columns::of(row);
    Ok(Note {
        id: CustomerNoteId(columns.next()?),
        customer: CustomerId(columns.next()?),
        text: columns.next()?,
        source_application: columns.next()?,
        is_editable: columns.next()?,
        author: columns.next()?,
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
    })
}
