//! Values that an account adds to its own products and purchases.

/// A value under an account's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// At most 255 characters, unique among the fields of one thing.
    pub key: String,
    /// The text form of the value, at most 1000 characters.
    pub value: Option<String>,
}

/// Longest key, in characters.
pub const KEY_LENGTH_MAX: usize = 255;
/// Longest value, in characters.
pub const VALUE_LENGTH_MAX: usize = 1000;
