//! `/v1/CustomerNotes`: what people write about customers (customers.md §2.13).

use app::{
    Tx,
    customer_notes::{create, delete, find, list, update},
};
use axum::response::Response;
use billing::{
    account::Session,
    customer::{NOTE_LENGTH_MAX, Note, SOURCE_LENGTH_MAX},
    id::{CustomerId, CustomerNoteId},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::{required, required_text, text};
use crate::{call::Call, error::ApiError, links::Links, operation::Operation, wire::scalar::At};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/CustomerNotes", "Create customer note", create)
            .about("Writes a note about a customer, whatever its status.")
            .takes::<CreateRequest>("customerNote")
            .answers::<CustomerNote>(),
        Operation::put("/v1/CustomerNotes", "Update customer note", update)
            .about("Replaces the text of an editable note.")
            .takes::<UpdateRequest>("customerNote")
            .answers::<CustomerNote>(),
        Operation::delete("/v1/CustomerNotes/{noteId}", "Delete customer note", delete)
            .about("Deletes an editable note."),
        Operation::get("/v1/CustomerNotes/{noteId}", "Read customer note", read)
            .about("One note.")
            .extension()
            .answers::<CustomerNote>(),
        Operation::get("/v1/Customers/{id}/CustomerNotes", "List customer notes", list_of_customer)
            .about("The notes about a customer, oldest first.")
            .extension()
            .lists::<CustomerNote>(list::COLUMNS),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Customers"))
    .collect()
}

/// A note to write.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct CreateRequest {
    /// Whom it is about. Required.
    customer_id: Option<i64>,
    /// The note. Required.
    #[schemars(length(max = 2000))]
    note: Option<String>,
    /// Whether it may be changed and deleted later; true when absent. An update never changes it.
    editable: Option<bool>,
    /// Where it was written. An update never changes it.
    #[schemars(length(max = 255))]
    source_application: Option<String>,
}

/// A note as it shall be; members that only an answer has, and those that never change, are ignored.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct UpdateRequest {
    /// Which note. Required.
    id: Option<i64>,
    /// Whom it is about: checked when it is there, for that never changes.
    customer_id: Option<i64>,
    /// The note. Required.
    #[schemars(length(max = 2000))]
    note: Option<String>,
}

/// A note about a customer.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CustomerNote {
    /// Label of the key with which it was written; null for the system itself.
    user_who_created_note: Option<String>,
    /// The note.
    note: String,
    /// Where it was written.
    source_application: Option<String>,
    /// When it was written.
    created_timestamp: At,
    /// When it was last changed.
    modified_timestamp: At,
    /// It may be changed and deleted.
    editable: bool,
    /// Whom it is about.
    customer_id: i64,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

impl CreateRequest {
    /// The note to write, or everything that is wrong with it.
    fn parse(self) -> Result<create::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let note = required_text(&mut problems, "Note", self.note, NOTE_LENGTH_MAX);
        let source_application = self.source_application.filter(|source| !source.is_empty());
        let source_application = text(&mut problems, "SourceApplication", source_application, SOURCE_LENGTH_MAX);
        problems.into_result()?;
        Ok(create::Order {
            customer: CustomerId(customer.unwrap_or_default()),
            text: note.unwrap_or_default(),
            source_application,
            is_editable: self.editable.unwrap_or(true),
        })
    }
}

impl UpdateRequest {
    /// The note as it shall be, or everything that is wrong with it.
    fn parse(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let note = required_text(&mut problems, "Note", self.note, NOTE_LENGTH_MAX);
        problems.into_result()?;
        Ok(update::Order {
            id: CustomerNoteId(id.unwrap_or_default()),
            customer: self.customer_id.map(CustomerId),
            text: note.unwrap_or_default(),
        })
    }
}

impl CustomerNote {
    fn of(links: &Links, note: Note) -> Self {
        Self {
            user_who_created_note: note.author,
            note: note.text,
            source_application: note.source_application,
            created_timestamp: At(note.created_at),
            modified_timestamp: At(note.modified_at),
            editable: note.is_editable,
            customer_id: note.customer.0,
            id: note.id.0,
            uri: links.customer_note(note.id.0),
        }
    }
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(CreateRequest::parse)?;
    call.command(move |tx, session| create::run(tx, session, &order), |links, _, note| CustomerNote::of(links, note))
        .await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(UpdateRequest::parse)?;
    call.command(move |tx, session| update::run(tx, session, &order), |links, _, note| CustomerNote::of(links, note))
        .await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = CustomerNoteId(call.id("noteId")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CustomerNoteId(call.id("noteId")?);
    let ask = move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id);
    call.question(ask, |links, _, note| CustomerNote::of(links, note)).await
}

async fn list_of_customer(call: Call) -> Result<Response, ApiError> {
    let customer = CustomerId(call.id("id")?);
    call.list(
        move |tx, session, page| list::run(tx, session, customer, page),
        |links, _, note| CustomerNote::of(links, note),
    )
    .await
}
