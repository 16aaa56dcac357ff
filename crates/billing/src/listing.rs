//! A question for a list: which rows, in which order, which page. Pure values; `store` turns them into SQL.

use calendar::Instant;

/// The largest page, and the page size of a caller that names none.
pub const PAGE_SIZE_MAX: i64 = 1_000;

/// The field every list is ordered by when the caller names none, and which decides ties.
pub const ID: &str = "id";

/// How values of a field are written and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Compared without regard to case; `*` stands for any characters.
    Text,
    /// A whole number.
    Integer,
    /// A number in millionths.
    Decimal,
    /// A point in time.
    Instant,
    /// True or false.
    Boolean,
    /// One of these names, stored as spelled here.
    Enum(&'static [&'static str]),
    /// The id of a row.
    Id,
}

/// A field that a list may be filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The wire name, possibly dotted, such as `Customer.Status`.
    pub name: &'static str,
    /// How its values are written and compared.
    pub kind: Kind,
}

impl AsRef<Self> for Field {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// A value to compare a field with; its variant follows from the field's [`Kind`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// For `Text` and `Enum`.
    Text(String),
    /// For `Integer` and `Id`.
    Integer(i64),
    /// For `Decimal`, in millionths.
    Millionths(i64),
    /// For `Instant`.
    Instant(Instant),
    /// For `Boolean`.
    Boolean(bool),
}

/// A restriction of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Equal; texts without regard to case.
    Equals(Operand),
    /// A text made of these literal pieces with any characters between them: `555*` is `["555", ""]`.
    Like(Vec<String>),
    /// Null or the empty text.
    Empty,
    /// One of these.
    In(Vec<Operand>),
    /// Between the ends; an absent end is open. The lower end is included; the upper end is included for numbers and
    /// excluded for instants.
    Range {
        /// The lower end.
        from: Option<Operand>,
        /// The upper end.
        to: Option<Operand>,
    },
}

/// A condition and the name of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// [`Field::name`].
    pub field: &'static str,
    /// What must hold.
    pub condition: Condition,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first, absent values before all.
    Ascending,
    /// Largest first, absent values after all.
    Descending,
}

impl Direction {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascending => "Ascending",
            Self::Descending => "Descending",
        }
    }
}

/// What a list is ordered by. Ties are always broken by ascending id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// [`Field::name`], or [`ID`].
    pub field: &'static str,
    /// Smallest or largest first.
    pub direction: Direction,
}

/// One page of a filtered and ordered list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// All of these must hold.
    pub conditions: Vec<Clause>,
    /// Words that must be in one of the fields in which the list searches, without regard to case.
    pub search: Option<String>,
    /// The order.
    pub sort: Sort,
    /// Counted from zero.
    pub number: i64,
    /// Rows on a full page, from 1 to [`PAGE_SIZE_MAX`].
    pub size: i64,
}

impl Default for Page {
    /// The first page of everything, by id.
    fn default() -> Self {
        Self {
            conditions: Vec::new(),
            search: None,
            sort: Sort { field: ID, direction: Direction::Ascending },
            number: 0,
            size: PAGE_SIZE_MAX,
        }
    }
}

impl Page {
    /// Whether every row of the list is on one of its pages.
    pub fn is_whole(&self) -> bool {
        self.conditions.is_empty() && self.search.is_none()
    }

    /// Rows before this page.
    pub fn offset(&self) -> i64 {
        self.number.saturating_mul(self.size)
    }
}

/// The rows of one page, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Rows that meet the conditions, on all pages.
    pub matching: i64,
    /// Rows without regard to the conditions.
    pub total: i64,
}

impl<T> Slice<T> {
    /// The same slice with each row turned into another shape.
    pub fn map<U>(self, shape: impl FnMut(T) -> U) -> Slice<U> {
        Slice { rows: self.rows.into_iter().map(shape).collect(), matching: self.matching, total: self.total }
    }

    /// The index of the last page, zero when nothing matches.
    pub fn last_page(&self, page_size: i64) -> i64 {
        (self.matching - 1).max(0) / page_size.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_page_counts_from_zero() {
        let last = |matching| Slice::<()> { rows: vec![], matching, total: matching }.last_page(10);
        assert_eq!([0, 1, 10, 11, 20, 21].map(last), [0, 0, 0, 1, 1, 2]);
    }

    #[test]
    fn an_absurd_page_number_does_not_overflow() {
        assert_eq!(Page { number: i64::MAX, ..Page::default() }.offset(), i64::MAX);
    }
}
