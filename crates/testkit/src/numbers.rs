//! Searches for the numbers of cards and bank accounts that tests send, and for security codes. They belong to gateways, so
//! nothing that is kept and nothing that is logged may have one, however it is spelled.

use std::{
    fs,
    path::Path,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use db::Db;

use self::spelling::{Spelled, digits_in};

mod code;
mod spelling;
#[cfg(test)]
mod tests;

/// The document that lists the numbers of the test gateway.
const DOCUMENT: &str = include_str!("../../../docs/payments.md");

/// Members of requests that are such numbers, in lower case.
const MEMBERS: [&str; 2] = ["cardnumber", "accountnumber"];

/// Numbers that tests use, and that the document does not list.
const USUAL: [&str; 3] = ["4111111111111111", "5555555555554444", "378282246310005"];

/// Shorter ones cannot be told from amounts and ids, longer ones are none.
const LENGTHS: std::ops::RangeInclusive<usize> = 9..=19;

/// Characters between the name of a member and its value, at most: a quotation mark, a colon, blanks.
const BEFORE_VALUE_MAX: usize = 6;

/// All of a schema that can be read, as one text.
const EVERYTHING: &str = "SELECT CAST(schema_to_xml(current_schema()::name, false, false, '') AS TEXT)";

static KNOWN: LazyLock<RwLock<Arc<Vec<Spelled>>>> = LazyLock::new(|| {
    let documented = DOCUMENT.split(|letter: char| !letter.is_ascii_digit()).filter(|word| word.len() >= 12);
    let mut known = Vec::new();
    for number in documented.chain(USUAL) {
        add(&mut known, number);
    }
    RwLock::new(Arc::new(known))
});

fn add(known: &mut Vec<Spelled>, number: &str) {
    if LENGTHS.contains(&number.len()) && !known.iter().any(|old| old.number == number) {
        known.push(Spelled::of(number));
    }
}

/// Remembers a number that a test is about to send.
pub fn remember(number: &str) {
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    add(Arc::make_mut(&mut known), &digits_in(number));
}

/// Remembers the numbers in the body of a request, which need not be strict JSON, or in a file with a line of headers.
pub fn remember_all(body: &str) {
    remember_columns(body);
    let lower = body.to_ascii_lowercase();
    for (place, member) in MEMBERS.iter().flat_map(|member| lower.match_indices(member)) {
        let Some(rest) = lower.get(place + member.len()..) else { continue };
        let Some(begin) = rest.find(|letter: char| letter.is_ascii_digit()) else { continue };
        let value = rest.get(begin..).unwrap_or_default();
        let end = value.find(|letter: char| !letter.is_ascii_digit() && !" -".contains(letter));
        if begin <= BEFORE_VALUE_MAX {
            remember(value.get(..end.unwrap_or(value.len())).unwrap_or_default());
        }
    }
}

/// Remembers what is in the columns with the names of such members.
fn remember_columns(file: &str) {
    let mut lines = file.lines().map(|line| line.split(',').map(|field| field.trim().trim_matches('"')));
    let Some(headers) = lines.next() else { return };
    let is_number = |header: &str| {
        let letters: String = header.chars().filter(char::is_ascii_alphabetic).collect();
        MEMBERS.contains(&letters.to_ascii_lowercase().as_str())
    };
    let places: Vec<usize> =
        headers.enumerate().filter(|(_, header)| is_number(header)).map(|(place, _)| place).collect();
    if !places.is_empty() {
        lines.for_each(|fields| {
            fields.enumerate().filter(|(place, _)| places.contains(place)).for_each(|(_, field)| remember(field));
        });
    }
}

/// The first number in these bytes, or a security code under its name, if there is one.
pub fn find(bytes: &[u8]) -> Option<String> {
    let known = Arc::clone(&KNOWN.read().unwrap_or_else(PoisonError::into_inner));
    spelling::find(bytes, &known).or_else(|| code::find(bytes))
}

/// Fails the test when a file in this directory has a number.
#[track_caller]
pub fn assert_none_in_files(directory: &Path) {
    for entry in fs::read_dir(directory).expect("a directory that can be read") {
        let path = entry.expect("a file").path();
        if path.is_file() {
            let found = find(&fs::read(&path).expect("a file that can be read"));
            assert_eq!(found, None, "{} has the number of a card or bank account", path.display());
        }
    }
}

/// Fails the test when a table of the schema of a `PostgreSQL` database has a number.
pub(crate) async fn assert_none_in_schema(db: &Db) {
    let all: String = db.read(|tx| tx.scalar::<String>(EVERYTHING, &[])).await.expect("the schema can be read");
    assert_eq!(find(all.as_bytes()), None, "the database has the number of a card or bank account");
}
