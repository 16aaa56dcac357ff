//! The first row of a file: which of the type's columns it has, and where.

use app::bulk::types::Layout;

use super::Row;
use crate::intake::{lines, place::FileError, results};

/// What the cells of each row are, in the order of the file; nothing for those that are not read.
#[derive(Debug)]
pub(super) struct Head {
    names: Vec<Option<&'static str>>,
    /// Where whole records are that the columns cannot hold, in a file of results.
    record: Option<usize>,
    /// Where a file of results says whether a record was applied.
    status: Option<usize>,
}

impl Head {
    /// Finds the type's columns, in any case and any order, and everything that is wrong with the names.
    pub(super) fn read(layout: Layout, row: &Row) -> Result<Self, FileError> {
        let (mut names, mut problems, mut record, mut status) = (Vec::new(), Vec::new(), None, None);
        for (index, cell) in row.cells.iter().enumerate() {
            let given = cell.text.trim();
            let is = |name: &str| name.eq_ignore_ascii_case(given);
            let twice = |name: &str| format!("The column {name} is there twice.");
            let found = layout.columns.iter().map(|column| column.name).find(|name| is(name));
            let wrong = match found {
                Some(name) if names.contains(&Some(name)) => Some(twice(name)),
                Some(_) => None,
                None if is(results::STATUS_COLUMN) => status.replace(index).map(|_| twice(results::STATUS_COLUMN)),
                None if results::COLUMNS.into_iter().any(is) => None,
                None if is(results::RECORD_COLUMN) => record.replace(index).map(|_| twice(results::RECORD_COLUMN)),
                None if given.is_empty() => Some("A column has no name.".to_owned()),
                None => Some(format!("The column {given} is unknown.")),
            };
            problems.extend(wrong.map(|text| cell.place.error(text)));
            names.push(found);
        }
        let missing = layout.columns.iter().filter(|column| column.is_required && !names.contains(&Some(column.name)));
        problems.extend(missing.map(|column| row.place.error(format!("The column {} is missing.", column.name))));
        let problems: Vec<String> = problems.into_iter().flat_map(|error| error.0).collect();
        if problems.is_empty() { Ok(Self { names, record, status }) } else { Err(FileError(problems)) }
    }

    /// Refuses a row of results that has been applied.
    pub(super) fn refuse_processed(&self, row: &Row) -> Result<(), FileError> {
        match self.status.and_then(|index| row.cells.get(index)) {
            Some(cell) if results::is_processed(&cell.text) => Err(cell.place.error(results::PROCESSED)),
            Some(_) | None => Ok(()),
        }
    }

    /// The cells of a row by their columns, without blanks around them.
    pub(super) fn cells<'r>(&self, row: &'r Row) -> Result<Vec<(&'static str, &'r str)>, FileError> {
        let (count, expected) = (row.cells.len(), self.names.len());
        let has_more = row.cells.iter().skip(expected).any(|cell| !cell.text.trim().is_empty());
        if count < expected || has_more {
            return Err(row.place.error(format!("The row has {count} cells, but the file has {expected} columns.")));
        }
        let cells = self.names.iter().zip(&row.cells);
        Ok(cells.filter_map(|(name, cell)| name.map(|name| (name, cell.text.trim()))).collect())
    }

    /// The record that a row has as a whole, if it has one.
    pub(super) fn record(&self, row: &Row) -> Result<Option<String>, FileError> {
        let cell = self.record.and_then(|index| row.cells.get(index)).filter(|cell| !cell.text.trim().is_empty());
        let Some(cell) = cell else { return Ok(None) };
        if self.cells(row)?.iter().any(|(_, text)| !text.is_empty()) {
            let name = results::RECORD_COLUMN;
            return Err(cell.place.error(format!("A row with a {name} has no other cells of a record.")));
        }
        let record = lines::read(cell.text.trim()).map_err(|_| cell.place.error("The record is not JSON."))?;
        Ok(Some(record))
    }

    /// The columns that are read, as a JSON array; nothing where they need not hold a record.
    pub(super) fn columns(&self) -> Option<String> {
        let columns = serde_json::json!(self.names.iter().flatten().collect::<Vec<_>>());
        self.record.is_none().then(|| columns.to_string())
    }
}
