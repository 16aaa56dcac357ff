//! Reads a file of bulk records as it arrives: unpacked, checked to be text, and taken apart record by record, in memory
//! that does not depend on its size.

mod array;
mod csv;
mod lines;
mod place;
pub(crate) mod results;
mod text;
mod unpack;

use std::mem;

use app::bulk::{PORTION_BYTES_MAX, types::Layout};
use axum::body::Bytes;

pub(crate) use self::place::FileError;
use self::{array::Array, csv::Csv, lines::Lines, text::Text, unpack::Unpack};

/// Longest record, in bytes of its text.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// Longest file, unpacked: more than the records of any job need.
const FILE_BYTES_MAX: u64 = 16 << 30;

/// Most bytes, unpacked, in which no record ends: the longest one, and more blanks than anybody leaves. A few packed bytes
/// become any number of blanks.
const IDLE_BYTES_MAX: usize = 4 << 20;

/// How the records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A row a record, below a row with the names of the columns.
    Csv,
    /// A line a record, each of them JSON.
    JsonLines,
    /// One JSON array of records.
    Json,
}

/// A file on its way in: [`feed`](Self::feed) it what has come, then take [`portion`](Self::portion)s until there is none.
pub(crate) struct Intake {
    unpack: Unpack,
    text: Text,
    reader: Reader,
    records: Records,
    /// Bytes since a record has ended.
    idle_byte_count: usize,
}

enum Reader {
    Csv(Csv),
    Lines(Lines),
    Array(Array),
}

/// Records that have been read and not been taken.
#[derive(Default)]
struct Records {
    read: Vec<String>,
    byte_count: usize,
}

impl Records {
    fn push(&mut self, record: String) {
        self.byte_count += record.len();
        self.read.push(record);
    }

    fn take(&mut self) -> Vec<String> {
        self.byte_count = 0;
        mem::take(&mut self.read)
    }

    /// The first ones, when there are so many or they are so long; the rest is less than what is read at a time.
    fn take_portion(&mut self, count_max: usize) -> Option<Vec<String>> {
        if self.read.len() < count_max && self.byte_count < PORTION_BYTES_MAX {
            return None;
        }
        let rest = self.read.split_off(count_max.min(self.read.len()));
        let portion = mem::replace(&mut self.read, rest);
        self.byte_count = self.read.iter().map(String::len).sum();
        Some(portion)
    }
}

impl Intake {
    /// For a file of records of this shape; `is_packed` by gzip, which a file may also show itself.
    pub(crate) fn new(format: Format, layout: Layout, is_packed: bool) -> Self {
        let reader = match format {
            Format::Csv => Reader::Csv(Csv::new(layout)),
            Format::JsonLines => Reader::Lines(Lines::default()),
            Format::Json => Reader::Array(Array::default()),
        };
        let (unpack, text, records) = (Unpack::new(is_packed), Text::default(), Records::default());
        Self { unpack, text, reader, records, idle_byte_count: 0 }
    }

    /// The next bytes of the file, when no portion of the earlier ones is left.
    pub(crate) fn feed(&mut self, bytes: Bytes) {
        self.unpack.feed(bytes);
    }

    /// Records that fill a portion of `count_max`, if so many have come.
    pub(crate) fn portion(&mut self, count_max: usize) -> Result<Option<Vec<String>>, FileError> {
        loop {
            if let Some(portion) = self.records.take_portion(count_max.max(1)) {
                return Ok(Some(portion));
            }
            let Some(bytes) = self.unpack.next()? else { return Ok(None) };
            self.read(&bytes)?;
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let (reader, records) = (&mut self.reader, &mut self.records);
        let count = records.read.len();
        self.text.push(bytes, |text| reader.push(text, records))?;
        self.idle_byte_count = if records.read.len() > count { 0 } else { self.idle_byte_count + bytes.len() };
        if self.idle_byte_count <= IDLE_BYTES_MAX {
            return Ok(());
        }
        Err(self.text.error(format!("The last {IDLE_BYTES_MAX} bytes before this hold no record.")))
    }

    /// What has been read and fills no portion.
    pub(crate) fn taken(&mut self) -> Vec<String> {
        self.records.take()
    }

    /// The records that are left when the file has ended.
    pub(crate) fn finish(&mut self) -> Result<Vec<String>, FileError> {
        let rest = self.unpack.finish()?;
        self.read(&rest)?;
        self.text.finish()?;
        match &mut self.reader {
            Reader::Csv(csv) => csv.finish(&mut self.records)?,
            Reader::Lines(lines) => lines.finish(&mut self.records)?,
            Reader::Array(array) => array.finish()?,
        }
        Ok(self.records.take())
    }

    /// The columns that the file has, as a JSON array in the spelling of its type; known with the first record.
    pub(crate) fn columns(&self) -> Option<String> {
        match &self.reader {
            Reader::Csv(csv) => csv.columns(),
            Reader::Lines(_) | Reader::Array(_) => None,
        }
    }
}

impl Reader {
    fn push(&mut self, text: &str, records: &mut Records) -> Result<(), FileError> {
        match self {
            Self::Csv(csv) => csv.push(text, records),
            Self::Lines(lines) => lines.push(text, records),
            Self::Array(array) => array.push(text, records),
        }
    }
}

#[cfg(test)]
mod tests;
