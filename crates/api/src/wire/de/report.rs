//! What a reading found wrong, and which values are read as null: empty texts that stand for it, and values of a wrong type.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, hash_map::Entry};
use std::fmt;

use billing::problem::Problem;
use serde::de;

use super::place::Place;
use crate::wire::json::Node;

/// How many problems one answer lists.
const PROBLEMS_MAX: usize = 100;

/// Why a type gave up on its value.
#[derive(Debug)]
pub(super) enum Fault {
    /// Something to report.
    Told(String),
    /// It is reported already.
    Reported,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(message) => f.write_str(message),
            Self::Reported => f.write_str("reported already"),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Told(message.to_string())
    }
}

/// Collects during one reading.
#[derive(Debug, Default)]
pub(super) struct Report {
    problems: RefCell<Vec<Problem>>,
    nulls: RefCell<HashMap<usize, Option<String>>>,
    has_new_nulls: Cell<bool>,
    members: Option<RefCell<MetMembers>>,
}

/// The members that the types of a reading came by. Two types may read one object, so a member is known when one of them
/// knows it.
#[derive(Debug)]
struct MetMembers {
    known: HashSet<usize>,
    unknown: Vec<(usize, Problem)>,
    is_spare: fn(&str, &str) -> bool,
}

impl Report {
    /// One that reports the members that no type knows, too, but for those that are spare.
    pub(super) fn of_every_member(is_spare: fn(&str, &str) -> bool) -> Self {
        let members = MetMembers { known: HashSet::new(), unknown: Vec::new(), is_spare };
        Self { members: Some(RefCell::new(members)), ..Self::default() }
    }

    /// Remembers a member that a type came by, when it matters who knows it.
    pub(super) fn meet(&self, place: Place<'_>, value: &Node<'_>, is_known: bool) {
        let Some(members) = &self.members else { return };
        let (mut members, name) = (members.borrow_mut(), place.member());
        if is_known {
            members.known.insert(address(value));
        } else if !(members.is_spare)(&place.kind_of_whole(), name) {
            let problem = Problem::new(place.path(), format!("There is no member {name}."));
            members.unknown.push((address(value), problem));
        }
    }

    /// Records that the value at `place` is wrong; `complaint` follows its name, as in `Quantity must be a number.`
    pub(super) fn push(&self, place: Place<'_>, complaint: &str) {
        self.push_sentence(place, format!("{} {complaint}", place.name()));
    }

    fn push_sentence(&self, place: Place<'_>, message: String) {
        let mut problems = self.problems.borrow_mut();
        let problem = Problem { field: place.path(), message };
        // Two types may read one value and find the same.
        if problems.len() < PROBLEMS_MAX && problems.last() != Some(&problem) {
            problems.push(problem);
        }
    }

    /// Records why the type at `place` gave up, unless a problem at or below that place already says so.
    pub(super) fn fault(&self, place: Place<'_>, fault: Fault) {
        let Fault::Told(message) = fault else { return };
        let path = place.path();
        if !self.problems.borrow().iter().any(|problem| problem.field.starts_with(&path)) {
            self.push_sentence(place, message);
        }
    }

    /// Remembers that this value is to be read as null, and the complaint about it if it is wrong.
    pub(super) fn mark_null(&self, node: &Node<'_>, complaint: Option<&str>) {
        let mut nulls = self.nulls.borrow_mut();
        if let Entry::Vacant(vacant) = nulls.entry(address(node)) {
            vacant.insert(complaint.map(str::to_owned));
            self.has_new_nulls.set(true);
        }
    }

    /// Whether this value is known to be read as null; a wrong one is reported.
    pub(super) fn is_null(&self, node: &Node<'_>, place: Place<'_>) -> bool {
        let nulls = self.nulls.borrow();
        let Some(complaint) = nulls.get(&address(node)) else { return false };
        if let Some(complaint) = complaint {
            self.push(place, complaint);
        }
        true
    }

    pub(super) fn has_new_nulls(&self) -> bool {
        self.has_new_nulls.get()
    }

    /// Forgets everything but what is read as null.
    pub(super) fn start_over(&mut self) {
        self.problems.get_mut().clear();
        self.has_new_nulls.set(false);
        if let Some(members) = &mut self.members {
            members.get_mut().unknown.clear();
        }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        if let Some(members) = self.members {
            let MetMembers { known, unknown, .. } = members.into_inner();
            let mut told = HashSet::new();
            let unknown = unknown.into_iter().filter(|(at, _)| !known.contains(at) && told.insert(*at));
            problems.extend(unknown.map(|(_, problem)| problem));
        }
        problems
    }
}

/// The tree is not moved while it is read, so an address names a node.
fn address(node: &Node<'_>) -> usize {
    std::ptr::from_ref(node).addr()
}
