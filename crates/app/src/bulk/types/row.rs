//! The row of an import: what its cells say, and what is wrong with them.

use billing::{
    named::Named,
    problem::{Problem, Problems},
    purchase::Change,
};
use calendar::{Date, Instant};
use money::Amount;

use super::{Cells, Column, RecordParser};

/// The cells of a record that are not empty. Columns are found in any case.
#[derive(Debug, Clone)]
pub(super) struct Row(Cells);

/// What a cell means, or what it must be instead: `must be a number.`
pub(super) type Read<T> = Result<T, String>;

impl Row {
    /// Reads a record and has its cells read: everything that is wrong with them is told at once. Where `parse` finds nothing
    /// to make of them, it has said why.
    pub(super) fn parse<T>(
        parser: RecordParser,
        text: &str,
        columns: &[Column],
        parse: impl FnOnce(&Self, &mut Problems) -> Option<T>,
    ) -> Result<T, Vec<Problem>> {
        let row = Self((parser.row)(text)?);
        let mut problems = Problems::new();
        row.check(columns, &mut problems);
        let parsed = parse(&row, &mut problems);
        problems.into_result()?;
        parsed.ok_or_else(|| vec![Problem::new("", "The record says too little.")])
    }

    /// Finds cells without a column, columns with two cells, and required columns without any.
    fn check(&self, columns: &[Column], problems: &mut Problems) {
        for (index, (name, _)) in self.0.iter().enumerate() {
            if !columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)) {
                problems.push(name, format!("There is no column {name}."));
            }
            if self.0[..index].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
                problems.push(name, format!("The column {name} is given twice."));
            }
        }
        for column in columns {
            if column.is_required && !self.has(column.name) {
                problems.required(column.name);
            }
        }
    }

    /// Whether there is nothing in any column.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is something in a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.cell(column).is_some()
    }

    fn cell(&self, column: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)).map(|(_, value)| value.as_str())
    }

    /// What a column says, if anything.
    pub(super) fn get<T>(
        &self,
        problems: &mut Problems,
        column: &str,
        read: impl FnOnce(&str) -> Read<T>,
    ) -> Option<T> {
        let read = read(self.cell(column)?);
        read.map_err(|complaint| problems.push(column, format!("The field {column} {complaint}"))).ok()
    }

    /// A text of at most so many characters.
    pub(super) fn text(&self, problems: &mut Problems, column: &str, length_max: usize) -> Option<String> {
        self.get(problems, column, |text| bounded(text, length_max))
    }

    /// What a column makes of a value: an empty one keeps it, the word `clear` empties it.
    pub(super) fn change<T>(
        &self,
        problems: &mut Problems,
        column: &str,
        read: impl FnOnce(&str) -> Read<T>,
    ) -> Change<T> {
        match self.cell(column) {
            Some(word) if word.eq_ignore_ascii_case(CLEAR) => Change::Clear,
            Some(_) => self.get(problems, column, read).map_or(Change::Keep, Change::Set),
            None => Change::Keep,
        }
    }
}

/// What empties a field.
const CLEAR: &str = "clear";

fn bounded(text: &str, length_max: usize) -> Read<String> {
    if text.chars().count() > length_max {
        return Err(format!("must be a string with a maximum length of {length_max}."));
    }
    Ok(text.to_owned())
}

/// Any text; its limits are looked at later.
#[expect(clippy::unnecessary_wraps, reason = "one of the ways to read a cell, which may all fail")]
pub(super) fn any(text: &str) -> Read<String> {
    Ok(text.to_owned())
}

/// A number such as an id.
pub(super) fn whole(text: &str) -> Read<i64> {
    text.parse().map_err(|_| "must be a whole number.".to_owned())
}

/// Any sum of money.
pub(super) fn sum(text: &str) -> Read<Amount> {
    Amount::parse(text).map_err(|_| "must be a number such as 1234.50.".to_owned())
}

/// Money that moves: positive, at most two decimals (receivables.md §1).
pub(super) fn money(text: &str) -> Read<Amount> {
    const HUNDREDTH: i64 = money::MILLIONTHS / 100;
    let amount = sum(text)?;
    if !amount.is_positive() || amount.millionths() % HUNDREDTH != 0 {
        return Err("must be a positive number and cannot exceed two decimal places.".to_owned());
    }
    Ok(amount)
}

/// One of the names of `T`, in any case.
pub(super) fn named<T: Named>(text: &str) -> Read<T> {
    let found = T::ALL.iter().find(|value| value.name().eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| format!("must be one of {}.", T::NAMES.join(", ")))
}

/// Whether something is so.
pub(super) fn flag(text: &str) -> Read<bool> {
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match (is_one_of(["Yes", "true", "On"]), is_one_of(["No", "false", "Off"])) {
        (true, _) => Ok(true),
        (false, true) => Ok(false),
        (false, false) => Err("must be Yes or No.".to_owned()),
    }
}

/// A day.
pub(super) fn date(text: &str) -> Read<Date> {
    calendar::parse_date(text).map_err(|_| "must be a date such as 2024-01-31.".to_owned())
}

/// An instant.
pub(super) fn instant(text: &str) -> Read<Instant> {
    Instant::parse(text).map_err(|_| "must be a time such as 2024-01-31T09:30:00Z.".to_owned())
}

#[cfg(test)]
mod tests {
    use billing::term::Term;

    use super::*;

    const COLUMNS: &[Column] =
        &[Column::required("Id", ""), Column::optional("Name", ""), Column::optional("Terms", "")];

    const PARSER: RecordParser = RecordParser { payment: |_| Err(Vec::new()), row: |text| Ok(of(text)) };

    fn of(text: &str) -> Cells {
        let cell = |cell: &str| cell.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        text.split('|').filter_map(cell).collect()
    }

    fn told(text: &str) -> Vec<String> {
        let parsed = Row::parse(PARSER, text, COLUMNS, |row, problems| {
            let id = row.get(problems, "Id", whole);
            row.text(problems, "Name", 3);
            row.get(problems, "Terms", named::<Term>);
            id
        });
        let problems = parsed.err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn a_row_is_read_in_any_case() {
        assert_eq!(told("ID=7|name=Ada|TERMS=net30"), Vec::<String>::new());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        assert_eq!(
            told("Name=Adam|Nmae=x|NAME=y|Terms=x")[..4],
            [
                "There is no column Nmae.",
                "The column NAME is given twice.",
                "The Id field is required.",
                "The field Name must be a string with a maximum length of 3.",
            ]
        );
        assert_eq!(told("Id=x"), ["The field Id must be a whole number."]);
    }

    #[test]
    fn values_are_what_they_say() {
        assert_eq!(money("12.30").map(|amount| amount.to_string()), Ok("12.3".to_owned()));
        for text in ["0", "-1", "1.001"] {
            assert!(money(text).unwrap_err().starts_with("must be a positive number"), "{text}");
        }
        assert_eq!(money("1,5"), Err("must be a number such as 1234.50.".to_owned()));
        assert_eq!(
            ["yes", "ON", "True", "no", "off", "FALSE"].map(flag).map(Result::unwrap),
            [true, true, true, false, false, false]
        );
        assert!(flag("1").is_err());
        assert!(date("2024-02-30").is_err() && date("2024-02-29").is_ok());
        assert!(instant("yesterday").is_err() && instant("2024-01-31T09:30:00Z").is_ok());
    }

    #[test]
    fn a_word_clears_and_nothing_keeps() {
        let row = Row(of("A=Clear|B=7"));
        let mut problems = Problems::new();
        let changes = ["A", "B", "C"].map(|column| row.change(&mut problems, column, whole));
        assert_eq!(changes, [Change::Clear, Change::Set(7), Change::Keep]);
    }
}
