//! Records and what became of them as text: rows of CSV in the columns of their type, or lines of JSON.

use app::{Error, bulk::types::layout};
use billing::bulk::{BulkJob, BulkRecord, BulkRecordStatus};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    intake::results::{COLUMNS, RECORD_COLUMN, json_of},
    name::Name,
    wire::{
        json::{self, Node},
        scalar::Four,
    },
};

/// How a file of results is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The names of the columns, then a row a record.
    Csv,
    /// An object a line.
    JsonLines,
}

impl Form {
    /// What the query string calls them.
    pub(super) const NAMES: &[&'static str] = &["csv", "jsonl"];

    /// The form of one of these names.
    pub(super) fn of(name: &str) -> Self {
        if name == "jsonl" { Self::JsonLines } else { Self::Csv }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }
}

/// What a file of results looks like.
#[derive(Debug)]
pub(super) enum Sheet {
    Csv(Table),
    JsonLines,
}

/// The columns of a CSV file, before those that every file of results has.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<String>,
    /// The input of a record is the value of its only column.
    is_bare: bool,
    /// There is a column for records that the others cannot hold.
    has_record: bool,
}

/// A record in a line of JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'r> {
    record: Box<RawValue>,
    status: Name<BulkRecordStatus>,
    details: Option<&'r str>,
    created_id: Option<i64>,
    amount_moved: Option<Four>,
}

impl Sheet {
    /// For the records of this job.
    pub(super) fn of(form: Form, job: &BulkJob) -> Self {
        match form {
            Form::Csv => Self::Csv(Table::of(job)),
            Form::JsonLines => Self::JsonLines,
        }
    }

    /// What stands above the records.
    pub(super) fn head(&self) -> Result<String, Error> {
        match self {
            Self::Csv(table) => rows([table.head()]),
            Self::JsonLines => Ok(String::new()),
        }
    }

    /// Some records, each with its line end.
    pub(super) fn records(&self, records: &[BulkRecord]) -> Result<String, Error> {
        match self {
            Self::Csv(table) => rows(records.iter().map(|record| table.row(record))),
            Self::JsonLines => records.iter().map(line).collect(),
        }
    }
}

impl Table {
    /// The columns of the job's file, or all of its type where it came otherwise.
    fn of(job: &BulkJob) -> Self {
        let layout = layout(job.job_type);
        let of_type = || layout.iter().flat_map(|layout| layout.columns).map(|column| column.name.to_owned()).collect();
        let of_file = job.columns.as_deref().and_then(|names| serde_json::from_str(names).ok());
        let is_bare = layout.is_some_and(|layout| layout.is_bare);
        Self { has_record: of_file.is_none() && !is_bare, columns: of_file.unwrap_or_else(of_type), is_bare }
    }

    fn head(&self) -> Vec<String> {
        let record = self.has_record.then_some(RECORD_COLUMN);
        let of_results = record.into_iter().chain(COLUMNS).map(str::to_owned);
        self.columns.iter().cloned().chain(of_results).collect()
    }

    fn row(&self, record: &BulkRecord) -> Vec<String> {
        let cells = if self.is_bare { Some(vec![record.data.clone()]) } else { self.cells(&record.data) };
        let whole = self.has_record.then(|| if cells.is_some() { String::new() } else { json_of(&record.data).into() });
        let number = |number: Option<String>| number.unwrap_or_default();
        let of_results = [
            record.status.to_string(),
            record.details.clone().unwrap_or_default(),
            number(record.created_id.map(|id| id.to_string())),
            number(record.amount.map(|amount| amount.with_scale(2))),
        ];
        let cells = cells.unwrap_or_else(|| vec![String::new(); self.columns.len()]);
        cells.into_iter().chain(whole).chain(of_results).collect()
    }

    /// A record in the columns of its type, if they would be read as that record again.
    fn cells(&self, record: &str) -> Option<Vec<String>> {
        let Ok(Some(Node::Object(members))) = json::parse(record.as_bytes()) else { return None };
        let mut cells = vec![None; self.columns.len()];
        for (name, node) in members {
            let column = self.columns.iter().position(|column| column.eq_ignore_ascii_case(&name))?;
            let text = match node {
                Node::Null => String::new(),
                Node::Boolean(value) => value.to_string(),
                Node::Number(text) => text.to_owned(),
                Node::Text(text) if text.trim() == text => text.into_owned(),
                Node::Text(_) | Node::List(_) | Node::Object(_) => return None,
            };
            if cells[column].replace(text).is_some() {
                return None;
            }
        }
        Some(cells.into_iter().map(Option::unwrap_or_default).collect())
    }
}

fn rows(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String, Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Error::defect)?;
    }
    String::from_utf8(writer.into_inner().map_err(Error::defect)?).map_err(Error::defect)
}

fn line(record: &BulkRecord) -> Result<String, Error> {
    let line = Line {
        record: RawValue::from_string(json_of(&record.data).into()).map_err(Error::defect)?,
        status: Name(record.status),
        details: record.details.as_deref(),
        created_id: record.created_id,
        amount_moved: record.amount.map(Four),
    };
    Ok(serde_json::to_string(&line).map_err(Error::defect)? + "\n")
}

#[cfg(test)]
mod tests;
