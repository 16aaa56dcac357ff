//! What files of results have beside the records themselves, so that one of them can be corrected and sent again.

use std::{borrow::Cow, collections::BTreeMap};

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Columns of a CSV file that tell what became of the record, and are passed over when it is sent.
pub(crate) const COLUMNS: [&str; 4] = [STATUS_COLUMN, "Details", "CreatedId", "AmountMoved"];

/// The one of them that says whether it was applied.
pub(super) const STATUS_COLUMN: &str = "Status";

/// Column of a CSV file with the record itself, as JSON, where the columns of its type cannot hold it.
pub(crate) const RECORD_COLUMN: &str = "Record";

/// Members of an object that has the record in `record`, and in the others what became of it.
const MEMBERS: [&str; 5] = ["record", "status", "details", "createdId", "amountMoved"];

/// What is said of a record that would be applied once more, because nobody took it out of the results.
pub(super) const PROCESSED: &str = "This record was processed, as its Status says, and would be processed once more. Leave it out, or empty its Status.";

/// Whether a record in a file of results has been applied.
pub(super) fn is_processed(status: &str) -> bool {
    status.trim().eq_ignore_ascii_case("Processed")
}

/// An object of a file of results.
pub(super) struct Told<'j> {
    /// The record, as JSON.
    pub(super) record: &'j str,
    /// It has been applied.
    pub(super) is_processed: bool,
}

/// The object of a file of results that this is. Anything else is a record itself: no type has a member of that name.
pub(super) fn told(json: &str) -> Option<Told<'_>> {
    if !json.starts_with('{') || !json.contains("\"record\"") {
        return None;
    }
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(json).ok()?;
    let (record, status) = members.get("record").zip(members.get("status"))?;
    let is_processed = is_processed(status.get().trim_matches('"'));
    let is_told = members.keys().all(|name| MEMBERS.contains(name));
    is_told.then(|| Told { record: record.get(), is_processed })
}

/// A record as JSON in one line, which is read as that record again: itself where it is JSON, and else the text that it is.
pub(crate) fn json_of(record: &str) -> Cow<'_, str> {
    let is_itself =
        !record.starts_with('"') && record.trim() == record && serde_json::from_str::<IgnoredAny>(record).is_ok();
    if !is_itself {
        return Cow::Owned(serde_json::Value::from(record).to_string());
    }
    // A line of JSON ends between its tokens only.
    if record.contains(['\n', '\r']) { Cow::Owned(record.replace(['\n', '\r'], " ")) } else { Cow::Borrowed(record) }
}
