//! The deserializer of one value. What has a wrong type is reported and read as null where it may be, else replaced by an
//! empty value, so that reading goes on; the report refuses the request in the end.

use std::borrow::Cow;
use std::slice;

use calendar::Instant;
use money::{Amount, MILLIONTHS, NumberError};
use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{IntoDeserializer, Visitor};

use super::access::{Elements, Fields, Members, Readings};
use super::place::Place;
use super::report::{Fault, Report};
use super::special;
use crate::wire::json::{self, Node};

/// How long `2024-01-31` is, with which every date and time begins.
const DAY_LENGTH: usize = 10;

/// What a wrapper around the type permits.
#[derive(Clone, Copy, Default)]
struct Leave {
    /// It may be null: `""` stands for it, and what is wrong is read as if it were absent.
    null: bool,
    /// An enum may be written as its ordinal.
    ordinal: bool,
    /// A single value may stand for a list of one.
    single: bool,
}

/// One value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Reader<'de, 'p> {
    node: &'de Node<'de>,
    place: Place<'p>,
    report: &'p Report,
    leave: Leave,
}

impl<'de, 'p> Reader<'de, 'p> {
    pub(super) fn new(node: &'de Node<'de>, place: Place<'p>, report: &'p Report) -> Self {
        Self { node, place, report, leave: Leave::default() }
    }

    /// Reports a wrong type, unless the value is an empty text that stands for null.
    fn complain(&self, complaint: &str) {
        if !self.leave.null {
            return self.report.push(self.place, complaint);
        }
        let is_blank = matches!(self.node, Node::Text(text) if text.is_empty());
        self.report.mark_null(self.node, (!is_blank).then_some(complaint));
    }

    /// The text of a number, written as a number or as a text.
    fn number(&self) -> Option<&'de str> {
        match self.node {
            Node::Number(text) => Some(text),
            Node::Text(text) => Some(text.trim()),
            Node::Null | Node::Boolean(_) | Node::List(_) | Node::Object(_) => None,
        }
    }

    /// A whole number that fits the type, or the type's zero and a problem.
    fn integer<I: TryFrom<i64> + Default>(&self) -> I {
        let Some(value) = self.number().and_then(whole) else {
            self.complain("must be a whole number.");
            return I::default();
        };
        I::try_from(value).unwrap_or_else(|_| {
            self.complain("is out of range.");
            I::default()
        })
    }

    fn boolean(&self) -> bool {
        match self.node {
            Node::Boolean(value) => return *value,
            Node::Text(text) if text.trim().eq_ignore_ascii_case("true") => return true,
            Node::Text(text) if text.trim().eq_ignore_ascii_case("false") => return false,
            Node::Number("1") => return true,
            Node::Number("0") => return false,
            Node::Null | Node::Number(_) | Node::Text(_) | Node::List(_) | Node::Object(_) => {}
        }
        self.complain("must be true or false.");
        false
    }

    fn text(&self) -> Cow<'de, str> {
        match self.node {
            Node::Text(text) => Cow::Borrowed(text),
            Node::Number(text) => Cow::Borrowed(text),
            Node::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Node::Null | Node::List(_) | Node::Object(_) => {
                self.complain("must be a string.");
                Cow::Borrowed("")
            }
        }
    }

    fn variant(&self, variants: &'static [&'static str]) -> Option<&'static str> {
        let ordinal = || self.number()?.parse().ok().and_then(|at: usize| variants.get(at).copied());
        let found = match self.node {
            Node::Text(text) => {
                let name = text.trim();
                variants.iter().copied().find(|variant| variant.eq_ignore_ascii_case(name))
            }
            Node::Null | Node::Boolean(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => None,
        };
        let found = found.or_else(|| if self.leave.ordinal { ordinal() } else { None });
        if found.is_none() {
            self.complain(&format!("must be one of {}.", variants.join(", ")));
        }
        found.or_else(|| variants.first().copied())
    }

    fn millionths(&self) -> i64 {
        let complaint = match self.number().map(Amount::parse) {
            Some(Ok(number)) => return number.millionths(),
            Some(Err(NumberError::TooManyDecimals)) => "must be a number with at most six decimal places.",
            Some(Err(NumberError::TooLarge)) => "is too large.",
            Some(Err(NumberError::Syntax | NumberError::NoShares | NumberError::NotWhole)) | None => {
                "must be a number."
            }
        };
        self.complain(complaint);
        0
    }

    fn millis(&self) -> i64 {
        self.written_at(|_, instant| Some(instant))
    }

    /// Midnight, UTC, of the day as it is written.
    fn midnight(&self) -> i64 {
        self.written_at(|text, _| Instant::parse(text.get(..DAY_LENGTH)?).ok())
    }

    fn written_at(&self, meant: impl FnOnce(&str, Instant) -> Option<Instant>) -> i64 {
        if let Node::Text(text) = self.node
            && let Ok(instant) = Instant::parse(text.trim())
            && let Some(instant) = meant(text.trim(), instant)
        {
            return instant.millis();
        }
        self.complain("must be a date such as 2024-01-31, or a date and time such as 2024-01-31T14:30:00Z.");
        0
    }

    fn visit_elements<V: Visitor<'de>>(
        self,
        elements: &'de [Node<'de>],
        is_single: bool,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_seq(Elements {
            rest: elements.iter().enumerate(),
            is_single,
            place: &self.place,
            report: self.report,
        })
    }
}

/// A whole number, also when it is written as `42.0` or `4.2e1`.
fn whole(text: &str) -> Option<i64> {
    if text.starts_with('+') {
        return None;
    }
    text.parse().ok().or_else(|| {
        let millionths = Amount::parse(text).ok()?.millionths();
        (millionths % MILLIONTHS == 0).then_some(millionths / MILLIONTHS)
    })
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty),*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.integer::<$type>())
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = Fault;

    integers!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(self.boolean())
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.text() {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if *self.node == Node::Null || self.report.is_null(self.node, self.place) {
            return visitor.visit_none();
        }
        visitor.visit_some(Self { leave: Leave { null: true, ..self.leave }, ..self })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        match name {
            special::DECIMAL => visitor.visit_i64(self.millionths()),
            special::TIMESTAMP => visitor.visit_i64(self.millis()),
            special::DAY => visitor.visit_i64(self.midnight()),
            special::RAW => visitor.visit_string(json::compact(self.node)),
            special::BOTH => visitor.visit_seq(Readings(self)),
            special::ORDINAL => {
                visitor.visit_newtype_struct(Self { leave: Leave { ordinal: true, ..self.leave }, ..self })
            }
            special::ONE_OR_MANY => {
                visitor.visit_newtype_struct(Self { leave: Leave { single: true, ..self.leave }, ..self })
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let name: StrDeserializer<'_, Fault> = self.variant(variants).unwrap_or_default().into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::List(elements) => self.visit_elements(elements, false, visitor),
            Node::Null => self.visit_elements(&[], false, visitor),
            Node::Object(_) if self.leave.single => self.visit_elements(slice::from_ref(self.node), true, visitor),
            Node::Boolean(_) | Node::Number(_) | Node::Text(_) | Node::Object(_) => {
                self.complain("must be a list.");
                self.visit_elements(&[], false, visitor)
            }
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let members: &[_] = if let Node::Object(members) = self.node {
            members
        } else {
            self.complain("must be an object.");
            &[]
        };
        visitor.visit_map(Fields::new(members, fields, &self.place, self.report))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let members: &[_] = if let Node::Object(members) = self.node {
            members
        } else {
            self.complain("must be an object.");
            &[]
        };
        visitor.visit_map(Members { rest: members.iter(), current: None, place: &self.place, report: self.report })
    }

    /// For types that take whatever comes. A number with a fraction arrives as its text, since there are no floats.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Boolean(value) => visitor.visit_bool(*value),
            Node::Number(text) => match text.parse() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => visitor.visit_borrowed_str(text),
            },
            Node::Text(_) => self.deserialize_str(visitor),
            Node::List(_) => self.deserialize_seq(visitor),
            Node::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.report.meet(self.place, self.node, false);
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { f32 f64 char bytes byte_buf unit unit_struct tuple_struct identifier }
}
