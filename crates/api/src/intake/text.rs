//! Bytes to text: UTF-8 without NUL, with or without a byte order mark, however it is cut into pieces.

use std::fmt;

use super::{
    FILE_BYTES_MAX,
    place::{FileError, Place},
};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What is told of bytes that are no UTF-8, as spreadsheets write them by default.
const NOT_UTF_8: &str = "Save the file as UTF-8; spreadsheets call that \"CSV UTF-8\".";

/// Text on its way in.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The beginning of a character of which the rest has not come.
    begun: Vec<u8>,
    place: Place,
    has_begun: bool,
    byte_count: u64,
}

impl Text {
    /// Hands on what is text of these bytes and of those that were left.
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        sink: impl FnOnce(&str) -> Result<(), FileError>,
    ) -> Result<(), FileError> {
        self.byte_count = self.byte_count.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.byte_count > FILE_BYTES_MAX {
            return Err(self.place.error(format!("The file has more than {FILE_BYTES_MAX} bytes.")));
        }
        self.begun.extend_from_slice(bytes);
        let bytes = std::mem::take(&mut self.begun);
        match str::from_utf8(&bytes) {
            Ok(text) => self.hand_on(text, sink),
            Err(error) => {
                let (text, rest) = bytes.split_at(error.valid_up_to());
                // What is valid up to there is valid.
                self.hand_on(str::from_utf8(text).unwrap_or_default(), sink)?;
                if error.error_len().is_some() {
                    return Err(self.wrong(rest));
                }
                self.begun = rest.to_vec();
                Ok(())
            }
        }
    }

    /// Something is wrong with what ends here.
    pub(super) fn error(&self, message: impl fmt::Display) -> FileError {
        self.place.error(message)
    }

    /// Nothing more comes.
    pub(super) fn finish(&self) -> Result<(), FileError> {
        if self.begun.is_empty() {
            return Ok(());
        }
        Err(self.place.error("The file ends in the middle of a character."))
    }

    fn hand_on(&mut self, text: &str, sink: impl FnOnce(&str) -> Result<(), FileError>) -> Result<(), FileError> {
        if text.is_empty() {
            return Ok(());
        }
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let text = if is_first { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        let (good, bad) = text.split_at(text.find('\0').unwrap_or(text.len()));
        sink(good)?;
        self.place.pass_all(good);
        if bad.is_empty() { Ok(()) } else { Err(self.place.error("The file has a NUL character here.")) }
    }

    fn wrong(&self, rest: &[u8]) -> FileError {
        if !self.has_begun && matches!(rest, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            return self.place.error(format!("The file is UTF-16. {NOT_UTF_8}"));
        }
        let byte = rest.first().copied().unwrap_or_default();
        self.place.error(format!("The byte {byte:02X} is not UTF-8. {NOT_UTF_8}"))
    }
}
