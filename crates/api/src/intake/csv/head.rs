//! The first row of a file: which of the type's columns it has, and where.

use app::bulk::types::Layout;

use super::Row;
use crate::intake::place::FileError;

/// Columns of files with results, so that a corrected one can be sent as it is.
const OF_RESULTS: [&str; 3] = ["Status", "Details", "CreatedId"];

/// What the cells of each row are, in the order of the file; nothing for those that are not read.
#[derive(Debug)]
pub(super) struct Head {
    names: Vec<Option<&'static str>>,
}

impl Head {
    /// Finds the type's columns, in any case and any order, and everything that is wrong with the names.
    pub(super) fn read(layout: Layout, row: &Row) -> Result<Self, FileError> {
        let (mut names, mut problems) = (Vec::new(), Vec::new());
        for cell in &row.cells {
            let given = cell.text.trim();
            let is = |name: &str| name.eq_ignore_ascii_case(given);
            let found = layout.columns.iter().map(|column| column.name).find(|name| is(name));
            let wrong = match found {
                Some(name) if names.contains(&Some(name)) => Some(format!("The column {name} is there twice.")),
                Some(_) => None,
                None if OF_RESULTS.into_iter().any(is) => None,
                None if given.is_empty() => Some("A column has no name.".to_owned()),
                None => Some(format!("The column {given} is unknown.")),
            };
            problems.extend(wrong.map(|text| cell.place.error(text)));
            names.push(found);
        }
        let missing = layout.columns.iter().filter(|column| column.is_required && !names.contains(&Some(column.name)));
        problems.extend(missing.map(|column| row.place.error(format!("The column {} is missing.", column.name))));
        let problems: Vec<String> = problems.into_iter().flat_map(|error| error.0).collect();
        if problems.is_empty() { Ok(Self { names }) } else { Err(FileError(problems)) }
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

    /// The columns that are read, as a JSON array.
    pub(super) fn columns(&self) -> String {
        serde_json::json!(self.names.iter().flatten().collect::<Vec<_>>()).to_string()
    }
}
