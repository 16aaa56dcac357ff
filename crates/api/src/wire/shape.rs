//! Wrappers for members that may take more than one shape.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use billing::purchase::Change;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};

use super::de::special;

/// A list for which a single object may stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

/// An enum that may also be written as its zero-based ordinal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ordinal<E>(pub E);

/// A member of which absent and null mean different things: to keep, and to clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maybe<T>(pub Change<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(Change::Keep)
    }
}

/// One value that two types read, each the members it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Both<A, B>(pub A, pub B);

/// Any value, kept as compact strict JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(pub String);

/// Reads the inner value of a wrapper.
struct Inner<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inner<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value read by the wire layer")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(special::ONE_OR_MANY, Inner(PhantomData)).map(Self)
    }
}

impl<'de, E: Deserialize<'de>> Deserialize<'de> for Ordinal<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(special::ORDINAL, Inner(PhantomData)).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<T>::deserialize(deserializer)?;
        Ok(Self(value.map_or(Change::Clear, Change::Set)))
    }
}

/// Reads a value once for each of two types.
struct Twice<A, B>(PhantomData<(A, B)>);

impl<'de, A: Deserialize<'de>, B: Deserialize<'de>> Visitor<'de> for Twice<A, B> {
    type Value = Both<A, B>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value read by the wire layer")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut readings: S) -> Result<Both<A, B>, S::Error> {
        let missing = || S::Error::custom("a value that can be read twice was read once");
        let first = readings.next_element()?.ok_or_else(missing)?;
        Ok(Both(first, readings.next_element()?.ok_or_else(missing)?))
    }
}

impl<'de, A: Deserialize<'de>, B: Deserialize<'de>> Deserialize<'de> for Both<A, B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(special::BOTH, Twice(PhantomData))
    }
}

struct Compact;

impl Visitor<'_> for Compact {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value read by the wire layer")
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(special::RAW, Compact).map(Self)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let element = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "array", "items": element }, element] })
    }
}

impl<E: JsonSchema> JsonSchema for Ordinal<E> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Ordinal_{}", E::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let name = generator.subschema_for::<E>();
        json_schema!({ "anyOf": [name, { "type": "integer", "minimum": 0, "description": "The name's ordinal." }] })
    }
}

impl<T: JsonSchema> JsonSchema for Maybe<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Maybe_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Option<T>>()
    }
}

impl<A: JsonSchema, B: JsonSchema> JsonSchema for Both<A, B> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Both_{}_{}", A::schema_name(), B::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (first, second) = (generator.subschema_for::<A>(), generator.subschema_for::<B>());
        json_schema!({ "allOf": [first, second] })
    }
}

impl JsonSchema for Raw {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Raw".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "Any JSON value." })
    }
}
