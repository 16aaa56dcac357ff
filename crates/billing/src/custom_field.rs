//! Values that an account adds to its own products and purchases, and the definitions that give them a type.

use std::collections::HashSet;

use calendar::Instant;
use money::Quantity;

use crate::{
    id::CustomFieldId,
    named::named,
    problem::{Problem, Problems},
};

/// Longest key and longest name, in characters.
pub const KEY_LENGTH_MAX: usize = 255;
/// Longest value, in characters.
pub const VALUE_LENGTH_MAX: usize = 1000;

named! {
    /// What the values of a field are (catalog.md §9).
    pub enum DataType {
        /// Any text.
        String => "String",
        /// A number, exact to six decimals.
        Number => "Number",
        /// A date, or a date and time.
        DateTime => "Date/Time",
    }
}

/// A value under an account's own key, as a caller writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// At most 255 characters, unique among the fields of one thing.
    pub key: String,
    /// The text form of the value, at most 1000 characters.
    pub value: Option<String>,
}

/// A value as it is shown: with the name and the type that its definition gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedField {
    /// The definition's key.
    pub key: String,
    /// A name for people.
    pub friendly_name: String,
    /// What the value is.
    pub data_type: DataType,
    /// The value in the one text form of its type.
    pub value: Option<String>,
}

impl From<DefinedField> for CustomField {
    fn from(field: DefinedField) -> Self {
        Self { key: field.key, value: field.value }
    }
}

/// What a caller writes of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionFields {
    /// At most 255 characters, unique in the account.
    pub key: String,
    /// At most 255 characters.
    pub friendly_name: String,
    /// Fixed after creation.
    pub data_type: DataType,
}

/// A field that values may be given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomFieldDefinition {
    /// Its id.
    pub id: CustomFieldId,
    /// What callers write.
    pub fields: DefinitionFields,
}

impl DefinitionFields {
    /// Records every field that is beyond its limits.
    pub fn check(&self, problems: &mut Problems) {
        for (name, text) in [("Key", &self.key), ("FriendlyName", &self.friendly_name)] {
            if text.trim().is_empty() {
                problems.required(name);
            }
            problems.check_length(name, text, KEY_LENGTH_MAX);
        }
    }
}

impl CustomFieldDefinition {
    /// Records what an update to `fields` may not change: the key, by which values are held, and the type.
    pub fn check_update(&self, fields: &DefinitionFields, problems: &mut Problems) {
        if fields.key != self.fields.key {
            problems.push("Key", "The key of a custom field cannot be changed.");
        }
        if fields.data_type != self.fields.data_type {
            problems.push("DataType", "The data type of a custom field cannot be changed.");
        }
    }

    /// The value of this field that `text` stands for; an empty text is no value.
    pub fn define(&self, text: Option<&str>) -> Result<DefinedField, Problem> {
        let DefinitionFields { key, friendly_name, data_type } = &self.fields;
        let value = text.filter(|text| !text.is_empty()).map(|text| data_type.convert(text)).transpose();
        let value = value.map_err(|message| Problem::new("Value", message))?;
        Ok(DefinedField { key: key.clone(), friendly_name: friendly_name.clone(), data_type: *data_type, value })
    }
}

impl DataType {
    /// The one text form of the value that `text` stands for: `"12.50"` is the number `12.5`, `"2014-06-26"` the time
    /// `2014-06-26T00:00:00` (purchases.md §8).
    fn convert(self, text: &str) -> Result<String, &'static str> {
        match self {
            Self::String => Ok(text.to_owned()),
            Self::Number => Quantity::parse(text.trim())
                .map(|number| number.to_string())
                .map_err(|_| "Value must be a number and cannot exceed six decimal places."),
            Self::DateTime => Instant::parse(text.trim())
                .map(|instant| instant.to_string())
                .map_err(|_| "Value must be a date or a date and time."),
        }
    }
}

/// Records under `{list}[i]` which of the fields of one thing have no key, the key of another, or too long a text.
pub fn check_values(fields: &[CustomField], list: &str, problems: &mut Problems) {
    let mut seen = HashSet::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        problems.item(list, index, |problems| {
            if field.key.trim().is_empty() {
                problems.required("Key");
            } else if !seen.insert(field.key.as_str()) {
                problems.push("Key", format!("The key {} is given more than once.", field.key));
            }
            problems.check_length("Key", &field.key, KEY_LENGTH_MAX);
            problems.check_length("Value", field.value.as_deref().unwrap_or_default(), VALUE_LENGTH_MAX);
        });
    }
}

/// The values of `fields` under their definitions. Keys without one and values of another type are recorded under
/// `{list}[i]`.
pub fn define_all(
    definitions: &[CustomFieldDefinition],
    fields: &[CustomField],
    list: &str,
    problems: &mut Problems,
) -> Vec<DefinedField> {
    let mut defined = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        problems.item(list, index, |problems| {
            match definitions.iter().find(|definition| definition.fields.key == field.key) {
                Some(definition) => defined.extend(problems.keep(definition.define(field.value.as_deref()))),
                None => problems.push("Key", unknown_key(&field.key)),
            }
        });
    }
    defined
}

/// What is wrong with a key that has no definition.
pub fn unknown_key(key: &str) -> String {
    format!("Custom field with key {key} does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(key: &str, data_type: DataType) -> CustomFieldDefinition {
        let fields = DefinitionFields { key: key.to_owned(), friendly_name: format!("The {key}"), data_type };
        CustomFieldDefinition { id: CustomFieldId(1), fields }
    }

    #[test]
    fn values_are_converted_by_their_type() {
        use DataType::{DateTime, Number, String};
        for (data_type, text, expected) in [
            (String, " any text ", Some(" any text ")),
            (String, "", None),
            (Number, "123", Some("123")),
            (Number, " -12.50 ", Some("-12.5")),
            (Number, "1e3", Some("1000")),
            (DateTime, "2014-06-26", Some("2014-06-26T00:00:00")),
            (DateTime, "2014-06-26T04:00:00+01:00", Some("2014-06-26T03:00:00")),
        ] {
            let defined = definition("k", data_type).define(Some(text)).unwrap();
            assert_eq!((defined.value.as_deref(), defined.friendly_name.as_str()), (expected, "The k"), "{text}");
        }
        for (data_type, text) in [(Number, "twelve"), (Number, "0.1234567"), (DateTime, "26 June"), (DateTime, "12")] {
            assert_eq!(definition("k", data_type).define(Some(text)).unwrap_err().field, "Value", "{text}");
        }
        assert_eq!(definition("k", Number).define(None).unwrap().value, None);
    }

    #[test]
    fn every_wrong_value_is_named() {
        let definitions = [definition("a", DataType::Number), definition("b", DataType::String)];
        let field = |key: &str, value: &str| CustomField { key: key.to_owned(), value: Some(value.to_owned()) };
        let fields = [field("a", "x"), field("b", "x"), field("B", "x")];
        let mut problems = Problems::new();
        let defined = define_all(&definitions, &fields, "CustomFields", &mut problems);
        assert_eq!(defined.iter().map(|field| field.key.as_str()).collect::<Vec<_>>(), ["b"]);
        let found: Vec<_> = problems.into_result().unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(found, ["CustomFields[0].Value", "CustomFields[2].Key"]);
    }

    #[test]
    fn key_and_type_are_fixed() {
        let stored = definition("a", DataType::Number);
        let mut problems = Problems::new();
        let renamed = DefinitionFields { friendly_name: "Other".to_owned(), ..stored.fields.clone() };
        stored.check_update(&renamed, &mut problems);
        assert!(problems.is_empty());
        stored.check_update(&definition("b", DataType::String).fields, &mut problems);
        assert_eq!(problems.len(), 2);
    }
}
