//! Strings: reading quoted text with its escapes, and writing it strictly.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Why a quoted text cannot be read: what is wrong, and the byte where.
pub(super) struct Refused {
    pub(super) at: usize,
    pub(super) reason: &'static str,
}

fn refused<T>(at: usize, reason: &'static str) -> Result<T, Refused> {
    Err(Refused { at, reason })
}

/// Reads the quoted text whose opening quote is at `start`; answers the text and the byte after its closing quote.
pub(super) fn read(source: &str, start: usize) -> Result<(Cow<'_, str>, usize), Refused> {
    let bytes = source.as_bytes();
    let quote = bytes[start];
    let mut at = start + 1;
    let mut piece = at;
    let mut unescaped: Option<String> = None;
    loop {
        match bytes.get(at) {
            None => return refused(start, "a text without its closing quote"),
            Some(0) => return refused(at, "a NUL character"),
            Some(&byte) if byte == quote => {
                let last = &source[piece..at];
                let text = match unescaped {
                    None => Cow::Borrowed(last),
                    Some(text) => Cow::Owned(text + last),
                };
                return Ok((text, at + 1));
            }
            Some(b'\\') => {
                let text = unescaped.get_or_insert_default();
                text.push_str(&source[piece..at]);
                let (character, next) = escape(source, at)?;
                text.push(character);
                at = next;
                piece = next;
            }
            Some(_) => at += 1,
        }
    }
}

/// The character of the escape whose backslash is at `at`, and the byte after it.
fn escape(source: &str, at: usize) -> Result<(char, usize), Refused> {
    let simple = match source.as_bytes().get(at + 1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(&byte @ (b'"' | b'\'' | b'\\' | b'/')) => char::from(byte),
        Some(b'u') => return unicode_escape(source, at),
        _ => return refused(at, "an unknown escape"),
    };
    Ok((simple, at + 2))
}

fn unicode_escape(source: &str, at: usize) -> Result<(char, usize), Refused> {
    let first = code_unit(source, at)?;
    let (code, next) = if (0xD800..0xDC00).contains(&first) {
        let second = code_unit(source, at + 6)?;
        if !(0xDC00..0xE000).contains(&second) {
            return refused(at, "half of a surrogate pair");
        }
        (0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00), at + 12)
    } else {
        (first, at + 6)
    };
    match char::from_u32(code) {
        // PostgreSQL cannot store it, so that no text of ours may hold it.
        Some('\0') => refused(at, "a NUL character"),
        Some(character) => Ok((character, next)),
        None => refused(at, "half of a surrogate pair"),
    }
}

/// The four hexadecimal digits of a `\uXXXX` whose backslash is at `at`.
fn code_unit(source: &str, at: usize) -> Result<u32, Refused> {
    let bytes = source.as_bytes();
    if bytes.get(at) != Some(&b'\\') || bytes.get(at + 1) != Some(&b'u') {
        return refused(at, "half of a surrogate pair");
    }
    let Some(digits) = bytes.get(at + 2..at + 6) else {
        return refused(at, "an incomplete \\u escape");
    };
    digits.iter().try_fold(0, |code, &byte| match char::from(byte).to_digit(16) {
        Some(digit) => Ok(code * 16 + digit),
        None => refused(at, "an incomplete \\u escape"),
    })
}

/// Appends `text` quoted and escaped as strict JSON.
pub(super) fn write(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut piece = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[piece..at]);
        if escape.is_empty() {
            let _infallible = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        piece = at + 1;
    }
    out.push_str(&text[piece..]);
    out.push('"');
}
