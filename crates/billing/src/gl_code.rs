//! General-ledger labels that products are booked under.

use crate::{id::GlCodeId, named::named, problem::Problems};

/// Longest code and longest name, in characters.
const LENGTH_MAX: usize = 255;

named! {
    /// Whether products may be given a label.
    pub enum GlCodeStatus {
        /// They may.
        Active => "Active",
        /// Only those that have it keep it.
        Retired => "Retired",
    }
}

/// What a caller writes of a label (catalog.md §10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlCodeFields {
    /// At most 255 characters, unique in the account.
    pub code: String,
    /// At most 255 characters.
    pub name: String,
    /// Whether products may be given it.
    pub status: GlCodeStatus,
}

/// A label as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlCode {
    /// Its id.
    pub id: GlCodeId,
    /// What callers write.
    pub fields: GlCodeFields,
}

impl GlCodeFields {
    /// Records every field that is beyond its limits.
    pub fn check(&self, problems: &mut Problems) {
        for (name, text) in [("Code", &self.code), ("Name", &self.name)] {
            if text.trim().is_empty() {
                problems.required(name);
            }
            problems.check_length(name, text, LENGTH_MAX);
        }
    }
}
