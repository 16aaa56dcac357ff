//! What people write about a customer (customers.md §2.13).

use calendar::Instant;

use crate::{
    id::{CustomerId, CustomerNoteId},
    refusal::Refusal,
};

/// Longest note, in characters.
pub const NOTE_LENGTH_MAX: usize = 2_000;
/// Longest name of the application that a note came from, in characters.
pub const SOURCE_LENGTH_MAX: usize = 255;

/// A note about a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: CustomerNoteId,
    /// Whom it is about.
    pub customer: CustomerId,
    /// Not empty, at most [`NOTE_LENGTH_MAX`] characters.
    pub text: String,
    /// Where it was written, in at most [`SOURCE_LENGTH_MAX`] characters.
    pub source_application: Option<String>,
    /// It may be changed and deleted; said once, when it is written.
    pub is_editable: bool,
    /// Label of the key with which it was written.
    pub author: Option<String>,
    /// When it was written.
    pub created_at: Instant,
    /// When it was last changed.
    pub modified_at: Instant,
}

impl Note {
    /// Notes that were written to stay are neither changed nor deleted.
    pub fn may_be_modified(&self) -> Result<(), Refusal> {
        if self.is_editable { Ok(()) } else { Err(Refusal::NoteNotEditable(self.id)) }
    }
}
