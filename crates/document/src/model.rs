//! What a document consists of, before anybody decides how it looks: text only, every figure already written.

use billing::profile::Logo;

/// A document for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is and its number, such as `Invoice 1042`; also the title of the file.
    pub title: String,
    /// What it is, in large letters: `Invoice`.
    pub kind: &'static str,
    /// What the reader must know of it before anything else, such as `Void`.
    pub mark: Option<&'static str>,
    /// Who sends it.
    pub letterhead: Letterhead,
    /// Number, dates and the like.
    pub facts: Vec<Fact>,
    /// Whom it concerns, side by side.
    pub parties: Vec<Party>,
    /// The one figure that the reader looks for.
    pub headline: Option<Fact>,
    /// Everything else, from top to bottom.
    pub blocks: Vec<Block>,
    /// Size of the page.
    pub paper: Paper,
}

/// Who sends a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// Stands above the name.
    pub logo: Option<Logo>,
    /// The sender's name.
    pub name: String,
    /// Address and contacts.
    pub lines: Vec<String>,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub label: String,
    /// What it is.
    pub value: String,
}

impl Fact {
    pub(crate) fn new(label: &str, value: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into() }
    }
}

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What the party is to the document: `Billed to`.
    pub role: &'static str,
    /// Name, address, contacts.
    pub lines: Vec<String>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Opens a part.
    Heading(String),
    /// Text; line breaks are kept.
    Paragraph(String),
    /// Rows under a head, which is repeated on every page.
    Table(Table),
    /// Figures that are added up, at the right.
    Totals(Vec<Total>),
    /// What follows begins on a page of its own.
    PageBreak,
}

/// Rows of equal columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns, whose shares add up to a thousand.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Stands in the place of the rows when there are none.
    pub when_empty: &'static str,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub heading: &'static str,
    /// Its part of the width, in thousandths.
    pub share: i64,
    /// Where its texts stand.
    pub align: Align,
}

/// Where a text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A cell for each column.
    Line(Vec<Cell>),
    /// As [`Row::Line`], in bold type.
    Sum(Vec<Cell>),
    /// A text over the whole width, which stays with the row after it.
    Group(String),
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Smaller lines below.
    pub notes: Vec<String>,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), notes: Vec::new() }
    }
}

/// A line of figures that are added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Its name.
    pub label: String,
    /// The figure.
    pub value: String,
    /// What the lines above come to.
    pub is_sum: bool,
}

/// Size of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 8½ × 11 inches.
    Letter,
}
