//! Sets text in lines of a given width.

use std::ops::Range;

use super::{
    fonts::{Weight, is_drawn},
    shaping::{Paragraph, Run, Shaper},
};

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Size of the type.
    pub(super) size: i64,
    /// From one line to the next.
    pub(super) leading: i64,
    /// How heavy it is.
    pub(super) weight: Weight,
    /// Its colour.
    pub(super) ink: Ink,
}

/// The colours of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// What is read first.
    Strong,
    /// What explains it.
    Soft,
    /// Lines between rows.
    Line,
    /// Behind what stands out.
    Tint,
}

/// One line of type.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: i64,
    pub(super) style: Style,
}

/// Turns text into lines.
pub(super) struct Setter {
    shaper: Shaper,
}

impl Setter {
    pub(super) fn new() -> Self {
        Self { shaper: Shaper::new() }
    }

    /// The lines of a text no wider than `width`: broken where a reader expects it, within a word only when the word
    /// alone is too wide. An empty text has no lines.
    pub(super) fn set(&mut self, text: &str, style: Style, width: i64) -> Vec<Line> {
        let drawn: String = text.chars().filter(|&character| is_drawn(character)).collect();
        drawn.split('\n').flat_map(|part| self.paragraph(part.trim_end(), style, width)).collect()
    }

    /// A text on one line, smaller if it must be; below three fifths of its size it is broken like any other.
    pub(super) fn fit(&mut self, text: &str, style: Style, width: i64) -> Vec<Line> {
        let paragraph = Paragraph::of(text);
        let line = self.line(&paragraph, 0..text.len(), style);
        if line.width <= width || text.is_empty() {
            return if text.is_empty() { Vec::new() } else { vec![line] };
        }
        let size = style.size * width / line.width;
        if size * 5 < style.size * 3 {
            self.set(text, style, width)
        } else {
            self.set(text, Style { size, ..style }, width)
        }
    }

    fn paragraph(&mut self, text: &str, style: Style, width: i64) -> Vec<Line> {
        if text.is_empty() {
            return Vec::new();
        }
        let paragraph = Paragraph::of(text);
        let whole = self.line(&paragraph, 0..text.len(), style);
        if whole.width <= width {
            return vec![whole];
        }
        let words = self.words(text, style, width);
        filled(text, &words, width).into_iter().map(|range| self.line(&paragraph, range, style)).collect()
    }

    fn line(&mut self, paragraph: &Paragraph<'_>, range: Range<usize>, style: Style) -> Line {
        let runs = self.shaper.shape(paragraph, range, style.weight);
        let width = runs.iter().map(|run| run.width(style.size)).sum();
        Line { runs, width, style }
    }

    /// What is never broken, none of it wider than a line.
    fn words(&mut self, text: &str, style: Style, width: i64) -> Vec<Word> {
        let mut words = Vec::new();
        let mut start = 0;
        for (end, _) in unicode_linebreak::linebreaks(text) {
            let word = self.word(text, start..end, style);
            if word.ink <= width {
                words.push(word);
            } else {
                words.extend(self.cut(text, start..end, style, width));
            }
            start = end;
        }
        words
    }

    fn word(&mut self, text: &str, range: Range<usize>, style: Style) -> Word {
        let mut width = |part: &str| {
            let paragraph = Paragraph::of(part);
            self.line(&paragraph, 0..part.len(), style).width
        };
        let part = &text[range.clone()];
        let (ink, full) = (width(part.trim_end()), width(part));
        Word { range, ink, full }
    }

    fn cut(&mut self, text: &str, range: Range<usize>, style: Style, width: i64) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        for (cluster, wide) in self.shaper.clusters(&text[range.clone()], style.weight, style.size) {
            let (start, end) = (range.start + cluster.start, range.start + cluster.end);
            match words.last_mut() {
                Some(word) if word.full + wide <= width => {
                    word.range.end = end;
                    word.full += wide;
                    word.ink = word.full;
                }
                _ => words.push(Word { range: start..end, ink: wide, full: wide }),
            }
        }
        words
    }
}

/// A part of a text that stays on one line.
struct Word {
    range: Range<usize>,
    /// Its width without the space after it, which may hang over the end of the line.
    ink: i64,
    /// Its width.
    full: i64,
}

/// As many words on each line as there is room for; without the spaces at the ends of lines.
fn filled(text: &str, words: &[Word], width: i64) -> Vec<Range<usize>> {
    let mut lines: Vec<(Range<usize>, i64)> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some((line, used)) if *used + word.ink <= width => {
                line.end = word.range.end;
                *used += word.full;
            }
            _ => lines.push((word.range.clone(), word.full)),
        }
    }
    let trimmed = lines.into_iter().map(|(line, _)| line.start..line.start + text[line.clone()].trim_end().len());
    trimmed.filter(|line| !line.is_empty()).collect()
}
