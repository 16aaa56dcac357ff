//! How a number may be spelled: plainly, in groups, percent-encoded, in hexadecimal, or somewhere in base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Digits in a group of a card's number.
const GROUP: usize = 4;

/// Characters that are three bytes in base64.
const BASE64_GROUP: usize = 4;

/// A number, and all that would betray it.
#[derive(Debug, Clone)]
pub(super) struct Spelled {
    /// Its digits.
    pub(super) number: String,
    /// As it appears among digits, when what may stand between them is left out.
    digits: Vec<Vec<u8>>,
    /// As it appears in base64, at each of three places.
    base64: Vec<Vec<u8>>,
}

impl Spelled {
    /// Every spelling of a number of nine digits at least.
    pub(super) fn of(number: &str) -> Self {
        let groups: Vec<String> =
            number.as_bytes().chunks(GROUP).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        let hexadecimal: String = number.chars().flat_map(|digit| ['3', digit]).collect();
        // `%20`, `%2D` and `%2B` are digits with something between them, the letters apart.
        let digits = [number.to_owned(), groups.join("20"), groups.join("2"), hexadecimal];
        let base64 = (0..3).map(|place| {
            let rest = number.as_bytes().get(place..).unwrap_or_default();
            STANDARD.encode(rest.chunks_exact(3).flatten().copied().collect::<Vec<_>>()).into_bytes()
        });
        Self { number: number.to_owned(), digits: digits.map(String::into_bytes).into(), base64: base64.collect() }
    }
}

/// The digits of a text.
pub(super) fn digits_in(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The first number that these bytes spell. Pages of a database are long, so each byte is looked at once.
pub(super) fn find(bytes: &[u8], known: &[Spelled]) -> Option<String> {
    among_digits(bytes, known).or_else(|| in_base64(bytes, known)).map(|spelled| spelled.number.clone())
}

fn among_digits<'k>(bytes: &[u8], known: &'k [Spelled]) -> Option<&'k Spelled> {
    let shortest = known.iter().map(|spelled| spelled.number.len()).min()?;
    let (mut run, mut is_gap) = (Vec::new(), true);
    let found = |run: &[u8]| {
        let spells = |wanted: &Vec<u8>| run.windows(wanted.len()).any(|window| window == wanted);
        if run.len() < shortest { None } else { known.iter().find(|spelled| spelled.digits.iter().any(spells)) }
    };
    for byte in bytes {
        if byte.is_ascii_digit() {
            run.push(*byte);
            is_gap = false;
        } else if !is_gap && matches!(byte, b' ' | b'-' | b'%' | b'+' | b'D' | b'd' | b'B' | b'b' | b'_' | b'.') {
            is_gap = !matches!(byte, b'%');
        } else if !run.is_empty() {
            if let Some(found) = found(&run) {
                return Some(found);
            }
            run.clear();
            is_gap = true;
        }
    }
    found(&run)
}

fn in_base64<'k>(bytes: &[u8], known: &'k [Spelled]) -> Option<&'k Spelled> {
    // Three digits are four characters, the first of them one of these.
    let begins = |place: usize| bytes.get(place).is_some_and(|byte| matches!(byte, b'M' | b'N' | b'O'));
    (0..bytes.len()).filter(|place| begins(*place) && begins(place + BASE64_GROUP)).find_map(|place| {
        let rest = bytes.get(place..)?;
        known.iter().find(|spelled| spelled.base64.iter().any(|wanted| rest.starts_with(wanted)))
    })
}
