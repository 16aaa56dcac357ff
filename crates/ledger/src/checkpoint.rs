//! Checkpoints: one hash over the ends of many customers' chains and, through the checkpoint before it, over all earlier ones.

use calendar::Instant;
use sha2::{Digest, Sha256};

use crate::ChainHash;

/// Starts every sealed text, so that no other use of SHA-256 can collide with this one; ends with the version.
const DOMAIN: &[u8; 22] = b"billfold-checkpoint-v1";

/// A checkpoint that is being sealed, head by head.
#[derive(Debug, Clone)]
pub struct Seal(Sha256);

impl Seal {
    /// Begins checkpoint `number` of an account, 1 being the first, which follows [`ChainHash::GENESIS`].
    ///
    /// The hashed bytes, integers being big-endian in 8 bytes: the domain, the hash of the checkpoint before, account id,
    /// number, time in milliseconds since the epoch, number of heads; then for each head, by customer, the customer's id,
    /// the sequence of its last transaction and that transaction's hash.
    #[must_use]
    pub fn begin(previous: ChainHash, account_id: i64, number: i64, at: Instant, head_count: i64) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(DOMAIN);
        hasher.update(previous.bytes());
        for integer in [account_id, number, at.millis(), head_count] {
            hasher.update(integer.to_be_bytes());
        }
        Self(hasher)
    }

    /// Adds the end of a customer's chain.
    pub fn add(&mut self, customer_id: i64, sequence: i64, hash: ChainHash) {
        self.0.update(customer_id.to_be_bytes());
        self.0.update(sequence.to_be_bytes());
        self.0.update(hash.bytes());
    }

    /// The hash of the checkpoint.
    #[must_use]
    pub fn finish(self) -> ChainHash {
        ChainHash::from_bytes(self.0.finalize().into())
    }
}
