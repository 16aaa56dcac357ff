//! JSON Lines: each line a record, taken as it is.

use serde::de::IgnoredAny;

use super::{
    RECORD_BYTES_MAX, Records,
    place::{FileError, Place},
    results,
};

/// Lines on their way in.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: String,
    /// Where the line begins.
    place: Place,
}

impl Lines {
    pub(super) fn push(&mut self, text: &str, records: &mut Records) -> Result<(), FileError> {
        for piece in text.split_inclusive('\n') {
            self.begun.push_str(piece);
            if self.begun.len() > RECORD_BYTES_MAX {
                return Err(too_long(self.place));
            }
            if piece.ends_with('\n') {
                self.finish(records)?;
            }
        }
        Ok(())
    }

    /// The line has ended.
    pub(super) fn finish(&mut self, records: &mut Records) -> Result<(), FileError> {
        let line = std::mem::take(&mut self.begun);
        if !line.trim().is_empty() {
            records.push(record(&line, self.place)?);
        }
        self.place.pass_all(&line);
        Ok(())
    }
}

/// A record longer than any is.
pub(super) fn too_long(place: Place) -> FileError {
    place.error(format!("A record may have at most {RECORD_BYTES_MAX} bytes."))
}

/// The record that this JSON is, or has within it among its results: a string without its quotes, anything else as it is
/// written.
pub(super) fn record(json: &str, place: Place) -> Result<String, FileError> {
    let trimmed = json.trim();
    let told = results::told(trimmed);
    if told.as_ref().is_some_and(|told| told.is_processed) {
        return Err(place.error(results::PROCESSED));
    }
    read(trimmed).and_then(|whole| told.map_or(Ok(whole), |told| read(told.record))).map_err(|error| {
        let mut wrong = place;
        let before = json.len() - json.trim_start().len();
        wrong.pass_all(json.get(..before + offset(trimmed, &error)).unwrap_or_default());
        // The place is said in front, as everywhere.
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        wrong.error(format!("The record is not JSON: {text}."))
    })
}

/// A string without its quotes, anything else as it is written.
pub(super) fn read(json: &str) -> serde_json::Result<String> {
    if json.starts_with('"') {
        serde_json::from_str::<String>(json).map(|text| text.replace('\0', "\u{fffd}"))
    } else {
        serde_json::from_str::<IgnoredAny>(json).map(|_| json.to_owned())
    }
}

/// Bytes before the one that is wrong.
fn offset(json: &str, error: &serde_json::Error) -> usize {
    let line_start: usize = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = (line_start + error.column().saturating_sub(1)).min(json.len());
    (0..=offset).rev().find(|offset| json.is_char_boundary(*offset)).unwrap_or_default()
}
