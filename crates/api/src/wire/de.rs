//! From JSON to wire types, leniently: names match in any case, scalars convert, unknown members are ignored, and every
//! member of a wrong type is reported with its path. [`parse_all`] reports unknown members, too.
//!
//! Input types derive `Deserialize` with `#[serde(rename_all = "camelCase", default)]` and `Option` members. `null` is
//! the same as absent, and so is `""` for an optional member that is not a text; [`super::shape::Maybe`] tells them apart.
//! `#[serde(flatten)]` is not supported, because it hides the names to match: [`super::shape::Both`] stands for it.

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
    pub(in crate::wire) const DAY: &str = "$billfold::Day";
    pub(in crate::wire) const BOTH: &str = "$billfold::Both";
    pub(in crate::wire) const RAW: &str = "$billfold::Raw";
    pub(in crate::wire) const ORDINAL: &str = "$billfold::Ordinal";
    pub(in crate::wire) const ONE_OR_MANY: &str = "$billfold::OneOrMany";
}

/// Reads a request body. An empty body is `{}`; a text that is not JSON is one problem of the body itself.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, Vec<Problem>> {
    whole(read_slice(body, Report::default()))
}

/// Reads a request body and goes on to what it means: `parse` sees placeholders where members had the wrong type, so that
/// the problems of both steps are reported at once. Of two problems of one member the first stands.
pub fn parse_slice<T: DeserializeOwned, O>(
    body: &[u8],
    parse: impl FnOnce(T) -> Result<O, Vec<Problem>>,
) -> Result<O, Vec<Problem>> {
    parse_read(read_slice(body, Report::default()), parse)
}

/// The same for a text of which nothing may be lost: a member that no type reads is a problem, unless `is_spare` of the
/// path of its object, without indices, and its name.
pub fn parse_all<T: DeserializeOwned, O>(
    body: &[u8],
    is_spare: fn(&str, &str) -> bool,
    parse: impl FnOnce(T) -> Result<O, Vec<Problem>>,
) -> Result<O, Vec<Problem>> {
    parse_read(read_slice(body, Report::of_every_member(is_spare)), parse)
}

fn parse_read<T, O>(
    (request, mut problems): (Option<T>, Vec<Problem>),
    parse: impl FnOnce(T) -> Result<O, Vec<Problem>>,
) -> Result<O, Vec<Problem>> {
    let Some(parsed) = request.map(parse) else { return Err(problems) };
    let later = match parsed {
        Ok(order) if problems.is_empty() => return Ok(order),
        Ok(_) => Vec::new(),
        Err(later) => later,
    };
    let is_new = |problem: &Problem| problems.iter().all(|earlier| earlier.field != problem.field);
    let later: Vec<_> = later.into_iter().filter(is_new).collect();
    problems.extend(later);
    Err(problems)
}

fn whole<T>((value, problems): (Option<T>, Vec<Problem>)) -> Result<T, Vec<Problem>> {
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        Some(_) | None => Err(problems),
    }
}

fn read_slice<T: DeserializeOwned>(body: &[u8], report: Report) -> (Option<T>, Vec<Problem>) {
    match json::parse(body) {
        Ok(Some(node)) => read(&node, report),
        Ok(None) => read(&Node::Object(Vec::new()), report),
        Err(error) => (None, vec![Problem::new("", error.to_string())]),
    }
}

/// The value, with placeholders for members of the wrong type, and what was wrong; no value without a problem.
fn read<T: DeserializeOwned>(node: &Node<'_>, mut report: Report) -> (Option<T>, Vec<Problem>) {
    let place = Place::Root;
    loop {
        let outcome = T::deserialize(Reader::new(node, place, &report));
        // An empty text turned out to stand for null. Whether it does is known only when the type has asked for its
        // value, too late to answer "none", so the tree is read once more with that knowledge.
        if report.has_new_blanks() {
            report.start_over();
            continue;
        }
        let value = outcome.map_err(|fault| report.fault(place, fault)).ok();
        return (value, report.into_problems());
    }
}

#[cfg(test)]
mod tests;
