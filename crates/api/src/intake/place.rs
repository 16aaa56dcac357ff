//! Where in a file something is, and what is wrong there.

use std::fmt;

use billing::problem::Problem;

/// A character of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Counted from 1.
    pub(super) line: u64,
    /// In characters, counted from 1.
    pub(super) column: u64,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl Place {
    /// The place after this character.
    pub(super) fn pass(&mut self, character: char) {
        if character == '\n' {
            *self = Self { line: self.line + 1, column: 1 };
        } else {
            self.column += 1;
        }
    }

    /// The place after this text.
    pub(super) fn pass_all(&mut self, text: &str) {
        let last_line = match text.rfind('\n') {
            Some(at) => {
                self.line += count(text.bytes().filter(|byte| *byte == b'\n').count());
                self.column = 1;
                &text[at + 1..]
            }
            None => text,
        };
        self.column += count(last_line.chars().count());
    }

    /// Something is wrong here.
    pub(super) fn error(self, message: impl fmt::Display) -> FileError {
        FileError(vec![format!("Line {}, column {}: {message}", self.line, self.column)])
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What is wrong with a file, so that nothing of it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileError(pub(super) Vec<String>);

impl From<FileError> for Vec<Problem> {
    fn from(error: FileError) -> Self {
        error.0.into_iter().map(|message| Problem::new("Data", message)).collect()
    }
}
