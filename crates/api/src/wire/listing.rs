//! Lists: the parameters `query`, `quickSearch`, `pageNumber`, `pageSize`, `sortExpression` and `sortOrder` of a request, and the nine
//! headers of its answer.

mod clause;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use billing::listing::{Clause, Direction, Field, ID, PAGE_SIZE_MAX, Page, Slice, Sort};
use billing::problem::Problem;

use super::error::ErrorBody;
use super::query::Query;

/// Reads which page of a list with these fields is wanted; wrong parameters are an error 400 that names all of them.
///
/// A parameter of its own with the name of a filter is one: whoever asks for the credit notes of an invoice is not shown all
/// of them. So one that is neither a filter nor `known` is refused, unless it begins with `_`, as what keeps a browser from
/// answering out of its cache does. A page size above [`PAGE_SIZE_MAX`] is lowered to it.
pub fn page(query: &Query, fields: &[Field], known: &[&str]) -> Result<Page, ErrorBody> {
    let mut problems = Vec::new();
    let mut conditions = clause::parse(query.text("query").unwrap_or_default(), fields, &mut problems);
    conditions.extend(plain(query, fields, known, &mut problems));
    problems.extend(unknown(query, fields, known));
    let page = Page {
        conditions,
        search: query.text("quickSearch").map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned),
        sort: Sort {
            field: kept(sort_field(query, fields), &mut problems).unwrap_or(ID),
            direction: kept(direction(query), &mut problems).unwrap_or(Direction::Ascending),
        },
        number: kept(at_least(query, "pageNumber", 0), &mut problems).unwrap_or(0),
        size: kept(at_least(query, "pageSize", 1), &mut problems).unwrap_or(PAGE_SIZE_MAX).min(PAGE_SIZE_MAX),
    };
    if problems.is_empty() { Ok(page) } else { Err(ErrorBody::invalid_query(problems)) }
}

/// The filters that are parameters of their own; an empty one is absent, and what means something else to the call is none.
fn plain(query: &Query, fields: &[Field], known: &[&str], problems: &mut Vec<Problem>) -> Vec<Clause> {
    let mut clauses = Vec::new();
    for field in fields.iter().filter(|field| !known.iter().any(|known| known.eq_ignore_ascii_case(field.name))) {
        let Some(value) = query.text(field.name).filter(|value| !value.trim().is_empty()) else { continue };
        match clause::of(*field, value) {
            Ok(clause) => clauses.extend(clause),
            Err(message) => problems.push(Problem::new(field.name, message)),
        }
    }
    clauses
}

/// The parameters that would change nothing, although somebody meant them to.
fn unknown(query: &Query, fields: &[Field], known: &[&str]) -> Vec<Problem> {
    let names: Vec<&str> = known.iter().copied().chain(fields.iter().map(|field| field.name)).collect();
    let others = query.others(&names).filter(|name| !name.is_empty() && !name.starts_with('_'));
    let problem = |name| {
        Problem::new(name, format!("This list knows no parameter '{name}'. It is filtered by {}.", list_of(fields)))
    };
    others.map(problem).collect()
}

fn kept<T>(read: Result<Option<T>, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    read.unwrap_or_else(|problem| {
        problems.push(problem);
        None
    })
}

fn at_least(query: &Query, name: &str, least: i64) -> Result<Option<i64>, Problem> {
    let complaint = || Problem::new(name, format!("{name} must be a whole number of at least {least}."));
    match query.integer(name) {
        Ok(Some(number)) if number < least => Err(complaint()),
        read => read.map_err(|_| complaint()),
    }
}

fn direction(query: &Query) -> Result<Option<Direction>, Problem> {
    let name = query.one_of("sortOrder", &[Direction::Ascending.name(), Direction::Descending.name()])?;
    Ok(name.map(|name| if name == Direction::Descending.name() { Direction::Descending } else { Direction::Ascending }))
}

fn sort_field(query: &Query, fields: &[Field]) -> Result<Option<&'static str>, Problem> {
    let Some(name) = query.text("sortExpression").map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    if name.eq_ignore_ascii_case(ID) {
        return Ok(Some(ID));
    }
    let unknown = || {
        let text = format!("This list cannot be sorted by '{name}'. It can be by {}.", list_of(fields));
        Problem::new("sortExpression", text)
    };
    find(fields, name).map(|field| Some(field.name)).ok_or_else(unknown)
}

/// What a list is filtered and sorted by.
fn list_of(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

fn find(fields: &[Field], name: &str) -> Option<Field> {
    fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).copied()
}

/// The paging headers of an answer; clients take them for the mark of a list, so nothing else may carry them.
pub fn headers<T>(page: &Page, slice: &Slice<T>) -> HeaderMap {
    let last = slice.last_page(page.size);
    let next = if page.number < last { page.number + 1 } else { -1 };
    let numbers = [
        ("x-count", slice.matching),
        ("x-maxcount", slice.total),
        ("x-currentpage", page.number),
        ("x-nextpage", next),
        ("x-previouspage", page.number - 1),
        ("x-pagesize", page.size),
        ("x-maxpageindex", last),
    ];
    let texts = [("x-sortorder", page.sort.direction.name()), ("x-sortexpression", page.sort.field)];
    let numbers = numbers.map(|(name, number)| (HeaderName::from_static(name), HeaderValue::from(number)));
    let texts = texts.map(|(name, text)| (HeaderName::from_static(name), HeaderValue::from_static(text)));
    numbers.into_iter().chain(texts).collect()
}

#[cfg(test)]
mod tests;
