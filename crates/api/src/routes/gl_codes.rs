//! `/v1/GLCodes`: general-ledger labels of products. The original keeps them in its settings pages.

use app::{
    Tx,
    gl_codes::{create, find, list, update},
};
use axum::response::Response;
use billing::{
    account::Session,
    gl_code::{GlCode as Stored, GlCodeFields, GlCodeStatus},
    id::GlCodeId,
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::required;
use crate::{call::Call, error::ApiError, links::Links, name::Name, operation::Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/GLCodes", "List GL codes", list)
            .about("The general-ledger labels of the account, in any status.")
            .lists::<GlCode>(list::COLUMNS),
        Operation::get("/v1/GLCodes/{id}", "Read GL code", read).about("The label.").answers::<GlCode>(),
        Operation::post("/v1/GLCodes", "Create GL code", create)
            .about("Creates a label that products may be given.")
            .takes::<GlCodeRequest>("glCode")
            .answers::<GlCode>(),
        Operation::put("/v1/GLCodes", "Update GL code", update)
            .about("Replaces the label: `id` is required. Products that have it follow; a retired one is given to no other.")
            .takes::<GlCodeRequest>("glCode")
            .answers::<GlCode>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged("GL codes").extension())
    .collect()
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, render).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = GlCodeId(call.id("id")?);
    call.question(move |tx: &mut Tx<'_>, session: &Session| find::run(tx, session, id), render).await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let fields = call.parse(|request: GlCodeRequest| request.parse(Problems::new()))?;
    call.command(move |tx, session| create::run(tx, session, &fields), render).await
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(GlCodeRequest::parse_update)?;
    call.command(move |tx, session| update::run(tx, session, &order), render).await
}

/// A general-ledger label.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GlCode {
    /// Unique in the account.
    code: String,
    /// A name for people.
    name: String,
    /// Whether products may be given it.
    status: Name<GlCodeStatus>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

pub(super) fn render(links: &Links, _: &Session, stored: Stored) -> GlCode {
    let Stored { id, fields } = stored;
    GlCode { code: fields.code, name: fields.name, status: Name(fields.status), id: id.0, uri: links.gl_code(id.0) }
}

/// A general-ledger label, in the shape in which it is read.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct GlCodeRequest {
    /// Which label. Required for an update, ignored at creation.
    id: Option<i64>,
    /// Unique in the account. Required.
    #[schemars(length(max = 255))]
    code: Option<String>,
    /// A name for people. Required.
    #[schemars(length(max = 255))]
    name: Option<String>,
    /// Whether products may be given it; `Active` when absent.
    status: Option<Name<GlCodeStatus>>,
}

impl GlCodeRequest {
    /// The label, or everything that is wrong with it.
    pub(super) fn parse(self, mut problems: Problems) -> Result<GlCodeFields, Vec<Problem>> {
        let fields = GlCodeFields {
            code: self.code.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            status: self.status.map_or(GlCodeStatus::Active, |Name(status)| status),
        };
        fields.check(&mut problems);
        problems.into_result()?;
        Ok(fields)
    }

    fn parse_update(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = GlCodeId(required(&mut problems, "Id", self.id).unwrap_or_default());
        Ok(update::Order { id, fields: self.parse(problems)? })
    }
}
