//! One JSON array: each element a record, found by its brackets and quotes and then read by itself.

use super::{
    RECORD_BYTES_MAX, Records,
    lines::{record, too_long},
    place::{FileError, Place},
};

/// An array on its way in.
#[derive(Debug, Default)]
pub(super) struct Array {
    state: State,
    place: Place,
    element: String,
    /// Where the element begins.
    element_place: Place,
    depth: usize,
    is_in_text: bool,
    is_escaped: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    BeforeArray,
    /// After the bracket that opens the array: an element or the end.
    BeforeFirst,
    /// After a comma: an element.
    BeforeNext,
    InElement,
    AfterArray,
}

impl Array {
    pub(super) fn push(&mut self, text: &str, records: &mut Records) -> Result<(), FileError> {
        for character in text.chars() {
            self.read(character, records)?;
            self.place.pass(character);
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), FileError> {
        match self.state {
            State::AfterArray => Ok(()),
            State::BeforeArray => Err(self.place.error(NO_ARRAY)),
            State::BeforeFirst | State::BeforeNext | State::InElement => {
                Err(self.place.error("The file ends before its array does."))
            }
        }
    }

    fn read(&mut self, character: char, records: &mut Records) -> Result<(), FileError> {
        if self.state == State::InElement {
            return self.read_element(character, records);
        }
        if character.is_ascii_whitespace() {
            return Ok(());
        }
        match (self.state, character) {
            (State::BeforeArray, '[') => self.state = State::BeforeFirst,
            (State::BeforeFirst, ']') => self.state = State::AfterArray,
            (State::BeforeFirst | State::BeforeNext, ',' | ']') => {
                return Err(self.place.error("A record is missing."));
            }
            (State::BeforeFirst | State::BeforeNext, _) => {
                self.state = State::InElement;
                self.element_place = self.place;
                return self.read_element(character, records);
            }
            (State::BeforeArray, _) => return Err(self.place.error(NO_ARRAY)),
            (State::AfterArray, _) => return Err(self.place.error("Nothing may follow the array.")),
            (State::InElement, _) => {}
        }
        Ok(())
    }

    fn read_element(&mut self, character: char, records: &mut Records) -> Result<(), FileError> {
        if self.is_in_text {
            self.is_in_text = self.is_escaped || character != '"';
            self.is_escaped = !self.is_escaped && character == '\\';
        } else {
            match character {
                ',' | ']' if self.depth == 0 => {
                    self.state = if character == ',' { State::BeforeNext } else { State::AfterArray };
                    let element = std::mem::take(&mut self.element);
                    records.push(record(&element, self.element_place)?);
                    return Ok(());
                }
                '"' => self.is_in_text = true,
                '[' | '{' => self.depth += 1,
                ']' | '}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.element.push(character);
        if self.element.len() > RECORD_BYTES_MAX { Err(too_long(self.element_place)) } else { Ok(()) }
    }
}

const NO_ARRAY: &str = "The file is not a JSON array of records.";
