//! CSV as spreadsheets write it: commas, semicolons or tabs, any line ends, quotes where there must be. Rows are read a
//! character at a time, because a file is never there as a whole, and what is wrong is told by line and column.

mod head;

use serde_json::{Map, Value};

use app::bulk::types::Layout;

use self::head::Head;
use super::{
    RECORD_BYTES_MAX, Records,
    lines::too_long,
    place::{FileError, Place},
};

/// Rows on their way in.
pub(super) struct Csv {
    layout: Layout,
    /// What the columns mean, when their row has been read.
    head: Option<Head>,
    /// The text of the first row until its separator is known.
    first_row: String,
    is_first_row_quoted: bool,
    /// What has come of it is more than blanks.
    has_first_row: bool,
    rows: Rows,
}

impl Csv {
    pub(super) fn new(layout: Layout) -> Self {
        Self {
            layout,
            head: None,
            first_row: String::new(),
            is_first_row_quoted: false,
            has_first_row: false,
            rows: Rows::default(),
        }
    }

    /// The columns that the file has, as a JSON array in the spelling of the type.
    pub(super) fn columns(&self) -> Option<String> {
        self.head.as_ref().and_then(Head::columns)
    }

    pub(super) fn push(&mut self, text: &str, records: &mut Records) -> Result<(), FileError> {
        let rest = if self.rows.separator.is_some() { text } else { self.begin(text, records)? };
        self.read(rest, records)
    }

    pub(super) fn finish(&mut self, records: &mut Records) -> Result<(), FileError> {
        if self.rows.separator.is_none() {
            self.set_separator(records)?;
        }
        if let Some(row) = self.rows.finish()? {
            self.take(&row, records)?;
        }
        if self.head.is_none() { Err(Place::default().error("The file is empty.")) } else { Ok(()) }
    }

    /// Keeps the first row until it is whole, which tells the separator; what follows it.
    fn begin<'t>(&mut self, text: &'t str, records: &mut Records) -> Result<&'t str, FileError> {
        for (at, character) in text.char_indices() {
            self.first_row.push(character);
            self.is_first_row_quoted ^= character == '"';
            if self.first_row.len() > RECORD_BYTES_MAX {
                return Err(too_long(Place::default()));
            }
            self.has_first_row |= !character.is_whitespace();
            if character == '\n' && !self.is_first_row_quoted && self.has_first_row {
                self.set_separator(records)?;
                return Ok(&text[at + 1..]);
            }
        }
        Ok("")
    }

    fn set_separator(&mut self, records: &mut Records) -> Result<(), FileError> {
        let first_row = std::mem::take(&mut self.first_row);
        self.rows.separator = Some(separator_of(&first_row));
        self.read(&first_row, records)
    }

    fn read(&mut self, text: &str, records: &mut Records) -> Result<(), FileError> {
        for character in text.chars() {
            if let Some(row) = self.rows.read(character)? {
                self.take(&row, records)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, row: &Row, records: &mut Records) -> Result<(), FileError> {
        if row.cells.iter().all(|cell| cell.text.trim().is_empty()) {
            return Ok(());
        }
        let Some(head) = &self.head else {
            self.head = Some(Head::read(self.layout, row)?);
            return Ok(());
        };
        let cells = head.cells(row)?;
        head.refuse_processed(row)?;
        if let Some(record) = head.record(row)? {
            records.push(record);
            return Ok(());
        }
        if self.layout.is_bare {
            records.push(cells.into_iter().next().map(|(_, text)| text.to_owned()).unwrap_or_default());
            return Ok(());
        }
        let members = cells.into_iter().filter(|(_, text)| !text.is_empty());
        let members: Map<String, Value> =
            members.map(|(name, text)| (name.to_owned(), Value::String(text.to_owned()))).collect();
        records.push(Value::Object(members).to_string());
        Ok(())
    }
}

/// The one of comma, semicolon and tab of which the row has most outside of quotes.
fn separator_of(row: &str) -> char {
    let outside: String = row.split('"').step_by(2).collect();
    let count = |separator: char| outside.matches(separator).count();
    // Of equals the last wins.
    ['\t', ';', ','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

/// A cell and where it begins.
#[derive(Debug, Default)]
struct Cell {
    text: String,
    place: Place,
}

/// A row and where it begins.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<Cell>,
    place: Place,
}

/// Characters to rows.
#[derive(Debug, Default)]
struct Rows {
    separator: Option<char>,
    state: State,
    place: Place,
    row: Row,
    cell: Cell,
    byte_count: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    CellStart,
    Plain,
    Quoted,
    /// After a quote within quotes: another one means itself, and anything else that the cell has ended.
    QuoteSeen,
    /// After a carriage return.
    LineEnd,
}

impl Rows {
    /// The row that this character ends, if it does.
    fn read(&mut self, character: char) -> Result<Option<Row>, FileError> {
        let ended = self.step(character)?;
        self.place.pass(character);
        if self.byte_count > RECORD_BYTES_MAX {
            let place = if self.state == State::Quoted { self.cell.place } else { self.row.place };
            return Err(too_long(place));
        }
        if ended {
            let row = std::mem::take(&mut self.row);
            self.row.place = self.place;
            self.cell.place = self.place;
            self.byte_count = 0;
            return Ok(Some(row));
        }
        Ok(None)
    }

    fn step(&mut self, character: char) -> Result<bool, FileError> {
        self.byte_count += character.len_utf8();
        let is_separator = self.separator == Some(character);
        match (self.state, character) {
            (State::Quoted, '"') => self.state = State::QuoteSeen,
            (State::QuoteSeen, '"') => {
                self.cell.text.push('"');
                self.state = State::Quoted;
            }
            (State::CellStart, '"') => {
                self.cell.place = self.place;
                self.state = State::Quoted;
            }
            (State::Plain, '"') => {
                return Err(self.place.error("A quote within a cell must be doubled, and the cell be in quotes."));
            }
            (State::LineEnd | State::CellStart | State::Plain | State::QuoteSeen, '\n') => {
                self.end_cell();
                return Ok(true);
            }
            (State::LineEnd, _) => return Err(self.place.error("A carriage return must be followed by a line feed.")),
            (State::CellStart | State::Plain | State::QuoteSeen, '\r') => self.state = State::LineEnd,
            (State::CellStart | State::Plain | State::QuoteSeen, _) if is_separator => self.end_cell(),
            // Blanks between a quote and the separator are no text.
            (State::QuoteSeen, ' ') => {}
            (State::QuoteSeen, _) => {
                return Err(self
                    .place
                    .error("After a cell in quotes, only a separator or the end of the line can follow."));
            }
            (State::CellStart, _) => {
                self.cell.place = self.place;
                self.cell.text.push(character);
                self.state = State::Plain;
            }
            (State::Plain | State::Quoted, _) => self.cell.text.push(character),
        }
        Ok(false)
    }

    fn end_cell(&mut self) {
        let mut cell = std::mem::take(&mut self.cell);
        if cell.text.is_empty() {
            cell.place = self.place;
        }
        self.row.cells.push(cell);
        self.state = State::CellStart;
    }

    /// The row that the end of the file ends.
    fn finish(&mut self) -> Result<Option<Row>, FileError> {
        match self.state {
            State::Quoted => Err(self.cell.place.error("The quote is never closed.")),
            State::CellStart if self.row.cells.is_empty() => Ok(None),
            State::CellStart | State::Plain | State::QuoteSeen | State::LineEnd => {
                self.end_cell();
                Ok(Some(std::mem::take(&mut self.row)))
            }
        }
    }
}
