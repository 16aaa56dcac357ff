//! Fingerprints of keys and requests.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// SHA-256 of the parts, one after the other, in 64 hexadecimal digits.
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
