//! The PDF writer: sets the document in type, breaks it into pages and draws them. All lengths are integers, in
//! thousandths of a point; only drawing turns them into the numbers that the library takes.

mod bands;
mod draw;
mod fonts;
mod pages;
mod setting;
mod shaping;
mod table;
#[cfg(test)]
mod tests;

use billing::profile::{Logo, LogoFormat};
use krilla::image::Image;

use self::{pages::Pages, setting::Setter};
use crate::model::{Block, Document};

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct PdfError(String);

/// The document as a PDF file, with every font that it uses inside. Equal documents give equal files.
pub fn write(document: &Document) -> Result<Vec<u8>, PdfError> {
    let logo = document.letterhead.logo.as_ref().and_then(|logo| image(logo).ok());
    draw::file(document, &lay_out(document, logo.as_ref()), logo.as_ref())
}

/// Everything in its place.
fn lay_out(document: &Document, logo: Option<&Image>) -> Pages {
    let mut setter = Setter::new();
    let mut pages = Pages::new(document.paper);
    bands::letterhead(&mut pages, &mut setter, document, logo);
    bands::meta(&mut pages, &mut setter, document);
    if let Some(headline) = &document.headline {
        bands::headline(&mut pages, &mut setter, headline);
    }
    for block in &document.blocks {
        match block {
            Block::Heading(text) => bands::heading(&mut pages, &mut setter, text),
            Block::Paragraph(text) => bands::paragraph(&mut pages, &mut setter, text),
            Block::Table(table) => table::table(&mut pages, &mut setter, table),
            Block::Totals(totals) => bands::totals(&mut pages, &mut setter, totals),
            Block::PageBreak => pages.next_page(),
        }
    }
    bands::footers(&mut pages, &mut setter, document);
    pages
}

/// Whether a logo can be drawn: its picture is read to the end.
pub fn is_logo_readable(logo: &Logo) -> bool {
    image(logo).is_ok_and(|image| draw::is_drawable(&image))
}

fn image(logo: &Logo) -> Result<Image, String> {
    let data = krilla::Data::from(logo.bytes.clone());
    match logo.format {
        LogoFormat::Png => Image::from_png(data, true),
        LogoFormat::Jpeg => Image::from_jpeg(data, true),
    }
}
