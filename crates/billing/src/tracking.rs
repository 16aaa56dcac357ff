//! Tracked items on documents: which, where, and what is shown of them (receivables.md §12).

use crate::{named::named, purchase::TrackedItem};

named! {
    /// Where tracked items stand.
    pub enum Placement {
        /// After everything else, on pages of their own.
        SeparatePage => "SeparatePage",
        /// Below the line that sold them.
        Inline => "Inline",
    }
}

/// What is shown of tracked items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Display {
    /// Where they stand.
    pub placement: Placement,
    /// Their names.
    pub name: bool,
    /// Their references.
    pub reference: bool,
    /// Their descriptions.
    pub description: bool,
    /// The day on which they were added.
    pub created_on: bool,
}

/// The tracked items of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// What is shown of them.
    pub display: Display,
    /// The active items of the purchases on the document, in order of their ids.
    pub items: Vec<TrackedItem>,
}
