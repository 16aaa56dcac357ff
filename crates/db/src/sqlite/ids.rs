//! Ids of the embedded database: counted in memory, reserved in the file.

use std::ops::Range;

/// How many ids are reserved at once.
const BLOCK_SIZE: i64 = 1_000;

/// The ids of the writer.
///
/// What is reserved in the file is never given out by anybody else. A group that needs more reads where the file has got
/// to (it holds the write lock by then), counts on from there, and writes how far it got right before its commit,
/// outside the savepoints of the units, so that the reservation survives any refusal. When the commit fails, nothing
/// was reserved, and the block is dropped.
pub(super) struct Ids {
    block: Range<i64>,
    /// Whether the end of the block is still to be written in this group.
    is_unwritten: bool,
}

impl Ids {
    pub(super) fn none() -> Self {
        Ids { block: 0..0, is_unwritten: false }
    }

    /// Takes `count` ids in a row; none when the block is too short and must be extended first.
    pub(super) fn take(&mut self, count: i64) -> Option<i64> {
        let first = self.block.start;
        let after = first.checked_add(count).filter(|after| *after <= self.block.end)?;
        self.block.start = after;
        Some(first)
    }

    /// Whether this group has read the file already, so that all ids after the block are its own.
    pub(super) fn is_extended(&self) -> bool {
        self.is_unwritten
    }

    /// Makes room for `count` ids; `from` is where the file has got to.
    pub(super) fn extend(&mut self, from: i64, count: i64) -> Option<()> {
        let start = if self.block.end == from { self.block.start } else { from };
        let end = start.checked_add(count)?.max(from).checked_add(BLOCK_SIZE)?;
        *self = Ids { block: start..end, is_unwritten: true };
        Some(())
    }

    /// Where the block ends.
    pub(super) fn end(&self) -> i64 {
        self.block.end
    }

    /// How far the file must say that ids are given out, when this group has to write it.
    pub(super) fn unwritten(&self) -> Option<i64> {
        self.is_unwritten.then_some(self.block.end)
    }

    pub(super) fn committed(&mut self) {
        self.is_unwritten = false;
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn a_block_continues_only_where_the_file_agrees() {
        let mut ids = Ids::none();
        assert_eq!(ids.take(1), None);
        ids.extend(100_001, 1).unwrap();
        assert_eq!(ids.take(2), Some(100_001));
        assert_eq!(ids.take(10_000), None, "the block is too short");
        ids.extend(ids.end(), 10_000).unwrap();
        assert_eq!(ids.take(10_000), Some(100_003), "the same group continues without a gap");
        let written = ids.unwritten().unwrap();
        ids.committed();

        ids.extend(written + 500, 5_000).unwrap();
        assert_eq!(ids.take(1), Some(written + 500), "another process has taken what follows");
    }
}
