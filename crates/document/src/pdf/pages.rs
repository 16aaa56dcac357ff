//! Pages that are filled from top to bottom.

use super::setting::{Ink, Line};
use crate::model::Paper;

/// Between the edge of the paper and the text, left and right: where lines begin.
pub(super) const MARGIN: i64 = 48_000;
/// Above the text.
const TOP: i64 = 46_000;
/// Below the text; the footer stands in it.
const BOTTOM: i64 = 62_000;

/// Something on a page; places are counted from its upper left corner.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of type.
    Text {
        /// Left end.
        x: i64,
        /// Where the letters stand.
        baseline: i64,
        /// The line.
        line: Line,
    },
    /// A filled rectangle.
    Box {
        /// Left, top, width, height.
        area: Area,
        /// Its colour.
        ink: Ink,
    },
    /// The sender's logo.
    Logo(Area),
}

/// A rectangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// The pages of a document.
pub(super) struct Pages {
    /// Width and height of the paper.
    pub(super) size: (i64, i64),
    /// What is on each.
    pub(super) marks: Vec<Vec<Mark>>,
    /// How far the last page is filled.
    pub(super) y: i64,
}

impl Pages {
    pub(super) fn new(paper: Paper) -> Self {
        let size = match paper {
            Paper::A4 => (595_276, 841_890),
            Paper::Letter => (612_000, 792_000),
        };
        Self { size, marks: vec![Vec::new()], y: TOP }
    }

    /// The room between left and right margin.
    pub(super) fn width(&self) -> i64 {
        self.size.0 - 2 * MARGIN
    }

    /// What is left of the page.
    pub(super) fn room(&self) -> i64 {
        self.size.1 - BOTTOM - self.y
    }

    /// The room of an empty page.
    pub(super) fn height(&self) -> i64 {
        self.size.1 - BOTTOM - TOP
    }

    /// Begins a page.
    pub(super) fn next_page(&mut self) {
        self.marks.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a page unless there is so much room, or there never is.
    pub(super) fn reserve(&mut self, height: i64) {
        if self.room() < height && height <= self.height() {
            self.next_page();
        }
    }

    /// Puts something on the last page.
    pub(super) fn put(&mut self, mark: Mark) {
        if let Some(page) = self.marks.last_mut() {
            page.push(mark);
        }
    }

    /// Puts a line of type below `y` on the last page, its left end at `x`.
    pub(super) fn write(&mut self, x: i64, y: i64, line: Line) {
        let baseline = baseline(y, &line);
        self.put(Mark::Text { x, baseline, line });
    }

    /// As [`Pages::write`], its right end at `right`.
    pub(super) fn write_right(&mut self, right: i64, y: i64, line: Line) {
        self.write(right - line.width, y, line);
    }
}

/// Where the letters of a line stand whose upper edge is at `y`: the type in the middle of its leading.
pub(super) fn baseline(y: i64, line: &Line) -> i64 {
    // Capitals are about 73 hundredths of the size high.
    y + i64::midpoint(line.style.leading, line.style.size * 73 / 100)
}
