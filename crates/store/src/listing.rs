//! Pages of filtered and ordered rows, for every list of the interface. The caller's values travel as parameters only;
//! the text of a statement is made of what the program itself says.

use billing::listing::{Clause, Condition, Direction, Field, ID, Kind, Operand, Page, Slice};
use db::{Error, Millis, Row, Tx, Value};

/// A field that a list may be filtered and sorted by, and the SQL expression for it.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name and kind on the wire.
    pub field: Field,
    /// An expression over the tables of [`Source::from`].
    pub sql: &'static str,
    /// Whether [`Page::search`] looks here.
    pub is_searched: bool,
    /// Of which rows the expression is taken, when a row of the list has any number of them: tables, and what ties them to
    /// it. One that matches is enough, and the least of them sorts.
    pub among: Option<&'static str>,
}

/// A text that a list can be filtered by and that no row has yet.
pub(crate) const NO_TEXT: &str = "CAST(NULL AS TEXT)";
/// A whole number that a list can be filtered by and that no row has yet.
pub(crate) const NO_NUMBER: &str = "CAST(NULL AS BIGINT)";

impl AsRef<Field> for Column {
    fn as_ref(&self) -> &Field {
        &self.field
    }
}

/// A column of this wire name and kind.
pub const fn column(name: &'static str, kind: Kind, sql: &'static str) -> Column {
    Column { field: Field { name, kind }, sql, is_searched: false, among: None }
}

/// A column of which a row of the list has any number of values: `sql` of each of the rows `among`.
pub const fn column_of_any(name: &'static str, kind: Kind, sql: &'static str, among: &'static str) -> Column {
    Column { among: Some(among), ..column(name, kind, sql) }
}

/// A column in which [`Page::search`] looks: a text for what it contains, a number for what it is.
pub const fn searched(name: &'static str, kind: Kind, sql: &'static str) -> Column {
    Column { field: Field { name, kind }, sql, is_searched: true, among: None }
}

/// Several lists of columns as one; `N` is the sum of their lengths.
pub(crate) const fn joined<const N: usize>(lists: &[&[Column]]) -> [Column; N] {
    let mut columns = [lists[0][0]; N];
    let (mut next, mut list) = (0, 0);
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            columns[next] = lists[list][index];
            next += 1;
            index += 1;
        }
        list += 1;
    }
    assert!(next == N, "N is the sum of the lengths");
    columns
}

/// Where the rows of a list come from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The expressions that the rows are made of.
    pub select: &'static str,
    /// Tables and joins.
    pub from: &'static str,
    /// Whose rows: a condition over `$1` and following, such as `p.account_id = $1 AND p.customer_id = $2`.
    pub scope: &'static str,
    /// The expression that breaks ties, unique within the scope.
    pub id: &'static str,
    /// What the caller may filter and sort by.
    pub columns: &'static [Column],
}

/// One page of the rows of `source`. A field of `page` that is no column of it is [`Error::Value`].
pub fn list<T>(
    tx: &mut Tx<'_>,
    source: &Source,
    scope_values: &[Value<'_>],
    page: &Page,
    map: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Slice<T>, Error> {
    let mut filter = Filter { sql: source.scope.to_owned(), values: scope_values.to_vec() };
    for clause in &page.conditions {
        filter.restrict(source, clause)?;
    }
    if let Some(search) = &page.search {
        filter.search(source, search);
    }
    let rows = rows(tx, source, &filter, page, map)?;
    let matching = match seen_all(page, rows.len()) {
        Some(matching) => matching,
        None => count(tx, source, &filter.sql, &filter.values)?,
    };
    let total = if page.is_whole() { matching } else { count(tx, source, source.scope, scope_values)? };
    Ok(Slice { rows, matching, total })
}

fn rows<T>(
    tx: &mut Tx<'_>,
    source: &Source,
    filter: &Filter<'_>,
    page: &Page,
    map: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let Source { select, from, .. } = source;
    let (filter_sql, order) = (&filter.sql, order(source, page)?);
    let mut values = filter.values.clone();
    let (limit, offset) = (values.len() + 1, values.len() + 2);
    values.extend([Value::Integer(page.size), Value::Integer(page.offset())]);
    let sql =
        format!("SELECT {select} FROM {from} WHERE {filter_sql} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}");
    tx.query(&sql, &values, map)
}

/// How many rows match, when a page that is not full shows it without counting.
fn seen_all(page: &Page, rows: usize) -> Option<i64> {
    let rows = i64::try_from(rows).ok()?;
    let is_last = rows < page.size && (rows > 0 || page.number == 0);
    is_last.then(|| page.offset() + rows)
}

fn count(tx: &mut Tx<'_>, source: &Source, filter: &str, values: &[Value<'_>]) -> Result<i64, Error> {
    tx.scalar(&format!("SELECT COUNT(*) FROM {} WHERE {filter}", source.from), values)
}

/// The order of the rows. The databases disagree on where NULL belongs and in which order letters come, so both are said.
/// Nothing is said of an id, which is never NULL: an index would not be used for it any more.
fn order(source: &Source, page: &Page) -> Result<String, Error> {
    let Source { id, .. } = source;
    let (id_direction, direction) = match page.sort.direction {
        Direction::Ascending => ("ASC", "ASC NULLS FIRST"),
        Direction::Descending => ("DESC", "DESC NULLS LAST"),
    };
    if page.sort.field == ID {
        return Ok(format!("{id} {id_direction}"));
    }
    let Column { field, sql, among, .. } = find(source, page.sort.field)?;
    let value = match field.kind {
        Kind::Text => format!(r#"LOWER({sql}) COLLATE "C""#),
        Kind::Integer | Kind::Decimal | Kind::Instant | Kind::Boolean | Kind::Enum(_) | Kind::Id => sql.to_owned(),
    };
    Ok(match among {
        Some(among) => format!("(SELECT MIN({value}) FROM {among}) {direction}, {id}"),
        None => format!("{value} {direction}, {id}"),
    })
}

fn find(source: &Source, name: &str) -> Result<Column, Error> {
    let found = source.columns.iter().find(|column| column.field.name == name);
    found.copied().ok_or_else(|| Error::Value(format!("{name} is not a column of this list")))
}

/// A condition over parameters, and their values.
struct Filter<'v> {
    sql: String,
    values: Vec<Value<'v>>,
}

impl<'v> Filter<'v> {
    fn restrict(&mut self, source: &Source, clause: &'v Clause) -> Result<(), Error> {
        let column = find(source, clause.field)?;
        match column.among {
            None => self.restrict_one(column, &clause.condition),
            Some(among) if clause.condition == Condition::Empty => {
                self.and(&format!("NOT EXISTS (SELECT 1 FROM {among})"));
            }
            Some(among) => {
                self.and(&format!("EXISTS (SELECT 1 FROM {among}"));
                self.restrict_one(column, &clause.condition);
                self.sql.push(')');
            }
        }
        Ok(())
    }

    fn restrict_one(&mut self, Column { field, sql, .. }: Column, condition: &'v Condition) {
        match condition {
            Condition::Equals(operand) if field.kind == Kind::Text => {
                let text = self.parameter(value(operand));
                // Both sides by the same function, so that both databases fold case in their one way.
                self.and(&format!("LOWER({sql}) = LOWER({text})"));
            }
            Condition::Equals(operand) => self.compare(sql, "=", operand),
            Condition::Like(pieces) => {
                let pattern = self.parameter(Value::from(like_pattern(pieces)));
                self.and(&format!(r"LOWER({sql}) LIKE LOWER({pattern}) ESCAPE '\'"));
            }
            Condition::Empty if field.kind == Kind::Text => self.and(&format!("({sql} IS NULL OR {sql} = '')")),
            Condition::Empty => self.and(&format!("{sql} IS NULL")),
            Condition::In(operands) => self.within(sql, operands),
            Condition::Range { from, to } => {
                if let Some(from) = from {
                    self.compare(sql, ">=", from);
                }
                if let Some(to) = to {
                    self.compare(sql, if field.kind == Kind::Instant { "<" } else { "<=" }, to);
                }
            }
        }
    }

    /// Any searched text contains the words, or any searched number is the one they spell.
    fn search(&mut self, source: &Source, words: &str) {
        let of_kind = |is_kind: fn(Kind) -> bool| {
            let found = source.columns.iter().filter(move |column| column.is_searched && is_kind(column.field.kind));
            found.map(|column| column.sql).collect::<Vec<_>>()
        };
        let texts = of_kind(|kind| kind == Kind::Text);
        let numbers = of_kind(|kind| matches!(kind, Kind::Integer | Kind::Id));
        let mut places = Vec::new();
        if !texts.is_empty() {
            let pattern = self.parameter(Value::from(like_pattern(&["", words, ""])));
            places.extend(texts.iter().map(|sql| format!(r"LOWER({sql}) LIKE LOWER({pattern}) ESCAPE '\'")));
        }
        if let Ok(number) = words.parse::<i64>()
            && !numbers.is_empty()
        {
            let number = self.parameter(Value::Integer(number));
            places.extend(numbers.iter().map(|sql| format!("{sql} = {number}")));
        }
        if places.is_empty() {
            return self.and("1 = 0");
        }
        self.and(&format!("({})", places.join(" OR ")));
    }

    fn compare(&mut self, sql: &str, operator: &str, operand: &'v Operand) {
        let parameter = self.parameter(value(operand));
        self.and(&format!("{sql} {operator} {parameter}"));
    }

    /// Membership. The last value is repeated up to a power of two, so that statements, which are kept prepared, come in
    /// few lengths.
    fn within(&mut self, sql: &str, operands: &'v [Operand]) {
        let Some(last) = operands.last() else { return self.and("1 = 0") };
        let padded = operands.iter().chain(std::iter::repeat(last)).take(operands.len().next_power_of_two());
        let parameters: Vec<_> = padded.map(|operand| self.parameter(value(operand))).collect();
        self.and(&format!("{sql} IN ({})", parameters.join(", ")));
    }

    fn parameter(&mut self, value: Value<'v>) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }
}

fn value(operand: &Operand) -> Value<'_> {
    match operand {
        Operand::Text(text) => Value::from(text),
        Operand::Integer(number) | Operand::Millionths(number) => Value::Integer(*number),
        Operand::Instant(instant) => Value::Instant(Millis(instant.millis())),
        Operand::Boolean(value) => Value::Boolean(*value),
    }
}

/// A LIKE pattern that matches the pieces literally, with any characters between them.
fn like_pattern(pieces: &[impl AsRef<str>]) -> String {
    let escape = |piece: &_| AsRef::<str>::as_ref(piece).replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    pieces.iter().map(escape).collect::<Vec<_>>().join("%")
}

#[cfg(test)]
mod tests;
