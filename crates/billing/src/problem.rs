//! What is wrong with one field of a request, and the collector that reports all wrong fields at once.

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
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
    path: String,
}

impl Problems {
    /// An empty collector at the body itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a problem of `field`, relative to the current path; an empty `field` means the current object itself.
    pub fn push(&mut self, field: &str, message: impl Into<String>) {
        self.found.push(Problem { field: join(&self.path, field), message: message.into() });
    }

    /// Records that the mandatory `field` is absent.
    pub fn required(&mut self, field: &str) {
        self.found.push(Problem::required(join(&self.path, field)));
    }

    /// Records a text that is longer than `length_max` characters, when it is.
    pub fn check_length(&mut self, field: &str, text: &str, length_max: usize) {
        if text.chars().count() > length_max {
            self.found.push(Problem::too_long(join(&self.path, field), length_max));
        }
    }

    /// Keeps the value of a check, or records its problem relative to the current path.
    pub fn keep<T>(&mut self, checked: Result<T, Problem>) -> Option<T> {
        checked
            .map_err(|problem| {
                self.found.push(Problem { field: join(&self.path, &problem.field), message: problem.message });
            })
            .ok()
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
