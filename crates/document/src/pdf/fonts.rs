//! The fonts inside the program, and which of them draws a character. Their licences lie beside them.

use std::sync::LazyLock;

use krilla::text::Font;
use rustybuzz::Face;

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Reading.
    Regular,
    /// Heads and sums.
    Bold,
}

/// One font, by its place in [`FONTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FontId(usize);

/// A font as it is shaped and as it is drawn.
pub(super) struct LoadedFont {
    pub(super) face: Face<'static>,
    pub(super) font: Font,
}

const REGULAR: FontId = FontId(0);
const BOLD: FontId = FontId(1);
/// Chinese, Japanese and Korean, in one weight.
const EAST_ASIAN: FontId = FontId(2);

static FONTS: LazyLock<[LoadedFont; 3]> = LazyLock::new(|| {
    [
        load(include_bytes!("../../fonts/DejaVuSansCondensed.ttf")),
        load(include_bytes!("../../fonts/DejaVuSansCondensed-Bold.ttf")),
        load(include_bytes!("../../fonts/DroidSansFallback.ttf")),
    ]
});

fn load(bytes: &'static [u8]) -> LoadedFont {
    let face = Face::from_slice(bytes, 0);
    let (Some(face), Some(font)) = (face, Font::new(bytes.into(), 0)) else {
        unreachable!("a font that is part of the program can be read");
    };
    LoadedFont { face, font }
}

impl FontId {
    /// The font itself.
    pub(super) fn load(self) -> &'static LoadedFont {
        &FONTS[self.0]
    }

    /// Units to the em.
    pub(super) fn units(self) -> i64 {
        i64::from(self.load().face.units_per_em())
    }

    fn has(self, character: char) -> bool {
        self.load().face.glyph_index(character).is_some()
    }
}

/// The font of a character. What belongs to the character before it stays with that one's font; what no font holds is
/// drawn as the first font's empty box.
pub(super) fn font_of(character: char, weight: Weight, before: Option<FontId>) -> FontId {
    let order = match weight {
        Weight::Regular => [REGULAR, EAST_ASIAN, BOLD],
        Weight::Bold => [BOLD, REGULAR, EAST_ASIAN],
    };
    if let Some(before) = before.filter(|before| joins(character) || (character == ' ' && before.has(' '))) {
        return before;
    }
    order.into_iter().find(|font| font.has(character)).unwrap_or(order[0])
}

/// Whether a character is drawn at all: marks that no font holds are left out rather than drawn as boxes beside the
/// letter that they belong to.
pub(super) fn is_drawn(character: char) -> bool {
    !joins(character) || [REGULAR, EAST_ASIAN].into_iter().any(|font| font.has(character))
}

/// Whether a character has no place of its own: marks, joiners and variation selectors.
fn joins(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{64B}'..='\u{65F}' | '\u{200C}'..='\u{200F}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}
