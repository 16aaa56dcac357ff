//! Ids differ between runs and databases; what refers to what does not.

use std::collections::HashMap;

/// The smallest id that any database gives out. Numbers below it are counts, sizes and codes.
const FIRST_ID: i64 = 100_001;

/// Replaces ids by `#1`, `#2` … in the order of their first appearance, so that equal ids stay equal.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    names: HashMap<i64, String>,
    /// How many of them are numbers.
    count: usize,
}

impl Redaction {
    /// Gives an id a name of its own.
    pub fn name(&mut self, id: i64, name: &str) {
        self.names.insert(id, format!("#{name}"));
    }

    /// The text without ids. Parts of decimal numbers and of timestamps are none.
    pub fn text(&mut self, text: &str) -> String {
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|character: char| !character.is_ascii_digit()).unwrap_or(from.len());
            let (digits, after) = from.split_at(end);
            redacted.push_str(before);
            let is_whole = !before.ends_with('.') && !after.starts_with('.');
            match digits.parse() {
                Ok(id) if is_whole && id >= FIRST_ID => redacted.push_str(&self.of(id)),
                _ => redacted.push_str(digits),
            }
            rest = after;
        }
        redacted.push_str(rest);
        redacted
    }

    fn of(&mut self, id: i64) -> String {
        let count = &mut self.count;
        let number = || {
            *count += 1;
            format!("#{count}")
        };
        self.names.entry(id).or_insert_with(number).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ids_stay_equal_and_numbers_stay() {
        let mut redaction = Redaction::default();
        redaction.name(100_007, "customer");
        let text = r#"{"id":100009,"x":200000.5,"y":0.123456,"z":99999,"a":"/v1/x/100009","b":100007,"c":100008}"#;
        let expected = r#"{"id":#1,"x":200000.5,"y":0.123456,"z":99999,"a":"/v1/x/#1","b":#customer,"c":#2}"#;
        assert_eq!(redaction.text(text), expected);
    }
}
