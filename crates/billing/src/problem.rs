//! What is wrong with one field of a request, and the collector that reports all wrong fields at once.

use std::collections::BTreeSet;

/// One wrong field of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `PascalCase` path below the body, such as `Purchases[0].Quantity` or `Purchases[0]`; empty for the body itself.
    pub field: String,
    /// A sentence for the sender of the request.
    pub message: String,
}

impl Problem {
    /// A problem of `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// A mandatory field is absent, in the words of the original's model validation.
    pub fn required(field: impl Into<String>) -> Self {
        let field = field.into();
        let message = format!("The {} field is required.", last_name(&field));
        Self { field, message }
    }

    /// A text exceeds `length_max` characters, in the words of the original's model validation.
    pub fn too_long(field: impl Into<String>, length_max: usize) -> Self {
        let field = field.into();
        let message =
            format!("The field {} must be a string with a maximum length of {length_max}.", last_name(&field));
        Self { field, message }
    }
}

/// Collects the problems of one order, so that its sender hears of all of them in one answer.
///
/// An order is judged in steps: its members by themselves, then together, then by what is stored. A place that failed in
/// one step holds a placeholder in the next, so what later steps find there or below it is not recorded.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
    path: String,
    /// Places that failed in earlier steps.
    failed: BTreeSet<String>,
}

impl Problems {
    /// An empty collector at the body itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// The collector of the step after one that found these.
    pub fn after(found: Vec<Problem>) -> Self {
        let failed = found.iter().map(|problem| problem.field.clone()).collect();
        Self { found, path: String::new(), failed }
    }

    /// Records a problem of `field`, relative to the current path; an empty `field` means the current object itself.
    pub fn push(&mut self, field: &str, message: impl Into<String>) {
        self.record(Problem { field: join(&self.path, field), message: message.into() });
    }

    /// Records what a rule says about the current object, unless one of the members that it looks at failed in an earlier
    /// step.
    pub fn push_about(&mut self, members: &[&str], message: impl Into<String>) {
        if !members.iter().any(|member| self.has_failed(member)) {
            self.push("", message);
        }
    }

    /// Records that the mandatory `field` is absent.
    pub fn required(&mut self, field: &str) {
        self.record(Problem::required(join(&self.path, field)));
    }

    /// Records a text that is longer than `length_max` characters, when it is.
    pub fn check_length(&mut self, field: &str, text: &str, length_max: usize) {
        if text.chars().count() > length_max {
            self.record(Problem::too_long(join(&self.path, field), length_max));
        }
    }

    /// Keeps the value of a check, or records its problem relative to the current path.
    pub fn keep<T>(&mut self, checked: Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.push(&problem.field, problem.message)).ok()
    }

    fn record(&mut self, problem: Problem) {
        if !self.is_within_failed(&problem.field) {
            self.found.push(problem);
        }
    }

    /// Whether `field`, relative to the current path, or anything above or below it failed in an earlier step.
    pub fn has_failed(&self, field: &str) -> bool {
        let place = join(&self.path, field);
        let is_below = |separator: char| {
            let below = format!("{place}{separator}");
            self.failed.range(below.clone()..).next().is_some_and(|failed| failed.starts_with(&below))
        };
        if place.is_empty() {
            return !self.failed.is_empty();
        }
        self.is_within_failed(&place) || is_below('.') || is_below('[')
    }

    /// Whether a place, or anything above it, failed in an earlier step.
    fn is_within_failed(&self, place: &str) -> bool {
        let ends = place.match_indices(['.', '[']).map(|(end, _)| end);
        !self.failed.is_empty() && ends.chain([0, place.len()]).any(|end| self.failed.contains(&place[..end]))
    }

    /// Runs `check` with `part` (such as `CreditCard`) appended to the path of every problem it records.
    pub fn at<T>(&mut self, part: &str, check: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path = join(&self.path, part);
        let answer = check(self);
        self.path.truncate(length);
        answer
    }

    /// Runs `check` for one element of a list: `item("Purchases", 0, …)` is the path `Purchases[0]`.
    pub fn item<T>(&mut self, list: &str, index: usize, check: impl FnOnce(&mut Self) -> T) -> T {
        self.at(&format!("{list}[{index}]"), check)
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many were recorded.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Every problem in the order of recording.
    pub fn into_found(self) -> Vec<Problem> {
        self.found
    }

    /// `Ok` when nothing was recorded, else every problem in the order of recording.
    pub fn into_result(self) -> Result<(), Vec<Problem>> {
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() || field.is_empty() || field.starts_with('[') {
        format!("{path}{field}")
    } else {
        format!("{path}.{field}")
    }
}

fn last_name(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_nest_and_unwind() {
        let mut problems = Problems::new();
        problems.item("Purchases", 1, |problems| {
            problems.push("", "wrong as a whole");
            problems.required("Quantity");
            problems.item("Discounts", 0, |problems| problems.push("Amount", "negative"));
        });
        problems.push("", "no order");
        let fields: Vec<_> = problems.into_result().unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["Purchases[1]", "Purchases[1].Quantity", "Purchases[1].Discounts[0].Amount", ""]);
    }

    #[test]
    fn a_place_that_failed_is_not_judged_again() {
        let earlier = ["A.List[1].Amount", "B", "C[0]"].map(|field| Problem::new(field, "earlier"));
        let mut problems = Problems::after(earlier.to_vec());
        for (field, has_failed) in [
            ("", true),
            ("A", true),
            ("A.List", true),
            ("A.List[0]", false),
            ("A.List[1]", true),
            ("A.List[10]", false),
            ("A.List[1].Amount", true),
            ("A.List[1].Amounts", false),
            ("B.Below", true),
            ("B[0]", true),
            ("BB", false),
            ("C", true),
            ("C[0].Name", true),
            ("C[1]", false),
        ] {
            assert_eq!(problems.has_failed(field), has_failed, "{field}");
        }
        for field in ["A.List[1].Amount", "B", "B.Below", "B[0].Below", "C[0]"] {
            problems.push(field, "later");
        }
        problems.at("A", |problems| {
            problems.push_about(&["List"], "cannot be said");
            problems.push_about(&["Other"], "can be said");
            problems.item("List", 1, |problems| problems.push("Name", "beside"));
        });
        let found: Vec<_> = problems.into_result().unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(found, ["A.List[1].Amount", "B", "C[0]", "A", "A.List[1].Name"]);
        let mut problems = Problems::after(vec![Problem::new("", "not an object")]);
        problems.required("Name");
        assert_eq!(problems.into_result().unwrap_err().len(), 1);
    }

    #[test]
    fn texts_are_those_of_the_original() {
        assert_eq!(Problem::required("Purchases[0].Name").message, "The Name field is required.");
        assert_eq!(
            Problem::too_long("Name", 100).message,
            "The field Name must be a string with a maximum length of 100."
        );
    }

    #[test]
    fn length_counts_characters() {
        let mut problems = Problems::new();
        problems.check_length("Name", "äöü", 3);
        assert!(problems.is_empty());
        problems.check_length("Name", "äöüß", 3);
        assert!(problems.into_result().is_err());
    }

    #[test]
    fn a_kept_check_records_its_problem_below_the_path() {
        let mut problems = Problems::new();
        assert_eq!(problems.keep(Ok::<_, Problem>(7)), Some(7));
        let kept = problems.at("Address", |problems| problems.keep(Err::<i64, _>(Problem::required("City"))));
        assert_eq!(kept, None);
        assert_eq!(problems.into_result(), Err(vec![Problem::required("Address.City")]));
    }
}
