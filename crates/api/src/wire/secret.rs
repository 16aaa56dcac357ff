//! Texts of a request that nothing but a payment gateway may see: they are read into memory that is wiped, and have
//! neither `Debug` nor `Serialize` that shows them.

use std::borrow::Cow;
use std::fmt;

use billing::instrument::{ExposeSecret as _, SecretString};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A number of a card or bank account, or its code.
#[derive(Debug, Clone)]
pub struct Secret(pub SecretString);

impl Secret {
    /// Holds nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.expose_secret().trim().is_empty()
    }
}

struct Read;

impl Visitor<'_> for Read {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text read by the wire layer")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret(SecretString::from(text)))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Secret, E> {
        Ok(Secret(SecretString::from(text)))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Read)
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "writeOnly": true })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::wire::de::from_slice;

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Body {
        card_number: Option<Secret>,
    }

    #[test]
    fn numbers_and_escapes_are_read_as_texts() {
        for body in [r#"{"cardNumber":"0042"}"#, r#"{"CARDNUMBER":"\u0030042"}"#, "{cardNumber:'0042'}"] {
            let read: Body = from_slice(body.as_bytes()).unwrap();
            assert_eq!(read.card_number.unwrap().0.expose_secret(), "0042", "{body}");
        }
        let read: Body = from_slice(b"{cardNumber:4242424242424242}").unwrap();
        assert_eq!(read.card_number.as_ref().unwrap().0.expose_secret(), "4242424242424242");
        assert!(!format!("{read:?}").contains("42"));
    }

    #[test]
    fn what_is_wrong_is_told_without_its_value() {
        for body in [
            "{cardNumber:['4242424242424242']}",
            "{cardNumber:{number:'4242424242424242'}}",
            "{cardNumber:'4242424242424242}",
            "{cardNumber:4242424242424242x}",
            "{cardNumber:'4242424242424242' 'x'}",
            "4242424242424242",
            "'4242424242424242'",
        ] {
            let problems = from_slice::<Body>(body.as_bytes()).unwrap_err();
            assert!(!format!("{problems:?}").contains("4242"), "{body}: {problems:?}");
        }
    }
}
