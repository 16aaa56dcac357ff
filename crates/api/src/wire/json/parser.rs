//! One pass over the bytes of a body, strict and lenient syntax alike.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{DEPTH_MAX, Node, SyntaxError, text};

/// Objects up to this size look for repeated names by comparing, larger ones by hashing.
const COMPARED_MEMBERS_MAX: usize = 16;

struct Fault {
    at: usize,
    reason: String,
}

type Parsed<T> = Result<T, Fault>;

pub(super) fn parse(body: &[u8]) -> Result<Option<Node<'_>>, SyntaxError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let source = str::from_utf8(body).map_err(|error| {
        let valid = &body[..error.valid_up_to()];
        located(&String::from_utf8_lossy(valid), valid.len(), "a byte that is not UTF-8".to_owned())
    })?;
    Parser { source, at: 0 }.document().map_err(|fault| located(source, fault.at, fault.reason))
}

fn located(source: &str, at: usize, reason: String) -> SyntaxError {
    let before = &source[..source.floor_char_boundary(at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    SyntaxError { reason, line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn document(mut self) -> Parsed<Option<Node<'a>>> {
        self.skip_blank()?;
        if self.peek().is_none() {
            return Ok(None);
        }
        let node = self.value(0)?;
        self.skip_blank()?;
        match self.peek() {
            None => Ok(Some(node)),
            Some(_) => self.unexpected("the end"),
        }
    }

    fn value(&mut self, depth: usize) -> Parsed<Node<'a>> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"' | b'\'') => self.quoted().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Parsed<Node<'a>> {
        let depth = self.deeper(depth)?;
        let mut members = Vec::new();
        loop {
            self.skip_blank()?;
            if self.take(b'}') {
                return Ok(Node::Object(keep_last(members)));
            }
            let name = self.name()?;
            self.skip_blank()?;
            if !self.take(b':') {
                return self.unexpected("`:`");
            }
            self.skip_blank()?;
            members.push((name, self.value(depth)?));
            self.skip_blank()?;
            if !self.take(b',') && self.peek() != Some(b'}') {
                return self.unexpected("`,` or `}`");
            }
        }
    }

    fn list(&mut self, depth: usize) -> Parsed<Node<'a>> {
        let depth = self.deeper(depth)?;
        let mut elements = Vec::new();
        loop {
            self.skip_blank()?;
            // An empty list, or a trailing comma; `[,]` is neither, for a comma is no value.
            if self.take(b']') {
                return Ok(Node::List(elements));
            }
            elements.push(self.value(depth)?);
            self.skip_blank()?;
            if !self.take(b',') && self.peek() != Some(b']') {
                return self.unexpected("`,` or `]`");
            }
        }
    }

    /// Steps over an opening bracket.
    fn deeper(&mut self, depth: usize) -> Parsed<usize> {
        if depth == DEPTH_MAX {
            return self.fault(format!("more than {DEPTH_MAX} levels of nesting"));
        }
        self.at += 1;
        Ok(depth + 1)
    }

    fn name(&mut self) -> Parsed<Cow<'a, str>> {
        match self.peek() {
            Some(b'"' | b'\'') => self.quoted(),
            _ => match self.bare_word() {
                "" => self.unexpected("a member name or `}`"),
                word => Ok(Cow::Borrowed(word)),
            },
        }
    }

    fn quoted(&mut self) -> Parsed<Cow<'a, str>> {
        match text::read(self.source, self.at) {
            Ok((text, after)) => {
                self.at = after;
                Ok(text)
            }
            Err(refused) => Err(Fault { at: refused.at, reason: refused.reason.to_owned() }),
        }
    }

    fn word(&mut self) -> Parsed<Node<'a>> {
        let start = self.at;
        let node = match self.bare_word() {
            "null" => Node::Null,
            "true" => Node::Boolean(true),
            "false" => Node::Boolean(false),
            _ => {
                self.at = start;
                return self.unexpected("a value");
            }
        };
        Ok(node)
    }

    fn bare_word(&mut self) -> &'a str {
        let rest = &self.source[self.at..];
        let is_outside = |character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$'));
        let word = &rest[..rest.find(is_outside).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn number(&mut self) -> Parsed<Node<'a>> {
        let start = self.at;
        self.take(b'-');
        let whole = self.digits();
        let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
        let mut is_valid = !whole.is_empty() && !has_leading_zero;
        if self.take(b'.') {
            is_valid &= !self.digits().is_empty();
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            is_valid &= !self.digits().is_empty();
        }
        // Catches hexadecimal numbers and other words that begin with a digit.
        if !is_valid || !self.bare_word().is_empty() {
            self.at = start;
            return self.unexpected("a number");
        }
        Ok(Node::Number(&self.source[start..self.at]))
    }

    fn digits(&mut self) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        &self.source[start..self.at]
    }

    /// Steps over white space and comments.
    fn skip_blank(&mut self) -> Parsed<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Parsed<()> {
        let rest = &self.source[self.at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').or(Some(rest.len()))
        } else if let Some(inside) = rest.strip_prefix("/*") {
            inside.find("*/").map(|end| end + 4)
        } else {
            return self.unexpected("a value");
        };
        match length {
            Some(length) => {
                self.at += length;
                Ok(())
            }
            None => self.fault("a comment without its end".to_owned()),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn unexpected<T>(&self, expected: &str) -> Parsed<T> {
        let reason = match self.source[self.at..].chars().next() {
            None => format!("expected {expected}, but the text ends"),
            Some(found) => format!("expected {expected}, not `{}`", found.escape_debug()),
        };
        self.fault(reason)
    }

    fn fault<T>(&self, reason: String) -> Parsed<T> {
        Err(Fault { at: self.at, reason })
    }
}

type Member<'a> = (Cow<'a, str>, Node<'a>);

/// Gives every repeated name its last value, in the place of its first.
fn keep_last(members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let is_unique = members.len() <= COMPARED_MEMBERS_MAX
        && members.iter().enumerate().all(|(at, (name, _))| members[..at].iter().all(|(earlier, _)| earlier != name));
    if is_unique {
        return members;
    }
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(members.len());
    let mut kept: Vec<Member<'_>> = Vec::with_capacity(members.len());
    for (name, value) in members {
        if let Some(&place) = places.get(&name) {
            kept[place].1 = value;
        } else {
            places.insert(name.clone(), kept.len());
            kept.push((name, value));
        }
    }
    kept
}
