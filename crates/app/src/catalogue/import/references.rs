//! What the ids of a file stand for.

use std::collections::HashMap;

use billing::problem::Problems;

/// A kind of thing that a file refers to, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Of {
    Product,
    Discount,
    Plan,
    Frequency,
    PlanProduct,
}

impl Of {
    fn name(self) -> &'static str {
        match self {
            Self::Product => "Product",
            Self::Discount => "Discount",
            Self::Plan => "Plan",
            Self::Frequency => "PlanFrequency",
            Self::PlanProduct => "PlanProduct",
        }
    }
}

/// What the ids of a file became; `None` for what went wrong, and was recorded where it did.
#[derive(Debug, Default)]
pub(super) struct References {
    stored: HashMap<(Of, i64), Option<i64>>,
}

impl References {
    /// Remembers what an id of the file became. A second thing under one id is a problem.
    pub(super) fn insert(&mut self, of: Of, file: Option<i64>, stored: Option<i64>, problems: &mut Problems) {
        let Some(file) = file else { return };
        if self.stored.insert((of, file), stored).is_some() {
            problems.push("Id", format!("Id {file} is in the file more than once."));
        }
    }

    /// What an id of the file became. An id that is nowhere in the file is a problem of `field`; one of something that
    /// went wrong is not, because that was recorded already.
    pub(super) fn resolve(&self, of: Of, file: i64, field: &str, problems: &mut Problems) -> Option<i64> {
        let stored = self.stored.get(&(of, file));
        if stored.is_none() {
            problems.push(field, format!("{} with id {file} is not in the file.", of.name()));
        }
        stored.copied().flatten()
    }
}
