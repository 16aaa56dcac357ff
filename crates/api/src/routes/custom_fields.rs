//! `/v1/CustomFields`: definitions of custom fields. The original keeps them in its settings pages.

use app::{
    Tx,
    custom_fields::{create, delete, find, list, update},
};
use axum::response::Response;
use billing::{
    account::Session,
    custom_field::{CustomFieldDefinition, DataType, DefinedField, DefinitionFields},
    id::CustomFieldId,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::required;
use crate::{call::Call, error::ApiError, links::Links, name::Name, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/CustomFields", "List custom fields", list)
            .about("The custom fields of the account.")
            .lists::<Definition>(list::COLUMNS),
        Operation::get("/v1/CustomFields/{id}", "Read custom field", read)
            .about("The definition.")
            .answers::<Definition>(),
        Operation::post("/v1/CustomFields", "Create custom field", create)
            .about("Defines a field that products and purchases may have values of.")
            .takes::<DefinitionRequest>("customField")
            .answers::<Definition>(),
        Operation::put("/v1/CustomFields", "Update custom field", update)
            .about("Renames the field: `id` is required; key and data type are fixed after creation.")
            .takes::<DefinitionRequest>("customField")
            .answers::<Definition>(),
        Operation::delete("/v1/CustomFields/{id}", "Delete custom field", delete)
            .about("Deletes a field that nothing has a value of."),
    ]
    .into_iter()
    .map(|operation| operation.tagged("Custom fields").extension())
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, render).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CustomFieldId(call.id("id")?);
    call.question(move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id), render).await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(|request: DefinitionRequest| request.parse(Problems::new()))?;
    call.command(move |tx, session| create::run(tx, session, &fields), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(DefinitionRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = CustomFieldId(call.id("id")?);
    call.command_without_answer(move |tx, session| delete::run(tx, session, id)).await
}

/// A value under an account's own key.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomField {
    /// The key.
    key: String,
    /// A name for people.
    friendly_name: String,
    /// The type of the value.
    data_type: Name<DataType>,
    /// Its text form.
    value: Option<String>,
}

impl CustomField {
    pub(super) fn of(field: DefinedField) -> Self {
        let DefinedField { key, friendly_name, data_type, value } = field;
        Self { key, friendly_name, data_type: Name(data_type), value }
    }
}

/// A field that values may be given to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Definition {
    /// Unique in the account.
    key: String,
    /// A name for people.
    friendly_name: String,
    /// The type of its values.
    data_type: Name<DataType>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

pub(super) fn render(links: &Links, _: &Session, stored: CustomFieldDefinition) -> Definition {
    let CustomFieldDefinition { id, fields: DefinitionFields { key, friendly_name, data_type } } = stored;
    Definition { key, friendly_name, data_type: Name(data_type), id: id.0, uri: links.custom_field(id.0) }
}

/// A field that values may be given to, in the shape in which it is read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DefinitionRequest {
    /// Which field. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Unique in the account. Required.
    #[schemars(length(max = 255))]
    key: Option<String>,
    /// A name for people. Required.
    #[schemars(length(max = 255))]
    friendly_name: Option<String>,
    /// The type of its values. Required.
    data_type: Option<Name<DataType>>,
}

impl DefinitionRequest {
    /// The definition, or everything that is wrong with it.
    pub(super) fn parse(self, mut problems: Problems) -> Result<DefinitionFields, Vec<Problem>> {
        let data_type = required(&mut problems, "DataType", self.data_type);
        let fields = DefinitionFields {
            key: self.key.unwrap_or_default(),
            friendly_name: self.friendly_name.unwrap_or_default(),
            data_type: data_type.map_or(DataType::String, |Name(data_type)| data_type),
        };
        fields.check(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }

    fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = CustomFieldId(required(&mut problems, "Id", self.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse(problems)? })
    }
}
