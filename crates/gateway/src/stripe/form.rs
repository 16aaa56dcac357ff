//! The body of a request: names and values, percent-encoded. It may hold a card number, so it is wiped when it has been sent;
//! only what the connection encrypts it from is not ours to wipe.

use secrecy::zeroize::Zeroizing;

/// More than any of our requests needs: a buffer that grows leaves its beginning behind in memory.
const CAPACITY: usize = 8 * 1024;

/// A body under construction.
pub(super) struct Form(Zeroizing<String>);

impl Form {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(String::with_capacity(CAPACITY)))
    }

    /// Adds a member.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        encode(&mut self.0, name);
        self.0.push('=');
        encode(&mut self.0, value);
        self
    }

    /// Adds a member that is there.
    pub(super) fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything but letters, digits and `-._~`, byte by byte.
fn encode(encoded: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
            encoded.extend(['%', high, low]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_encoded() {
        let form = Form::new().with("card[number]", "4242").with("name", "Ada & Zoë=1+2").with_some("city", None);
        assert_eq!(form.as_str(), "card%5Bnumber%5D=4242&name=Ada%20%26%20Zo%C3%AB%3D1%2B2");
    }
}
