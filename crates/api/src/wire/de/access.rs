//! Walks over the members of objects and the elements of lists.

use std::borrow::Cow;
use std::iter::Enumerate;
use std::slice;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use super::place::Place;
use super::reader::Reader;
use super::report::{Fault, Report};
use crate::wire::json::Node;

/// The members of an object that a type has fields for, under the type's spelling of their names.
pub(super) struct Fields<'de, 'p> {
    values: Enumerate<std::vec::IntoIter<Option<&'de Node<'de>>>>,
    names: &'static [&'static str],
    current: Option<(&'static str, &'de Node<'de>)>,
    place: &'p Place<'p>,
    report: &'p Report,
}

impl<'de, 'p> Fields<'de, 'p> {
    pub(super) fn new(
        members: &'de [(Cow<'de, str>, Node<'de>)],
        names: &'static [&'static str],
        place: &'p Place<'p>,
        report: &'p Report,
    ) -> Self {
        let mut values = vec![None; names.len()];
        for (name, value) in members {
            let field = field_index(names, name);
            report.meet(Place::Member(place, name), value, field.is_some());
            if let Some(field) = field {
                // When a name is repeated in other cases, the last value wins.
                values[field] = Some(value);
            }
        }
        Self { values: values.into_iter().enumerate(), names, current: None, place, report }
    }
}

fn field_index(names: &[&str], name: &str) -> Option<usize> {
    let exact = names.iter().position(|field| *field == name);
    exact.or_else(|| names.iter().position(|field| field.eq_ignore_ascii_case(name)))
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let present = self.values.find_map(|(field, value)| Some((self.names[field], value?)));
        self.current = present;
        present.map(|(name, _)| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((name, value)) = self.current.take() else { return Err(out_of_turn()) };
        read(value, Place::Member(self.place, name), self.report, seed)
    }
}

/// The members of an object under their own names.
pub(super) struct Members<'de, 'p> {
    pub(super) rest: slice::Iter<'de, (Cow<'de, str>, Node<'de>)>,
    pub(super) current: Option<&'de (Cow<'de, str>, Node<'de>)>,
    pub(super) place: &'p Place<'p>,
    pub(super) report: &'p Report,
}

impl<'de> MapAccess<'de> for Members<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.current = self.rest.next();
        let name = self.current.map(|(name, _)| name.as_ref());
        name.map(|name| seed.deserialize(as_key(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((name, value)) = self.current.take() else { return Err(out_of_turn()) };
        read(value, Place::Member(self.place, name), self.report, seed)
    }
}

fn as_key(name: &str) -> StrDeserializer<'_, Fault> {
    name.into_deserializer()
}

/// The elements of a list.
pub(super) struct Elements<'de, 'p> {
    pub(super) rest: Enumerate<slice::Iter<'de, Node<'de>>>,
    /// A single value in the place of a list: its path has no index.
    pub(super) is_single: bool,
    pub(super) place: &'p Place<'p>,
    pub(super) report: &'p Report,
}

impl<'de> SeqAccess<'de> for Elements<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((index, element)) = self.rest.next() else { return Ok(None) };
        let place = if self.is_single { *self.place } else { Place::Element(self.place, index) };
        read(element, place, self.report, seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// One value again and again, for one type after the other.
pub(super) struct Readings<'de, 'p>(pub(super) Reader<'de, 'p>);

impl<'de> SeqAccess<'de> for Readings<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        seed.deserialize(self.0).map(Some)
    }
}

/// Reads one inner value; when its type gives up, says so where it stands.
fn read<'de, T: DeserializeSeed<'de>>(
    node: &'de Node<'de>,
    place: Place<'_>,
    report: &Report,
    seed: T,
) -> Result<T::Value, Fault> {
    seed.deserialize(Reader::new(node, place, report)).map_err(|fault| {
        report.fault(place, fault);
        Fault::Reported
    })
}

fn out_of_turn() -> Fault {
    Fault::Told("a value was asked for before its name".to_owned())
}
