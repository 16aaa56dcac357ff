//! Where in a JSON text a member is.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// One step of a path.
enum Step<'p> {
    Member(&'p str),
    Index(usize),
}

/// A JSON text whose lists were taken apart once, so that thousands of problems are placed without reading it as often.
pub(super) struct Places<'t> {
    text: &'t str,
    /// Nothing for a text that is JSON only to a lenient reader.
    whole: Option<&'t RawValue>,
    lists: BTreeMap<String, (&'t RawValue, Vec<&'t RawValue>)>,
    /// Where each line but the first begins.
    line_starts: Vec<usize>,
}

impl<'t> Places<'t> {
    /// The places of a text.
    pub(super) fn of(text: &'t str) -> Self {
        let whole: Option<&RawValue> = serde_json::from_str(text).ok();
        let members: Option<BTreeMap<String, &RawValue>> =
            whole.and_then(|whole| serde_json::from_str(whole.get()).ok());
        let taken_apart = |(name, list): (String, &'t RawValue)| {
            let elements = serde_json::from_str(list.get()).unwrap_or_default();
            (name.to_ascii_lowercase(), (list, elements))
        };
        let lists = members.unwrap_or_default().into_iter().map(taken_apart).collect();
        let line_starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { text, whole, lists, line_starts }
    }

    /// The line, counted from 1, of the member at `path`, or of the innermost thing around it that is there. In a text
    /// that is JSON only to a lenient reader, that is the first line.
    pub(super) fn line(&self, path: &str) -> usize {
        let offset = self.offset(path).unwrap_or(0);
        self.line_starts.partition_point(|start| *start <= offset) + 1
    }

    fn offset(&self, path: &str) -> Option<usize> {
        let mut here = self.whole?;
        let mut elements: &[&RawValue] = &[];
        for (depth, step) in steps(path).enumerate() {
            let inner = match step {
                Step::Member(name) if depth == 0 => self.lists.get(&name.to_ascii_lowercase()).map(|(list, own)| {
                    elements = own;
                    *list
                }),
                Step::Index(index) if depth == 1 => elements.get(index).copied(),
                Step::Member(name) => member(here, name),
                Step::Index(index) => element(here, index),
            };
            let Some(inner) = inner else { break };
            here = inner;
        }
        // Raw values borrow from the text, so their addresses tell where in it they are.
        (here.get().as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)
    }
}

/// The first index in a path: `2` of `Products[2].Code`.
pub(super) fn first_index(path: &str) -> Option<usize> {
    steps(path).find_map(|step| match step {
        Step::Index(index) => Some(index),
        Step::Member(_) => None,
    })
}

fn member<'t>(object: &'t RawValue, name: &str) -> Option<&'t RawValue> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(object.get()).ok()?;
    members.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn element(list: &RawValue, index: usize) -> Option<&RawValue> {
    let elements: Vec<&RawValue> = serde_json::from_str(list.get()).ok()?;
    elements.get(index).copied()
}

/// `Plans[2].Name` is the member `Plans`, the element 2 and the member `Name`.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split(['.', '[']).filter(|part| !part.is_empty()).map(|part| {
        let index = part.strip_suffix(']').and_then(|index| index.parse().ok());
        index.map_or(Step::Member(part), Step::Index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_lines() {
        let text = "{\n \"plans\": [\n  {\"code\": \"A\"},\n  {\n   \"code\": \"B\",\n   \"x\": [1,\n 2]\n  }\n ]\n}";
        for (path, expected) in [
            ("", 1),
            ("Plans", 2),
            ("Plans[0]", 3),
            ("Plans[1].Code", 5),
            ("Plans[1].X[1]", 7),
            ("Plans[1].Missing.Deeper", 4),
            ("Plans[9]", 2),
        ] {
            assert_eq!(Places::of(text).line(path), expected, "{path}");
        }
        assert_eq!(Places::of("{plans: [\n{code: 'A'}]}").line("Plans[0]"), 1);
        assert_eq!((first_index("Products[12].A[3]"), first_index("Products")), (Some(12), None));
    }
}
