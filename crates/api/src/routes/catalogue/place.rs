//! Where in a JSON text a member is.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// One step of a path.
enum Step<'p> {
    Member(&'p str),
    Index(usize),
}

/// The line, counted from 1, of the member at `path`, or of the innermost thing around it that is there. In a text that
/// is JSON only to a lenient reader, that is the first line.
pub(super) fn line(text: &str, path: &str) -> usize {
    let offset = offset(text, path).unwrap_or(0);
    text[..offset].matches('\n').count() + 1
}

/// The first index in a path: `2` of `Products[2].Code`.
pub(super) fn first_index(path: &str) -> Option<usize> {
    steps(path).find_map(|step| match step {
        Step::Index(index) => Some(index),
        Step::Member(_) => None,
    })
}

fn offset(text: &str, path: &str) -> Option<usize> {
    let mut here: &RawValue = serde_json::from_str(text).ok()?;
    for step in steps(path) {
        let inner = match step {
            Step::Member(name) => member(here, name),
            Step::Index(index) => element(here, index),
        };
        let Some(inner) = inner else { break };
        here = inner;
    }
    // Raw values borrow from the text, so their addresses tell where in it they are.
    (here.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)
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
            assert_eq!(line(text, path), expected, "{path}");
        }
        assert_eq!(line("{plans: [\n{code: 'A'}]}", "Plans[0]"), 1);
        assert_eq!((first_index("Products[12].A[3]"), first_index("Products")), (Some(12), None));
    }
}
