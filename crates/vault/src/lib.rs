//! Secrets at rest. What is sealed here can be opened only with a key of the configuration, and only in the place that it
//! was sealed for (docs/decisions/0008).
//!
//! A sealed text is `v1:KEY ID:BASE64 of nonce and ciphertext`: XChaCha20-Poly1305 with a nonce of chance.

mod keys;

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

use self::keys::Key;
pub use self::keys::{KeyFault, new_key};

/// What every sealed text begins with, so that a later scheme can be told from this one.
const SCHEME: &str = "v1";

/// Bytes of a nonce: so many that chance never gives one twice.
const NONCE_LENGTH: usize = 24;

/// Most characters of a secret that is sealed.
pub const SECRET_LENGTH_MAX: usize = 8_192;

/// The column that holds a sealed text. A text that is moved to another row or account cannot be opened there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Table and column, such as `payment_method.token`.
    pub column: &'static str,
    /// The account of the row.
    pub account: i64,
    /// The id of the row.
    pub row: i64,
}

impl Place {
    fn bytes(&self) -> Vec<u8> {
        format!("{}/{}/{}", self.column, self.account, self.row).into_bytes()
    }
}

/// Why something could not be sealed or opened. No text quotes a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no key at all.
    #[error(
        "no vault key is configured: `--vault-key-file` or BILLFOLD_VAULT_KEY_FILE names a file that `billfold vault new-key` begins"
    )]
    Closed,
    /// Sealed with a key that is not configured any more.
    #[error("{place} was sealed with the vault key `{key}`, which is not configured", place = .place.column)]
    KeyMissing {
        /// What could not be opened.
        place: Place,
        /// The key's id.
        key: String,
    },
    /// Not a sealed text, or one that was changed or moved.
    #[error("{column} of row {row} of account {account} cannot be opened: it was changed, or belongs elsewhere",
        column = .0.column, row = .0.row, account = .0.account)]
    Damaged(Place),
    /// Longer than any secret that is known here.
    #[error("a secret has at most {SECRET_LENGTH_MAX} characters")]
    TooLong,
    /// The operating system has no chance to give.
    #[error("no random numbers: {0}")]
    NoChance(String),
}

/// The keys. The first one seals, all of them open.
#[derive(Default)]
pub struct Vault {
    keys: Vec<Key>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// Without keys: nothing can be sealed or opened.
    pub fn closed() -> Self {
        Self::default()
    }

    /// With the keys of a text: one a line, or parted by commas, as `ID:BASE64 of 32 bytes`. Lines that begin with `#` say
    /// nothing, and a text that says nothing is a closed vault.
    pub fn parse(text: &SecretString) -> Result<Self, KeyFault> {
        keys::parse(text.expose_secret()).map(|keys| Self { keys })
    }

    /// Whether there is no key.
    pub fn is_closed(&self) -> bool {
        self.keys.is_empty()
    }

    /// The ids of the keys; the first one seals.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.id.as_str())
    }

    /// Seals a secret for its place. Sealing twice gives two texts.
    pub fn seal(&self, place: Place, secret: &SecretString) -> Result<String, Fault> {
        let key = self.keys.first().ok_or(Fault::Closed)?;
        let secret = secret.expose_secret();
        if secret.len() > SECRET_LENGTH_MAX {
            return Err(Fault::TooLong);
        }
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(|error| Fault::NoChance(error.to_string()))?;
        let payload = Payload { msg: secret.as_bytes(), aad: &place.bytes() };
        let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).map_err(|_| Fault::TooLong)?;
        let body = BASE64_STANDARD.encode([&nonce[..], &sealed].concat());
        Ok(format!("{SCHEME}:{}:{body}", key.id))
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: Place, sealed: &str) -> Result<SecretString, Fault> {
        if self.is_closed() {
            return Err(Fault::Closed);
        }
        let (id, body) = parts(sealed).ok_or(Fault::Damaged(place))?;
        let key = self.keys.iter().find(|key| key.id == id);
        let key = key.ok_or_else(|| Fault::KeyMissing { place, key: id.to_owned() })?;
        let body = BASE64_STANDARD.decode(body).map_err(|_| Fault::Damaged(place))?;
        let (nonce, sealed) = body.split_first_chunk::<NONCE_LENGTH>().ok_or(Fault::Damaged(place))?;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        let opened = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| Fault::Damaged(place))?;
        let opened = Zeroizing::new(opened);
        str::from_utf8(&opened).map(SecretString::from).map_err(|_| Fault::Damaged(place))
    }

    /// Whether a text was sealed with the key that seals now; others are to be sealed anew.
    pub fn is_current(&self, sealed: &str) -> bool {
        let first = self.keys.first();
        parts(sealed).zip(first).is_some_and(|((id, _), first)| id == first.id)
    }

    /// What tells whether two requests say the same without giving away what they say: one text for each key, the key that
    /// seals first. Nobody without the key can find out by trying what was said. Nothing without keys.
    pub fn fingerprints(&self, parts: &[&[u8]]) -> Vec<String> {
        self.keys.iter().map(|key| key.fingerprint(parts)).collect()
    }
}

impl Key {
    fn fingerprint(&self, parts: &[&[u8]]) -> String {
        // A key of its own, derived from the vault's: what seals is used for nothing else.
        let derived = Zeroizing::new(mac(&self.bytes[..], &[b"billfold request fingerprint"]));
        hex(&mac(&derived[..], parts))
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(never) => unreachable!("HMAC takes keys of any length: {never}"),
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*key.bytes).into())
}

/// Key id and body of a sealed text.
fn parts(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(SCHEME)?.strip_prefix(':')?.split_once(':')
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests;
