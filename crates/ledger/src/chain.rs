//! The hash chain of a customer's transactions: whoever changes, drops or reorders one breaks all that follow.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::Transaction;

/// Starts every hashed text, so that no other use of SHA-256 can collide with this one; ends with the version.
const DOMAIN: &[u8; 18] = b"billfold-ledger-v1";
const LENGTH: usize = 32;

/// The SHA-256 of a transaction and, through the hash before it, of everything before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash([u8; LENGTH]);

impl ChainHash {
    /// What precedes a customer's first transaction: 32 zero bytes.
    pub const GENESIS: Self = Self([0; LENGTH]);

    /// The hash of a transaction that follows `previous`.
    ///
    /// The hashed bytes, integers being big-endian and each name preceded by its length in 4 bytes:
    ///
    /// | bytes | member |
    /// |---|---|
    /// | 18 | `billfold-ledger-v1` |
    /// | 32 | previous hash |
    /// | 4 × 8 | account id, customer id, sequence, transaction id |
    /// | 8 | effective time in milliseconds since the epoch |
    /// | 4 + n | name of the kind |
    /// | 4 + 3 | currency code |
    /// | 8 | number of lines |
    /// | for each line 4 + n, 4 + n, 8 | debit account, credit account, amount in millionths |
    /// | 8 | number of bytes of the terms |
    /// | n | the terms: 0 for nothing; 1 and 8 for a number; 2, 8 (the length) and n for a text |
    ///
    /// No two different sets of members have the same bytes, because every length is fixed or written first.
    #[must_use]
    pub fn next(
        previous: Self,
        account_id: i64,
        customer_id: i64,
        sequence: i64,
        transaction_id: i64,
        transaction: &Transaction,
    ) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(DOMAIN);
        hasher.update(previous.0);
        for number in [account_id, customer_id, sequence, transaction_id] {
            hasher.update(number.to_be_bytes());
        }
        hasher.update(transaction.effective_at().millis().to_be_bytes());
        update_name(&mut hasher, transaction.kind().name());
        update_name(&mut hasher, transaction.currency().code());
        update_length(&mut hasher, transaction.lines().len());
        for line in transaction.lines() {
            update_name(&mut hasher, line.debit().name());
            update_name(&mut hasher, line.credit().name());
            hasher.update(line.amount().millionths().to_be_bytes());
        }
        let terms = transaction.terms().bytes();
        update_length(&mut hasher, terms.len());
        hasher.update(terms);
        Self(hasher.finalize().into())
    }

    pub(crate) const fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    pub(crate) const fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// The hash in 64 lower-case hexadecimal digits, as it is stored.
    pub fn hex(self) -> String {
        self.to_string()
    }

    /// Reads what [`ChainHash::hex`] writes and nothing else.
    pub fn parse_hex(text: &str) -> Option<Self> {
        let digits: &[u8; 2 * LENGTH] = text.as_bytes().try_into().ok()?;
        let mut bytes = [0; LENGTH];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Some(Self(bytes))
    }
}

fn update_name(hasher: &mut Sha256, name: &str) {
    // Names are short literals of this crate and of `money`; the conversion cannot fail.
    hasher.update(u32::try_from(name.len()).unwrap_or(u32::MAX).to_be_bytes());
    hasher.update(name);
}

fn update_length(hasher: &mut Sha256, length: usize) {
    hasher.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = String::with_capacity(2 * LENGTH);
        for byte in self.0 {
            write!(digits, "{byte:02x}")?;
        }
        f.pad(&digits)
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainHash({self})")
    }
}
