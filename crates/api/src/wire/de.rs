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

use billing::problem::{Problem, Problems};
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

/// Reads a request body and goes on to what it means: `parse` sees nothing where members had the wrong type, so that the
/// problems of both steps are reported at once. Where the first step found one, the second finds none.
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

/// Like [`parse_slice`] for an order that others judge on: what was meant, as far as it can be told, and what is wrong so
/// far. Where there is a problem, the order holds a placeholder.
pub fn judge_slice<T: DeserializeOwned, O>(
    body: &[u8],
    judge: impl FnOnce(T, &mut Problems) -> O,
) -> Result<(O, Vec<Problem>), Vec<Problem>> {
    judge_read(read_slice(body, Report::default()), judge)
}

fn parse_read<T, O>(
    read: (Option<T>, Vec<Problem>),
    parse: impl FnOnce(T) -> Result<O, Vec<Problem>>,
) -> Result<O, Vec<Problem>> {
    let (order, problems) = judge_read(read, |request, problems| match parse(request) {
        Ok(order) => Some(order),
        Err(later) => {
            for problem in later {
                problems.push(&problem.field, problem.message);
            }
            None
        }
    })?;
    match order {
        Some(order) if problems.is_empty() => Ok(order),
        Some(_) | None => Err(problems),
    }
}

fn judge_read<T, O>(
    (request, problems): (Option<T>, Vec<Problem>),
    judge: impl FnOnce(T, &mut Problems) -> O,
) -> Result<(O, Vec<Problem>), Vec<Problem>> {
    let Some(request) = request else { return Err(problems) };
    let mut problems = Problems::after(problems);
    let order = judge(request, &mut problems);
    Ok((order, problems.into_found()))
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

/// The value, without members of the wrong type, and what was wrong; no value without a problem.
fn read<T: DeserializeOwned>(node: &Node<'_>, mut report: Report) -> (Option<T>, Vec<Problem>) {
    let place = Place::Root;
    loop {
        let outcome = T::deserialize(Reader::new(node, place, &report));
        // A value turned out to be read as null. Whether it is, is known only when the type has asked for it, too late to
        // answer "none", so the tree is read once more with that knowledge.
        if report.has_new_nulls() {
            report.start_over();
            continue;
        }
        let value = outcome.map_err(|fault| report.fault(place, fault)).ok();
        return (value, report.into_problems());
    }
}

#[cfg(test)]
mod tests;
