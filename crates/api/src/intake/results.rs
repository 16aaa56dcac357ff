//! What files of results have beside the records themselves, so that one of them can be corrected and sent again.

use std::{borrow::Cow, collections::BTreeMap};

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Columns of a CSV file that tell what became of the record, and are passed over when it is sent.
pub(crate) const COLUMNS: [&str; 4] = ["Status", "Details", "CreatedId", "AmountMoved"];

/// Column of a CSV file with the record itself, as JSON, where the columns of its type cannot hold it.
pub(crate) const RECORD_COLUMN: &str = "Record";

/// Members of an object that has the record in `record`, and in the others what became of it.
const MEMBERS: [&str; 5] = ["record", "status", "details", "createdId", "amountMoved"];

/// The record within an object of a file of results. Anything else is a record itself: no type has a member of that name.
pub(super) fn record_within(json: &str) -> Option<&str> {
    if !json.starts_with('{') || !json.contains("\"record\"") {
        return None;
    }
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(json).ok()?;
    let is_result = members.contains_key("status") && members.keys().all(|name| MEMBERS.contains(name));
    members.get("record").filter(|_| is_result).map(|record| record.get())
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
