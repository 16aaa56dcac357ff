//! The keys of a vault, as an operator writes them.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY_LENGTH: usize = 32;

/// Most characters of a key's id.
const ID_LENGTH_MAX: usize = 32;

/// One key. Its bytes are wiped when it goes.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) bytes: Zeroizing<[u8; KEY_LENGTH]>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.id).finish()
    }
}

/// What is wrong with a text of keys. It is told by its place, never quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not `ID:BASE64`.
    #[error(
        "vault key {0} is not `ID:BASE64`, where the id has at most {ID_LENGTH_MAX} letters, digits, hyphens and underscores, and \
         the base64 text is {KEY_LENGTH} bytes; `billfold vault new-key` prints one"
    )]
    Form(usize),
    /// Two keys with the same id.
    #[error("vault key {0} has the id of another")]
    Twice(usize),
    /// The operating system has no chance to give.
    #[error("no random numbers: {0}")]
    NoChance(String),
}

/// A new key as it is written, with an id of chance.
pub fn new_key() -> Result<SecretString, KeyFault> {
    let fill = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|error| KeyFault::NoChance(error.to_string()));
    let (mut id, mut key) = ([0; 4], Zeroizing::new([0; KEY_LENGTH]));
    fill(&mut id)?;
    fill(&mut key[..])?;
    let base64 = Zeroizing::new(BASE64_STANDARD.encode(&key[..]));
    Ok(SecretString::from(format!("k{:08x}:{}", u32::from_be_bytes(id), *base64)))
}

/// The keys of a text, in its order.
pub(crate) fn parse(text: &str) -> Result<Vec<Key>, KeyFault> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let entries = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|entry| !entry.is_empty());
    let mut keys: Vec<Key> = Vec::new();
    for (index, entry) in entries.enumerate() {
        let key = parse_key(entry).ok_or(KeyFault::Form(index + 1))?;
        if keys.iter().any(|earlier| earlier.id == key.id) {
            return Err(KeyFault::Twice(index + 1));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn parse_key(entry: &str) -> Option<Key> {
    let (id, base64) = entry.split_once(':')?;
    let is_id = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if id.is_empty() || id.len() > ID_LENGTH_MAX || !id.chars().all(is_id) {
        return None;
    }
    let decoded = Zeroizing::new(BASE64_STANDARD.decode(base64).ok()?);
    let mut bytes = Zeroizing::new([0; KEY_LENGTH]);
    if decoded.len() != KEY_LENGTH {
        return None;
    }
    bytes.copy_from_slice(&decoded);
    Some(Key { id: id.to_owned(), bytes })
}
