//! From text to glyphs in the order in which they are seen: direction, font and shape of every run.

use std::{collections::HashMap, ops::Range};

use rustybuzz::{Direction, Script, ShapePlan, UnicodeBuffer};
use unicode_bidi::BidiInfo;

use super::fonts::{FontId, Weight, font_of};

/// A glyph in its run; lengths in units of its font.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) id: u32,
    pub(super) advance: i32,
    pub(super) x_offset: i32,
    pub(super) y_offset: i32,
    /// The bytes of the run's text that it stands for.
    pub(super) range: Range<usize>,
}

/// Glyphs of one font and direction, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) font: FontId,
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
}

impl Run {
    /// Its width at a size, rounded up.
    pub(super) fn width(&self, size: i64) -> i64 {
        scaled(self.glyphs.iter().map(|glyph| i64::from(glyph.advance)).sum(), size, self.font)
    }
}

fn scaled(units: i64, size: i64, font: FontId) -> i64 {
    (units * size + font.units() - 1) / font.units()
}

/// Shapes text, and remembers how each font does it for each script.
pub(super) struct Shaper {
    plans: HashMap<(FontId, bool, Option<Script>), ShapePlan>,
}

/// A paragraph, and the directions of its characters when they are not all the same.
pub(super) struct Paragraph<'t> {
    text: &'t str,
    bidi: Option<BidiInfo<'t>>,
}

impl<'t> Paragraph<'t> {
    /// Looks at the whole of it: the direction of a line depends on what is around it.
    pub(super) fn of(text: &'t str) -> Self {
        let bidi = text.chars().any(may_turn).then(|| BidiInfo::new(text, None));
        Self { text, bidi }
    }

    /// The parts of a line in the order in which they are seen, and whether each runs from right to left.
    fn seen(&self, line: Range<usize>) -> Vec<(Range<usize>, bool)> {
        let Some(bidi) = &self.bidi else { return vec![(line, false)] };
        let Some(paragraph) = bidi.paragraphs.iter().find(|paragraph| paragraph.range.contains(&line.start)) else {
            return vec![(line, false)];
        };
        let (levels, runs) = bidi.visual_runs(paragraph, line);
        runs.into_iter().map(|run| (run.clone(), levels[run.start].is_rtl())).collect()
    }
}

/// Whether a character may run from right to left; everything before Hebrew runs from left to right.
fn may_turn(character: char) -> bool {
    character >= '\u{590}'
}

impl Shaper {
    pub(super) fn new() -> Self {
        Self { plans: HashMap::new() }
    }

    /// The runs of a part of a paragraph, as they are seen from left to right.
    pub(super) fn shape(&mut self, paragraph: &Paragraph<'_>, part: Range<usize>, weight: Weight) -> Vec<Run> {
        let mut runs = Vec::new();
        for (range, is_turned) in paragraph.seen(part) {
            let mut pieces = by_font(&paragraph.text[range], weight);
            if is_turned {
                pieces.reverse();
            }
            runs.extend(pieces.into_iter().map(|(font, text)| self.run(font, text, is_turned)));
        }
        runs
    }

    fn run(&mut self, font: FontId, text: &str, is_turned: bool) -> Run {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let direction = if is_turned { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let face = &font.load().face;
        let script = buffer.script();
        let plan = self.plans.entry((font, is_turned, Some(script)));
        let plan = plan.or_insert_with(|| ShapePlan::new(face, direction, Some(script), None, &[]));
        let shaped = rustybuzz::shape_with_plan(face, plan, buffer);
        let infos = shaped.glyph_infos();
        let ends = ends(infos.iter().map(|info| index(info.cluster)), text.len());
        let glyphs = infos.iter().zip(shaped.glyph_positions()).map(|(info, position)| {
            let start = index(info.cluster);
            Glyph {
                id: info.glyph_id,
                advance: position.x_advance,
                x_offset: position.x_offset,
                y_offset: position.y_offset,
                range: start..ends.get(&start).copied().unwrap_or(text.len()),
            }
        });
        Run { font, text: text.to_owned(), glyphs: glyphs.collect() }
    }

    /// The clusters of a text in the order in which they are written, with their widths: where a word may be cut when
    /// there is no other way.
    pub(super) fn clusters(&mut self, text: &str, weight: Weight, size: i64) -> Vec<(Range<usize>, i64)> {
        let mut clusters: Vec<(Range<usize>, i64)> = Vec::new();
        let mut from = 0;
        for (font, piece) in by_font(text, weight) {
            let run = self.run(font, piece, false);
            let mut widths: Vec<_> =
                run.glyphs.into_iter().map(|glyph| (glyph.range, i64::from(glyph.advance))).collect();
            widths.sort_by_key(|(range, _)| range.start);
            for (range, units) in widths {
                let (start, end) = (from + range.start, from + range.end);
                match clusters.last_mut() {
                    Some((last, width)) if last.start == start => *width += scaled(units, size, font),
                    _ => clusters.push((start..end, scaled(units, size, font))),
                }
            }
            from += piece.len();
        }
        clusters
    }
}

/// Where each cluster ends: where the next one begins.
fn ends(starts: impl Iterator<Item = usize>, length: usize) -> HashMap<usize, usize> {
    let mut starts: Vec<_> = starts.collect();
    starts.sort_unstable();
    starts.dedup();
    let next = starts.iter().skip(1).copied().chain([length]);
    starts.iter().copied().zip(next).collect()
}

fn index(cluster: u32) -> usize {
    usize::try_from(cluster).unwrap_or(usize::MAX)
}

/// The text in parts that one font draws.
fn by_font(text: &str, weight: Weight) -> Vec<(FontId, &str)> {
    let mut parts: Vec<(FontId, Range<usize>)> = Vec::new();
    for (at, character) in text.char_indices() {
        let font = font_of(character, weight, parts.last().map(|(font, _)| *font));
        let end = at + character.len_utf8();
        match parts.last_mut() {
            Some((last, range)) if *last == font => range.end = end,
            _ => parts.push((font, at..end)),
        }
    }
    parts.into_iter().map(|(font, range)| (font, &text[range])).collect()
}
