//! Draws pages into a PDF file: the only place where lengths are floating-point numbers, because the library's are.

use krilla::{
    SerializeSettings,
    color::rgb,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{GlyphId, KrillaGlyph},
};

use super::{
    PdfError,
    fonts::FontId,
    pages::{Area, Mark, Pages},
    setting::{Ink, Line},
    shaping::{Glyph, Run},
};
use crate::model::Document;

/// The file.
pub(super) fn file(document: &Document, pages: &Pages, logo: Option<&Image>) -> Result<Vec<u8>, PdfError> {
    let mut file = krilla::Document::new_with(settings());
    let metadata = Metadata::new().title(document.title.clone()).language("en".to_owned());
    file.set_metadata(metadata.authors(vec![document.letterhead.name.clone()]).creator("Billfold".to_owned()));
    for marks in &pages.marks {
        let settings = PageSettings::new(size(pages.size.0, pages.size.1)?);
        let mut page = file.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            put(&mut surface, mark, logo)?;
        }
        surface.finish();
        page.finish();
    }
    file.finish().map_err(|error| PdfError(format!("{error:?}")))
}

/// Whether a picture can be decoded to its end.
pub(super) fn is_drawable(image: &Image) -> bool {
    let mut file = krilla::Document::new_with(settings());
    let Ok(size) = size(1_000, 1_000) else { return false };
    let mut page = file.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    surface.draw_image(image.clone(), size);
    surface.finish();
    page.finish();
    file.finish().is_ok()
}

fn settings() -> SerializeSettings {
    SerializeSettings { enable_tagging: false, ..SerializeSettings::default() }
}

fn put(surface: &mut Surface<'_>, mark: &Mark, logo: Option<&Image>) -> Result<(), PdfError> {
    match mark {
        Mark::Text { x, baseline, line } => text(surface, *x, *baseline, line),
        Mark::Box { area, ink } => {
            let Area { x, y, width, height } = *area;
            let mut path = PathBuilder::new();
            let rect = Rect::from_xywh(points(x), points(y), points(width), points(height));
            path.push_rect(rect.ok_or_else(|| impossible(width, height))?);
            surface.set_fill(Some(fill(*ink)));
            surface.draw_path(&path.finish().ok_or_else(|| impossible(width, height))?);
        }
        Mark::Logo(area) => {
            if let Some(logo) = logo {
                surface.push_transform(&Transform::from_translate(points(area.x), points(area.y)));
                surface.draw_image(logo.clone(), size(area.width, area.height)?);
                surface.pop();
            }
        }
    }
    Ok(())
}

fn text(surface: &mut Surface<'_>, x: i64, baseline: i64, line: &Line) {
    surface.set_fill(Some(fill(line.style.ink)));
    let mut x = x;
    for run in &line.runs {
        let glyphs: Vec<_> = run.glyphs.iter().map(|glyph| glyph_of(glyph, run)).collect();
        let start = Point::from_xy(points(x), points(baseline));
        let font = run.font.load().font.clone();
        surface.draw_glyphs(start, &glyphs, font, &run.text, points(line.style.size), false);
        x += run.width(line.style.size);
    }
}

fn glyph_of(glyph: &Glyph, run: &Run) -> KrillaGlyph {
    let ems = |units| ems(units, run.font);
    KrillaGlyph::new(
        GlyphId::new(glyph.id),
        ems(glyph.advance),
        ems(glyph.x_offset),
        ems(glyph.y_offset),
        0.0,
        glyph.range.clone(),
        None,
    )
}

fn fill(ink: Ink) -> Fill {
    let (red, green, blue) = match ink {
        Ink::Strong => (29, 39, 51),
        Ink::Soft => (91, 103, 118),
        Ink::Line => (213, 219, 226),
        Ink::Tint => (243, 246, 249),
    };
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn size(width: i64, height: i64) -> Result<Size, PdfError> {
    Size::from_wh(points(width), points(height)).ok_or_else(|| impossible(width, height))
}

fn impossible(width: i64, height: i64) -> PdfError {
    PdfError(format!("nothing can be {width} by {height} thousandths of a point"))
}

/// Thousandths of a point in the library's unit.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "the library takes floating-point coordinates; nothing is computed with them"
)]
fn points(thousandths: i64) -> f32 {
    thousandths as f32 / 1_000.0
}

/// Units of a font in parts of its size.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "the library takes floating-point coordinates; nothing is computed with them"
)]
fn ems(units: i32, font: FontId) -> f32 {
    units as f32 / font.units() as f32
}
