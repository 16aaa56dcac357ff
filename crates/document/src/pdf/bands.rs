//! Everything of a document but its tables: letterhead, parties, facts, totals, texts and footers.

use krilla::image::Image;

use super::{
    fonts::Weight,
    pages::{Area, MARGIN, Mark, Pages, baseline},
    setting::{Ink, Line, Setter, Style},
};
use crate::model::{Document, Fact, Total};

/// What is read.
pub(super) const TEXT: Style = Style { size: 8_800, leading: 12_000, weight: Weight::Regular, ink: Ink::Strong };
/// What explains it.
pub(super) const NOTE: Style = Style { size: 7_600, leading: 10_200, weight: Weight::Regular, ink: Ink::Soft };
/// Sums, and names of groups.
pub(super) const SUM: Style = Style { weight: Weight::Bold, ..TEXT };
/// Heads of columns.
pub(super) const HEAD: Style = Style { weight: Weight::Bold, ..NOTE };

const SOFT: Style = Style { ink: Ink::Soft, ..TEXT };
const HEADING: Style = Style { size: 10_500, leading: 15_000, weight: Weight::Bold, ink: Ink::Strong };
const NAME: Style = Style { size: 12_500, leading: 17_000, weight: Weight::Bold, ink: Ink::Strong };
const KIND: Style = Style { size: 22_000, leading: 26_000, weight: Weight::Bold, ink: Ink::Strong };
const MARK: Style = Style { ink: Ink::Soft, ..NAME };
const FIGURE: Style = Style { size: 16_000, leading: 20_000, weight: Weight::Bold, ink: Ink::Strong };

const LOGO_WIDTH_MAX: i64 = 170_000;
const LOGO_HEIGHT_MAX: i64 = 54_000;
/// Between things side by side.
const GUTTER: i64 = 18_000;
/// Inside the band around the headline.
const PADDING: i64 = 12_000;
const SPACE: i64 = 22_000;

/// Logo, name and address of the sender at the left, the kind of the document and its mark at the right.
pub(super) fn letterhead(pages: &mut Pages, setter: &mut Setter, document: &Document, logo: Option<&Image>) {
    let (left, width, top) = (MARGIN, pages.width(), pages.y);
    let mut kind = setter.set(document.kind, KIND, width / 2 - GUTTER);
    kind.extend(document.mark.into_iter().flat_map(|mark| setter.set(mark, MARK, width / 2 - GUTTER)));
    let kind_width = kind.iter().map(|line| line.width).max().unwrap_or_default();
    let mut y = top;
    for line in kind {
        let leading = line.style.leading;
        pages.write_right(left + width, y, line);
        y += leading;
    }
    if let Some((width, height)) = logo.and_then(logo_size) {
        pages.put(Mark::Logo(Area { x: left, y: top, width, height }));
        pages.y += height + 8_000;
    }
    let room = (width - kind_width - GUTTER).min(width * 6 / 10);
    let mut lines = setter.set(&document.letterhead.name, NAME, room);
    lines.extend(document.letterhead.lines.iter().flat_map(|line| setter.set(line, SOFT, room)));
    column(pages, left, lines);
    pages.y = pages.y.max(y) + SPACE;
}

/// As large as its place allows, in its own proportions.
fn logo_size(image: &Image) -> Option<(i64, i64)> {
    let (width, height) = image.size();
    let (width, height) = (i64::from(width), i64::from(height));
    if width == 0 || height == 0 {
        return None;
    }
    let high = LOGO_HEIGHT_MAX.min(LOGO_WIDTH_MAX * height / width).max(1);
    Some(((high * width / height).clamp(1, LOGO_WIDTH_MAX), high))
}

/// The parties and the facts, side by side.
pub(super) fn meta(pages: &mut Pages, setter: &mut Setter, document: &Document) {
    let (left, width, top) = (MARGIN, pages.width(), pages.y);
    let facts_width = width * 38 / 100;
    let count = i64::try_from(document.parties.len()).unwrap_or(1).max(1);
    let party_width = (width - facts_width - GUTTER) / count;
    let mut bottom = top;
    let first = pages.marks.len();
    let mut x = left;
    for party in &document.parties {
        let mut lines = setter.set(party.role, HEAD, party_width - GUTTER);
        lines.extend(party.lines.iter().flat_map(|line| setter.set(line, TEXT, party_width - GUTTER)));
        pages.y = top;
        // What is beside other things stays with them: a column longer than the page is cut off at its end.
        let mut room = pages.room() - 4 * SPACE;
        lines.retain(|line| {
            room -= line.style.leading;
            room >= 0
        });
        column(pages, x, lines);
        bottom = bottom.max(pages.y);
        x += party_width;
    }
    debug_assert_eq!(first, pages.marks.len(), "parties stay on their page");
    pages.y = top;
    for fact in &document.facts {
        let pair = Pair::set(setter, facts_width, (&fact.label, SOFT), (&fact.value, TEXT));
        pair.put(pages, left + width - facts_width, facts_width);
    }
    pages.y = pages.y.max(bottom) + SPACE;
}

/// A label at the left, and what it is at the right.
struct Pair {
    labels: Vec<Line>,
    values: Vec<Line>,
}

impl Pair {
    fn set(setter: &mut Setter, width: i64, (label, soft): (&str, Style), (value, strong): (&str, Style)) -> Self {
        let labels = setter.set(label, soft, width / 2);
        let label_width = labels.iter().map(|line| line.width).max().unwrap_or_default();
        let values = setter.set(value, strong, width - label_width - GUTTER / 2);
        Self { labels, values }
    }

    fn height(&self) -> i64 {
        height(&self.labels).max(height(&self.values))
    }

    fn put(self, pages: &mut Pages, x: i64, width: i64) {
        let (top, height) = (pages.y, self.height());
        for (place, line) in (0..).zip(self.labels) {
            pages.write(x, top + place * line.style.leading, line);
        }
        for (place, line) in (0..).zip(self.values) {
            pages.write_right(x + width, top + place * line.style.leading, line);
        }
        pages.y = top + height + 2_000;
    }
}

/// The figure that the reader looks for, on a band of its own.
pub(super) fn headline(pages: &mut Pages, setter: &mut Setter, headline: &Fact) {
    let (left, width) = (MARGIN, pages.width());
    let height = FIGURE.leading + 2 * PADDING;
    pages.reserve(height + SPACE);
    let top = pages.y;
    pages.put(Mark::Box { area: Area { x: left, y: top, width, height }, ink: Ink::Tint });
    pages.put(Mark::Box { area: Area { x: left, y: top, width: 3_000, height }, ink: Ink::Strong });
    let half = width / 2 - 2 * PADDING;
    let label_top = top + PADDING + (FIGURE.leading - TEXT.leading) / 2;
    if let Some(line) = setter.fit(&headline.label, TEXT, half).into_iter().next() {
        pages.write(left + PADDING + 3_000, label_top, line);
    }
    if let Some(line) = setter.fit(&headline.value, FIGURE, half).into_iter().next() {
        pages.write_right(left + width - PADDING, top + PADDING, line);
    }
    pages.y += height + SPACE;
}

/// Opens a part; it does not stand alone at the end of a page.
pub(super) fn heading(pages: &mut Pages, setter: &mut Setter, text: &str) {
    let lines = setter.set(text, HEADING, pages.width());
    pages.reserve(height(&lines) + 50_000);
    column(pages, MARGIN, lines);
    pages.y += 4_000;
}

/// Text.
pub(super) fn paragraph(pages: &mut Pages, setter: &mut Setter, text: &str) {
    let lines = setter.set(text, TEXT, pages.width());
    column(pages, MARGIN, lines);
    pages.y += SPACE / 2;
}

/// Figures that are added up, in the right half; together on a page where that is possible.
pub(super) fn totals(pages: &mut Pages, setter: &mut Setter, totals: &[Total]) {
    let width = pages.width() * 48 / 100;
    let x = MARGIN + pages.width() - width - 5_000;
    let count = i64::try_from(totals.len()).unwrap_or_default();
    pages.reserve(count * (TEXT.leading + 8_000));
    for total in totals {
        let style = if total.is_sum { SUM } else { TEXT };
        let soft = Style { ink: if total.is_sum { Ink::Strong } else { Ink::Soft }, ..style };
        let pair = Pair::set(setter, width, (&total.label, soft), (&total.value, style));
        pages.reserve(pair.height() + 8_000);
        if total.is_sum {
            pages.put(Mark::Box { area: Area { x, y: pages.y, width, height: 700 }, ink: Ink::Strong });
            pages.y += 4_000;
        }
        pair.put(pages, x, width);
        pages.y += 2_000;
    }
    pages.y += SPACE / 2;
}

/// On every page: whose document it is, and which page of how many.
pub(super) fn footers(pages: &mut Pages, setter: &mut Setter, document: &Document) {
    let (left, width, count) = (MARGIN, pages.width(), pages.marks.len());
    let y = pages.size.1 - 38_000;
    let whose = format!("{} · {}", document.letterhead.name, document.title);
    let whose = setter.set(&whose, NOTE, width * 3 / 4).into_iter().next();
    let area = Area { x: left, y: y - 6_000, width, height: 500 };
    for (index, marks) in pages.marks.iter_mut().enumerate() {
        marks.push(Mark::Box { area, ink: Ink::Line });
        let number = setter.set(&format!("Page {} of {count}", index + 1), NOTE, width / 4).into_iter().next();
        if let Some(line) = whose.clone() {
            marks.push(Mark::Text { x: left, baseline: baseline(y, &line), line });
        }
        if let Some(line) = number {
            let x = left + width - line.width;
            marks.push(Mark::Text { x, baseline: baseline(y, &line), line });
        }
    }
}

/// Lines below each other, on as many pages as they need.
fn column(pages: &mut Pages, x: i64, lines: Vec<Line>) {
    for line in lines {
        let leading = line.style.leading;
        pages.reserve(leading);
        let y = pages.y;
        pages.write(x, y, line);
        pages.y += leading;
    }
}

fn height(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.style.leading).sum()
}
