//! From JSON to wire types, leniently: names match in any case, scalars convert, unknown members are ignored, and every
//! member of a wrong type is reported with its path.
//!
//! Input types derive `Deserialize` with `#[serde(rename_all = "camelCase", default)]` and `Option` members. `null` is
//! the same as absent, and so is `""` for an optional member that is not a text. `#[serde(flatten)]` is not supported:
//! it hides the names to match.

mod access;
mod place;
mod reader;
mod report;

use billing::problem::Problem;
use serde::de::DeserializeOwned;

use super::json::{self, Node};
use place::Place;
use reader::Reader;
use report::Report;

/// Names that our own wire types announce themselves by, so that the reader can parse for them.
pub(super) mod special {
    pub(in crate::wire) const DECIMAL: &str = "$billfold::Decimal";
    pub(in crate::wire) const TIMESTAMP: &str = "$billfold::Timestamp";
    pub(in crate::wire) const RAW: &str = "$billfold::Raw";
    pub(in crate::wire) const ORDINAL: &str = "$billfold::Ordinal";
    pub(in crate::wire) const ONE_OR_MANY: &str = "$billfold::OneOrMany";
}

/// Reads a request body. An empty body is `{}`; a text that is not JSON is one problem of the body itself.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, Vec<Problem>> {
    match json::parse(body) {
        Ok(Some(node)) => from_node(&node, ""),
        Ok(None) => from_node(&Node::Object(Vec::new()), ""),
        Err(error) => Err(vec![Problem::new("", error.to_string())]),
    }
}

/// Reads one value; the paths of its problems begin with `prefix`, which may be empty.
pub fn from_node<T: DeserializeOwned>(node: &Node<'_>, prefix: &str) -> Result<T, Vec<Problem>> {
    let place = Place::Root(prefix);
    let mut report = Report::default();
    loop {
        let outcome = T::deserialize(Reader::new(node, place, &report));
        // An empty text turned out to stand for null. Whether it does is known only when the type has asked for its
        // value, too late to answer "none", so the tree is read once more with that knowledge.
        if report.has_new_blanks() {
            report.start_over();
            continue;
        }
        return match outcome {
            Ok(value) => report.into_result().map(|()| value),
            Err(fault) => {
                report.fault(place, fault);
                Err(report.into_problems())
            }
        };
    }
}

#[cfg(test)]
mod tests;
