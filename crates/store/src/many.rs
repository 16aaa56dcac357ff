//! Questions about many values at once. The database layer keeps few statements prepared, so a statement has one number
//! of parameters, whatever it is asked.

use db::Value;

/// Values asked about in one statement.
pub(crate) const MANY: usize = 64;

/// `$first, …`: always [`MANY`] of them.
pub(crate) fn placeholders(first: usize) -> String {
    (first..first + MANY).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// The values of `part`, which has at least one and at most [`MANY`]; the last one is repeated up to [`MANY`].
pub(crate) fn padded<'v, T>(part: &'v [T], value: impl Fn(&'v T) -> Value<'v>) -> impl Iterator<Item = Value<'v>> {
    (0..MANY).map(move |position| value(&part[position.min(part.len() - 1)]))
}
