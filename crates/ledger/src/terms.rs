//! What the row that a transaction posts fixes beside the amount.

/// The terms of a fact, such as how a charge is earned: kept in the fact's own row and nowhere in the ledger, but part of
/// the transaction's hash, so that a change of the row is noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terms(Vec<u8>);

impl Terms {
    /// With one more number, or with nothing in its place.
    #[must_use]
    pub fn number(mut self, number: Option<i64>) -> Self {
        let Some(number) = number else { return self.nothing() };
        self.0.push(1);
        self.0.extend(number.to_be_bytes());
        self
    }

    /// With one more text, or with nothing in its place.
    #[must_use]
    pub fn text(mut self, text: Option<&str>) -> Self {
        let Some(text) = text else { return self.nothing() };
        self.0.push(2);
        self.0.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.extend(text.as_bytes());
        self
    }

    fn nothing(mut self) -> Self {
        self.0.push(0);
        self
    }

    /// The bytes that are hashed. No two different sequences of members have the same.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
