//! A reference to another thing: its id, or an object that holds it.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// The id, if there is one: `7`, `"7"` or `{"id": 7, …}`; an object may have none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reference(pub Option<i64>);

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = Reference;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or an object with an id")
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<Reference, E> {
        Ok(Reference(Some(id)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Reference, E> {
        text.trim().parse().map(|id| Reference(Some(id))).map_err(|_| E::custom("must be an id."))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Reference, A::Error> {
        let mut id = None;
        while let Some(name) = members.next_key::<String>()? {
            if name.eq_ignore_ascii_case("id") {
                id = members.next_value()?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Reference(id))
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for Reference {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "description": "Its id." },
            { "type": "object", "properties": { "id": { "type": "integer", "description": "Its id." } } }
        ] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::de;

    fn read(json: &str) -> Result<Vec<Reference>, Vec<billing::problem::Problem>> {
        de::from_slice(json.as_bytes())
    }

    #[test]
    fn ids_and_objects_are_read_alike() {
        let read = read(r#"[7, "8", {"id": 9, "uri": "x"}, {"uri": null, "Id": "10"}, {}]"#).unwrap();
        assert_eq!(read, [Some(7), Some(8), Some(9), Some(10), None].map(Reference));
    }

    #[test]
    fn anything_else_is_named() {
        for json in ["[true]", "[\"x\"]", "[1.5]", "[[1]]", "[{\"id\":\"x\"}]"] {
            let problems = read(json).unwrap_err();
            assert!(problems[0].field.starts_with("[0]"), "{json}: {problems:?}");
        }
    }
}
