//! What goes to standard output.

/// One JSON value, readable.
pub(crate) fn json(value: &serde_json::Value) {
    println!("{value:#}");
}
