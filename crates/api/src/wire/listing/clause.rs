//! The `query` parameter: `name:value;name:value`, where a value may be a pattern, a set or a range.

use billing::listing::{Clause, Condition, Field, Kind, Operand};
use billing::problem::Problem;
use calendar::Instant;
use money::Amount;

use super::{find, list_of};
use crate::wire::query::{boolean, one_of};

/// How many clauses one query may have.
const CLAUSES_MAX: usize = 100;

/// How many members one set may have.
const SET_MAX: usize = 1_000;

/// Reads the clauses; what is wrong with any of them goes to `problems`.
pub(super) fn parse(query: &str, fields: &[Field], problems: &mut Vec<Problem>) -> Vec<Clause> {
    let mut clauses = Vec::new();
    for (index, text) in query.split(';').filter(|text| !text.trim().is_empty()).enumerate() {
        if index == CLAUSES_MAX {
            problems.push(Problem::new("query", format!("A query may have at most {CLAUSES_MAX} clauses.")));
            break;
        }
        match clause(text, fields) {
            Ok(clause) => clauses.extend(clause),
            Err(message) => problems.push(Problem::new("query", message)),
        }
    }
    clauses
}

/// One clause; a range with both ends open restricts nothing and is no clause.
fn clause(text: &str, fields: &[Field]) -> Result<Option<Clause>, String> {
    let Some((name, value)) = text.split_once(':') else {
        return Err(format!("The clause '{text}' has no ':' between a name and a value."));
    };
    let Some(field) = find(fields, name.trim()) else {
        let (name, known) = (name.trim(), list_of(fields));
        return Err(format!("This list cannot be filtered by '{name}'. It can be by {known}."));
    };
    of(field, value)
}

/// What a field is to be.
pub(super) fn of(field: Field, value: &str) -> Result<Option<Clause>, String> {
    let condition = condition(field, value)?;
    Ok(condition.map(|condition| Clause { field: field.name, condition }))
}

fn condition(field: Field, value: &str) -> Result<Option<Condition>, String> {
    if value.trim().eq_ignore_ascii_case("[empty]") {
        return Ok(Some(Condition::Empty));
    }
    match field.kind {
        Kind::Text => Ok(Some(text(value))),
        Kind::Enum(_) => set(field, value).map(Some),
        Kind::Integer | Kind::Id if !value.contains('|') => set(field, value).map(Some),
        Kind::Integer | Kind::Id | Kind::Decimal | Kind::Instant => range(field, value),
        Kind::Boolean => Ok(Some(Condition::Equals(operand(field, value)?))),
    }
}

fn text(value: &str) -> Condition {
    if value.contains('*') {
        Condition::Like(value.split('*').map(str::to_owned).collect())
    } else {
        Condition::Equals(Operand::Text(value.to_owned()))
    }
}

/// `Active` or `Active,Draft`.
fn set(field: Field, value: &str) -> Result<Condition, String> {
    let mut operands = value.split(',').map(|member| operand(field, member)).collect::<Result<Vec<_>, _>>()?;
    match operands.len() {
        1 => Ok(Condition::Equals(operands.remove(0))),
        2..=SET_MAX => Ok(Condition::In(operands)),
        _ => Err(format!("A set of {} may have at most {SET_MAX} members.", field.name)),
    }
}

/// `50.00`, `50.00|180.00`, `50.00|` or `|180.00`; nothing for `|`.
fn range(field: Field, value: &str) -> Result<Option<Condition>, String> {
    let Some((from, to)) = value.split_once('|') else {
        return operand(field, value).map(Condition::Equals).map(Some);
    };
    let end = |text: &str| if text.trim().is_empty() { Ok(None) } else { operand(field, text).map(Some) };
    let (from, to) = (end(from)?, end(to)?);
    Ok((from.is_some() || to.is_some()).then_some(Condition::Range { from, to }))
}

fn operand(field: Field, text: &str) -> Result<Operand, String> {
    let text = text.trim();
    let (operand, wanted) = match field.kind {
        Kind::Text => (Some(Operand::Text(text.to_owned())), "a text".to_owned()),
        Kind::Integer | Kind::Id => (text.parse().ok().map(Operand::Integer), "a whole number".to_owned()),
        Kind::Decimal => {
            let number = Amount::parse(text).ok().map(|number| Operand::Millionths(number.millionths()));
            (number, "a number with at most six decimal places".to_owned())
        }
        Kind::Instant => (
            Instant::parse(text).ok().map(Operand::Instant),
            "a date such as 2024-01-31, or a date and time such as 2024-01-31T14:30:00".to_owned(),
        ),
        Kind::Boolean => (boolean(text).map(Operand::Boolean), "true or false".to_owned()),
        Kind::Enum(names) => {
            (one_of(text, names).map(|name| Operand::Text(name.to_owned())), format!("one of {}", names.join(", ")))
        }
    };
    operand.ok_or_else(|| format!("'{text}' is not valid for {}, which must be {wanted}.", field.name))
}
