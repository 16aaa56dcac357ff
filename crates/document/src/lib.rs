//! Documents for customers. A template turns domain values into a small document model; two writers turn that into HTML
//! and into PDF. Pure: the same values give the same bytes.

mod clean;
pub mod credit_note;
pub mod figures;
mod html;
pub mod invoice;
pub mod model;
mod parties;
mod pdf;
pub mod statement;
mod tracked;

pub use self::{
    html::{markup, write as html},
    model::Document,
    pdf::{PdfError, is_logo_readable, write as pdf},
};
