//! `GET /v1/BulkApi/Templates`: the columns of the files that jobs are made of.

use app::bulk::types::{self, Layout};
use axum::response::Response;
use billing::{bulk::BulkJobType, named::Named};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::{Call, query_problem},
    error::ApiError,
    name::Name,
    operation::Operation,
};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/BulkApi/Templates", "List templates of bulk jobs", list)
        .about("The columns of the file of every type that can be submitted, and an empty file to begin with.")
        .with("type", "string", "Only this type.")
        .extension()
        .answers::<Vec<Template>>()
}

/// What the file of a type looks like.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Template {
    /// The type.
    r#type: Name<BulkJobType>,
    /// In JSON, a record is the bare value of the only column; otherwise it is an object with a member a column.
    is_bare: bool,
    /// The columns, in any order.
    columns: Vec<Column>,
    /// A CSV file without records.
    csv: String,
}

/// A column of a file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Column {
    /// Its name, in any case.
    name: &'static str,
    /// Every record has something in it.
    is_required: bool,
    /// What belongs into it.
    description: &'static str,
}

impl Template {
    fn of(job_type: BulkJobType, layout: Layout) -> Self {
        let column = |column: &types::Column| Column {
            name: column.name,
            is_required: column.is_required,
            description: column.about,
        };
        Self {
            r#type: Name(job_type),
            is_bare: layout.is_bare,
            columns: layout.columns.iter().map(column).collect(),
            csv: layout.csv(),
        }
    }
}

/// The same for everybody: nothing is read but the key of the call, as everywhere.
async fn list(call: Call) -> Result<Response, ApiError> {
    let layouts = BulkJobType::ALL.iter().filter_map(|job_type| Some((*job_type, types::layout(*job_type)?)));
    let mut layouts: Vec<_> = layouts.collect();
    let names: Vec<_> = layouts.iter().map(|(job_type, _)| job_type.name()).collect();
    let asked = call.query.one_of("type", &names).map_err(|problem| query_problem(problem.message))?;
    layouts.retain(|(job_type, _)| asked.is_none_or(|asked| asked == job_type.name()));
    let template = |(job_type, layout): &(BulkJobType, Layout)| Template::of(*job_type, *layout);
    call.question(|_, _| Ok(()), move |_, _, ()| layouts.iter().map(template).collect::<Vec<_>>()).await
}
