//! gzip, or nothing. What a few packed bytes become is bounded, so they are unpacked few at a time.

use std::io::Write as _;

use axum::body::Bytes;
use flate2::write::MultiGzDecoder;

use super::place::FileError;

/// Bytes that are read at a time.
const PLAIN_STEP: usize = 16 * 1024;

/// Packed bytes that are read at a time: each becomes about a thousand at most.
const PACKED_STEP: usize = 256;

/// How every gzip file begins, and no text does.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Bytes on their way in.
pub(super) struct Unpack {
    input: Bytes,
    state: State,
}

enum State {
    /// Nothing has come, or only the first byte.
    New(Vec<u8>),
    Plain,
    Packed(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Unpack {
    pub(super) fn new(is_packed: bool) -> Self {
        let state = if is_packed { State::packed() } else { State::New(Vec::new()) };
        Self { input: Bytes::new(), state }
    }

    /// More bytes, when those before have been read.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.input = bytes;
    }

    /// The next bytes of the file, if there are any.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, FileError> {
        if self.input.is_empty() {
            return Ok(None);
        }
        if let State::New(first) = &mut self.state {
            let wanted = MAGIC.len() - first.len();
            first.extend_from_slice(&self.input.split_to(wanted.min(self.input.len())));
            if first.len() < MAGIC.len() {
                return Ok(None);
            }
            let first = std::mem::take(first);
            self.state = if first == MAGIC { State::packed() } else { State::Plain };
            return self.state.read(&first).map(Some);
        }
        let step = if matches!(self.state, State::Packed(_)) { PACKED_STEP } else { PLAIN_STEP };
        let bytes = self.input.split_to(step.min(self.input.len()));
        self.state.read(&bytes).map(Some)
    }

    /// The file has ended; what is left of it.
    pub(super) fn finish(&mut self) -> Result<Vec<u8>, FileError> {
        match &mut self.state {
            State::New(first) => Ok(std::mem::take(first)),
            State::Plain => Ok(Vec::new()),
            State::Packed(decoder) => {
                decoder.try_finish().map_err(broken)?;
                Ok(std::mem::take(decoder.get_mut()))
            }
        }
    }
}

impl State {
    fn packed() -> Self {
        Self::Packed(Box::new(MultiGzDecoder::new(Vec::new())))
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Vec<u8>, FileError> {
        match self {
            Self::New(_) | Self::Plain => Ok(bytes.to_vec()),
            Self::Packed(decoder) => {
                decoder.write_all(bytes).map_err(broken)?;
                Ok(std::mem::take(decoder.get_mut()))
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn broken(error: std::io::Error) -> FileError {
    FileError(vec![format!("The file is not gzip, or is cut off: {error}.")])
}
