//! Fingerprints of keys and requests.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// SHA-256 of a list of texts that come one by one. Where one ends and the next begins counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Digester(Sha256);

impl Digester {
    /// The next text.
    pub(crate) fn add(&mut self, text: &[u8]) {
        self.0.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(text);
    }

    /// In 64 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        hex(self.0)
    }
}

/// SHA-256 of the parts, one after the other, in 64 hexadecimal digits.
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hex(hasher)
}

fn hex(hasher: Sha256) -> String {
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
