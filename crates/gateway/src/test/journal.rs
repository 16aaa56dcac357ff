//! What the test gateway did, in order: in memory, or in a file of JSON lines that several processes share and that
//! outlives all of them.

use std::{
    collections::{HashMap, HashSet},
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use calendar::Instant;
use money::{Amount, Currency};
use serde::{Deserialize, Serialize};

/// What a key was used for; each has its own keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Storing a card or bank account.
    Store,
    /// Taking money.
    Charge,
    /// Giving it back.
    Refund,
}

/// Money that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The caller's key.
    pub key: String,
    /// The gateway's name of it.
    pub transaction: String,
    /// How much; positive.
    #[serde(with = "amount")]
    pub amount: Amount,
    /// In which currency.
    #[serde(with = "currency")]
    pub currency: Currency,
    /// Of a charge, whose money, such as `Visa ending in 4242`; of a refund, the charge's transaction.
    pub of: String,
    /// When the bank takes it back, if it will.
    #[serde(default, with = "instant", skip_serializing_if = "Option::is_none")]
    pub returns_at: Option<Instant>,
}

impl Movement {
    /// Whether two requests under one key ask for the same.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        (self.amount, self.currency, &self.of) == (other.amount, other.currency, &other.of)
    }
}

/// One thing that the gateway did. Never a whole number of a card or bank account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Entry {
    /// A card or bank account is stored.
    Stored {
        /// The caller's key.
        key: String,
        /// What it is charged by.
        token: String,
        /// Such as `Visa ending in 4242`.
        of: String,
    },
    /// A stored one was forgotten.
    Forgotten {
        /// What it was charged by.
        token: String,
    },
    /// Money was taken.
    Charged(Movement),
    /// Money was given back.
    Refunded(Movement),
    /// It was refused; the same key is refused again.
    Refused {
        /// What was refused.
        operation: Operation,
        /// The caller's key.
        key: String,
        /// The gateway's code.
        code: String,
        /// The gateway's text.
        text: String,
    },
    /// Nobody was told what became of it, and nobody who asks is. With a movement that is so for the first who asks only: the
    /// money moved.
    Silent {
        /// What was asked for.
        operation: Operation,
        /// The caller's key.
        key: String,
        /// What the second who asks is told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        movement: Option<Movement>,
    },
    /// Somebody asked what became of a key that was never seen; it is refused from now on.
    GivenUp {
        /// What will not happen.
        operation: Operation,
        /// The caller's key.
        key: String,
    },
}

impl Entry {
    /// The operation and the key that this is the answer to.
    fn answers(&self) -> Option<(Operation, &str)> {
        match self {
            Self::Stored { key, .. } => Some((Operation::Store, key)),
            Self::Forgotten { .. } => None,
            Self::Charged(movement) => Some((Operation::Charge, &movement.key)),
            Self::Refunded(movement) => Some((Operation::Refund, &movement.key)),
            Self::Refused { operation, key, .. }
            | Self::Silent { operation, key, .. }
            | Self::GivenUp { operation, key } => Some((*operation, key)),
        }
    }
}

/// The list, with what it is searched by.
#[derive(Debug, Default)]
pub(crate) struct Book {
    entries: Vec<Entry>,
    answers: HashMap<(Operation, String), usize>,
    forgotten: HashSet<String>,
}

impl Book {
    /// Everything, in order.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What this key was answered.
    pub(crate) fn answer(&self, operation: Operation, key: &str) -> Option<&Entry> {
        self.answers.get(&(operation, key.to_owned())).map(|place| &self.entries[*place])
    }

    /// Whether a stored card or bank account is not stored any more.
    pub(crate) fn is_forgotten(&self, token: &str) -> bool {
        self.forgotten.contains(token)
    }

    /// Whether this card or bank account was ever stored.
    pub(crate) fn has_stored(&self, token: &str) -> bool {
        self.entries.iter().any(|entry| matches!(entry, Entry::Stored { token: own, .. } if own == token))
    }

    fn push(&mut self, entry: Entry) {
        if let Entry::Forgotten { token } = &entry {
            self.forgotten.insert(token.clone());
        }
        if let Some((operation, key)) = entry.answers() {
            self.answers.insert((operation, key.to_owned()), self.entries.len());
        }
        self.entries.push(entry);
    }
}

/// The list and where it is kept.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    book: Book,
    /// The file and how much of it the book has; `None` in memory.
    file: Option<(File, u64)>,
}

impl Journal {
    /// Ends with the process.
    pub(crate) fn in_memory() -> Self {
        Self { kept: Mutex::new(Kept { book: Book::default(), file: None }) }
    }

    /// Kept in a file, which is made if need be.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        Ok(Self { kept: Mutex::new(Kept { book: Book::default(), file: Some((file, 0)) }) })
    }

    /// Lets `decide` see the whole list, with what other processes did, and keeps what it wants kept before anybody sees the
    /// list again. When this fails the entry may or may not be kept.
    pub(crate) fn decide<T>(&self, decide: impl FnOnce(&Book) -> (Option<Entry>, T)) -> io::Result<T> {
        // A panic leaves the book as it was: an entry is its last change.
        let mut kept: MutexGuard<'_, Kept> = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { book, file } = &mut *kept;
        let Some((file, read)) = file else {
            let (entry, answer) = decide(book);
            if let Some(entry) = entry {
                book.push(entry);
            }
            return Ok(answer);
        };
        file.lock()?;
        let answer = decide_in_file(book, file, read, decide);
        file.unlock()?;
        answer
    }
}

fn decide_in_file<T>(
    book: &mut Book,
    file: &mut File,
    read: &mut u64,
    decide: impl FnOnce(&Book) -> (Option<Entry>, T),
) -> io::Result<T> {
    catch_up(book, file, read)?;
    let (entry, answer) = decide(book);
    if let Some(entry) = entry {
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        file.write_all(&line)?;
        file.sync_data()?;
        *read += line.len() as u64;
        book.push(entry);
    }
    Ok(answer)
}

/// Reads what was appended since. A line without an end is what a crash left of one: nobody was told of it, and it goes.
fn catch_up(book: &mut Book, file: &mut File, read: &mut u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(*read))?;
    let mut appended = Vec::new();
    file.read_to_end(&mut appended)?;
    let whole = appended.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    let lines = appended[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    // All of them or none: what cannot be read is tried again.
    let entries: Vec<Entry> = lines.map(serde_json::from_slice).collect::<Result<_, _>>()?;
    for entry in entries {
        book.push(entry);
    }
    *read += whole as u64;
    if whole < appended.len() {
        file.set_len(*read)?;
    }
    Ok(())
}

/// Amounts as decimal text.
mod amount {
    use money::Amount;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape is serde's")]
    pub(super) fn serialize<S: Serializer>(amount: &Amount, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&amount.with_scale(2))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
        Amount::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Currencies by their code.
mod currency {
    use money::Currency;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(currency: &Currency, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(currency.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        let code = String::deserialize(deserializer)?;
        Currency::parse(&code).ok_or_else(|| D::Error::custom("not a currency"))
    }
}

/// Instants as the wire writes them.
mod instant {
    use calendar::Instant;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::ref_option, reason = "the shape is serde's")]
    pub(super) fn serialize<S: Serializer>(instant: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        match instant {
            Some(instant) => serializer.collect_str(instant),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| Instant::parse(&text).map_err(D::Error::custom)).transpose()
    }
}
