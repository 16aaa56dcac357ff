//! Records of imports: objects of scalars, as the rows of a file become.

use app::bulk::Cells;
use billing::problem::{Problem, Problems};

use crate::wire::json::{self, Node};

/// The members by their names, their values as texts; those that are null or blank are as if they were not there.
pub(super) fn parse(text: &[u8]) -> Result<Cells, Vec<Problem>> {
    let node = json::parse(text).map_err(|error| vec![Problem::new("", error.to_string())])?;
    let Some(Node::Object(members)) = node else {
        return Err(vec![Problem::new("", "The record is not an object.")]);
    };
    let mut problems = Problems::new();
    let mut cells = Vec::with_capacity(members.len());
    for (name, node) in members {
        let value = match node {
            Node::Null => continue,
            Node::Boolean(value) => value.to_string(),
            Node::Number(text) => text.to_owned(),
            Node::Text(text) => text.trim().to_owned(),
            Node::List(_) | Node::Object(_) => {
                problems.push(&name, format!("{name} must be a text or a number."));
                continue;
            }
        };
        if !value.is_empty() {
            cells.push((name.into_owned(), value));
        }
    }
    problems.into_result()?;
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_texts_and_blanks_are_nothing() {
        let cells = parse(br#"{"A":" x ","B":1.50,"C":true,"D":null,"E":"  ","F":"\u00fc"}"#).unwrap();
        let cells: Vec<_> = cells.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(cells, [("A", "x"), ("B", "1.50"), ("C", "true"), ("F", "ü")]);
    }

    #[test]
    fn whatever_is_no_row_says_why() {
        let told = |text: &str| {
            let problems = parse(text.as_bytes()).unwrap_err();
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        assert_eq!(told("7"), ["The record is not an object."]);
        assert_eq!(told(""), ["The record is not an object."]);
        assert_eq!(told(r#"{"A":[],"B":{}}"#), ["A must be a text or a number.", "B must be a text or a number."]);
        assert!(told("{")[0].starts_with("The body is not JSON"));
    }
}
