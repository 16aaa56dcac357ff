//! How an account presents itself on documents: name, address, contacts, logo and signature.

use crate::{address::AddressFields, named::named, problem::Problems};

/// Largest logo, in bytes.
pub const LOGO_BYTES_MAX: usize = 256 * 1024;
/// Widest and highest logo, in pixels.
pub const LOGO_PIXELS_MAX: u32 = 4_000;
/// Longest signature, in characters.
pub const SIGNATURE_LENGTH_MAX: usize = 2_000;

named! {
    /// How a logo is written.
    pub enum LogoFormat {
        /// PNG.
        Png => "image/png",
        /// JPEG.
        Jpeg => "image/jpeg",
    }
}

/// A picture above the account's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// How it is written.
    pub format: LogoFormat,
    /// The file, at most [`LOGO_BYTES_MAX`] long.
    pub bytes: Vec<u8>,
}

/// What an account says of itself. Documents show it as it is when they are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountProfile {
    /// The name on documents, at most 255 characters; the account's own when absent.
    pub name: Option<String>,
    /// Where it is.
    pub address: Option<AddressFields>,
    /// At most 255 characters.
    pub email: Option<String>,
    /// At most 50 characters.
    pub phone: Option<String>,
    /// At most 255 characters.
    pub website: Option<String>,
    /// Printed below every invoice, at most [`SIGNATURE_LENGTH_MAX`] characters. Plain text; line breaks are kept.
    pub signature: Option<String>,
    /// Its logo.
    pub logo: Option<Logo>,
}

impl AccountProfile {
    /// Records every text that is too long, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        let texts = [
            ("Name", &self.name, 255),
            ("Email", &self.email, 255),
            ("Phone", &self.phone, 50),
            ("Website", &self.website, 255),
            ("InvoiceSignature", &self.signature, SIGNATURE_LENGTH_MAX),
        ];
        for (name, value, length_max) in texts {
            if let Some(text) = value {
                problems.check_length(name, text, length_max);
            }
        }
    }
}

impl Logo {
    /// The logo in these bytes, or why it cannot be one.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() > LOGO_BYTES_MAX {
            return Err(format!("The logo has {} bytes; at most {LOGO_BYTES_MAX} are kept.", bytes.len()));
        }
        let (format, size) = if bytes.starts_with(PNG) {
            (LogoFormat::Png, png_size(&bytes))
        } else if bytes.starts_with(JPEG) {
            (LogoFormat::Jpeg, jpeg_size(&bytes))
        } else {
            return Err("The logo is neither a PNG nor a JPEG file.".to_owned());
        };
        match size {
            Some((width, height))
                if (1..=LOGO_PIXELS_MAX).contains(&width) && (1..=LOGO_PIXELS_MAX).contains(&height) =>
            {
                Ok(Self { format, bytes })
            }
            Some((width, height)) => {
                Err(format!("The logo has {width} × {height} pixels; at most {LOGO_PIXELS_MAX} a side are drawn."))
            }
            None => Err("The logo cannot be read.".to_owned()),
        }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> Option<(u32, u32)> {
        match self.format {
            LogoFormat::Png => png_size(&self.bytes),
            LogoFormat::Jpeg => jpeg_size(&self.bytes),
        }
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Width and height stand in the header chunk, which comes first (PNG §11.2.2).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    let number = |from: usize| Some(u32::from_be_bytes(bytes.get(from..from + 4)?.try_into().ok()?));
    Some((number(16)?, number(20)?))
}

/// Height and width stand in the first frame header; the segments before it are skipped by their lengths (T.81 §B.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        (*bytes.get(at)? == 0xff).then_some(())?;
        let marker = *bytes.get(at + 1)?;
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            return Some((number(at + 7)?.into(), number(at + 5)?.into()));
        }
        // A byte of filling has no length.
        at = if marker == 0xff { at + 1 } else { at + 2 + usize::from(number(at + 2)?) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [PNG, &[0, 0, 0, 13], b"IHDR", &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let application = [0xff, 0xe0, 0, 4, 1, 2];
        let frame = [&[0xff, 0xc0, 0, 11, 8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 17, 0]].concat();
        [&[0xff, 0xd8][..], &application, &frame].concat()
    }

    #[test]
    fn the_size_is_found_in_both_formats() {
        let size = |bytes| Logo::parse(bytes).map(|logo| (logo.format, logo.size()));
        assert_eq!(size(png(300, 120)), Ok((LogoFormat::Png, Some((300, 120)))));
        assert_eq!(size(jpeg(64, 32)), Ok((LogoFormat::Jpeg, Some((64, 32)))));
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let refused = |bytes| Logo::parse(bytes).unwrap_err();
        assert_eq!(refused(b"<svg/>".to_vec()), "The logo is neither a PNG nor a JPEG file.");
        assert_eq!(refused(png(4_001, 1)), "The logo has 4001 × 1 pixels; at most 4000 a side are drawn.");
        assert_eq!(refused(png(0, 1)), "The logo has 0 × 1 pixels; at most 4000 a side are drawn.");
        assert_eq!(refused(PNG.to_vec()), "The logo cannot be read.");
        for end in 3..jpeg(1, 1).len() - 6 {
            assert_eq!(refused(jpeg(1, 1)[..end].to_vec()), "The logo cannot be read.");
        }
        let large = [png(1, 1), vec![0; LOGO_BYTES_MAX]].concat();
        assert!(refused(large).contains("at most 262144 are kept"));
    }
}
