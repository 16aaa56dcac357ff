//! Enumerations of the domain on the wire: read in any case, written as documented.

use std::{borrow::Cow, fmt, marker::PhantomData};

use billing::named::Named;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    de::{Deserialize, Deserializer, EnumAccess, Error, VariantAccess, Visitor},
    ser::{Serialize, Serializer},
};

/// One of the names of `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<T>(pub(crate) T);

impl<T: Named> Serialize for Name<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de, T: Named> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("name", T::NAMES, NameVisitor(PhantomData))
    }
}

struct NameVisitor<T>(PhantomData<T>);

impl<'de, T: Named> Visitor<'de> for NameVisitor<T> {
    type Value = Name<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", T::NAMES.join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Name<T>, A::Error> {
        let (name, variant) = access.variant::<String>()?;
        variant.unit_variant()?;
        T::from_name(&name).map(Name).ok_or_else(|| A::Error::unknown_variant(&name, T::NAMES))
    }
}

impl<T: Named> JsonSchema for Name<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": T::NAMES })
    }
}
