//! The catalogue as a file: every list in the shape in which it is read over HTTP, with ids that mean something within
//! the file only.

mod place;
mod request;
mod sheet;
mod write;

use std::fmt;

use app::catalogue::{Catalogue, Kept, Order};
use billing::{account::Session, problem::Problem};

use self::{place::Places, request::CatalogueRequest};
use crate::wire::{de, json};

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// Path of the member, such as `Products[0].Code`; empty for the file itself.
    pub field: String,
    /// A sentence for whoever wrote the file.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            write!(f, "{}: {}", self.line, self.message)
        } else {
            write!(f, "{}: {}: {}", self.line, self.field, self.message)
        }
    }
}

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Everything.
    Json,
    /// Products, in rows of a spreadsheet.
    Csv,
}

/// A file that was read, and where in it everything is.
#[derive(Debug, Clone)]
pub struct Source {
    json: String,
    /// The line of each row of a spreadsheet.
    row_lines: Option<Vec<usize>>,
    keeps: Kept,
}

/// What is in a file, or everything that is wrong with it.
pub fn read(text: &str, format: Format) -> Result<(Source, Order), Vec<Fault>> {
    let source = match format {
        Format::Json => Source { json: text.to_owned(), row_lines: None, keeps: Kept::Nothing },
        Format::Csv => sheet::read(text)?,
    };
    let of_file = |line, message| Err(vec![Fault { line, field: String::new(), message }]);
    match json::parse(source.json.as_bytes()) {
        Ok(Some(_)) => {}
        Ok(None) => return of_file(1, "The file is empty.".to_owned()),
        Err(error) => {
            return of_file(
                error.line,
                format!("The file is not JSON: {}, at position {}.", error.reason, error.column),
            );
        }
    }
    match de::parse_all(source.json.as_bytes(), request::is_spare, CatalogueRequest::parse) {
        Ok(order) => {
            let keeps = source.keeps;
            Ok((source, Order { keeps, ..order }))
        }
        Err(problems) => Err(source.locate(problems)),
    }
}

impl Source {
    /// Problems with the lines they are on, in the order of the lines.
    pub fn locate(&self, problems: Vec<Problem>) -> Vec<Fault> {
        let places = Places::of(&self.json);
        let line = |field: &str| match &self.row_lines {
            None => places.line(field),
            Some(lines) => place::first_index(field).and_then(|index| lines.get(index).copied()).unwrap_or(1),
        };
        let mut faults: Vec<_> = problems
            .into_iter()
            .map(|problem| Fault { line: line(&problem.field), field: problem.field, message: problem.message })
            .collect();
        faults.sort_by_key(|fault| fault.line);
        faults
    }
}

/// The file of a catalogue, or why it cannot be written in this format.
pub fn write(session: &Session, catalogue: Catalogue, format: Format) -> Result<String, String> {
    match format {
        Format::Json => Ok(write::json(session, catalogue)),
        Format::Csv => sheet::write(&catalogue.products),
    }
}
