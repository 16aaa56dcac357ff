//! Documents as files: the form that a caller asks for, and its headers.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use document::{Document, PdfError};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For the screen, and for printing.
    Html,
    /// For keeping and sending.
    Pdf,
}

impl Form {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
        }
    }

    /// The file's content; takes a moment for a long document.
    pub(crate) fn write(self, document: &Document) -> Result<Vec<u8>, PdfError> {
        match self {
            Self::Html => Ok(document::html(document).into_bytes()),
            Self::Pdf => document::pdf(document),
        }
    }

    /// An answer with the file, under a name that says what it is.
    pub(crate) fn respond(self, title: &str, content: Vec<u8>) -> Response {
        let name: String =
            title.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        let disposition = format!("inline; filename=\"{name}.{}\"", self.extension());
        let mut response = content.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type()));
        if let Ok(disposition) = HeaderValue::try_from(disposition) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        // What strangers wrote is in it: nobody is to guess that it is anything else.
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}
