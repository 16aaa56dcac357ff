//! Questions about many values at once. The database layer keeps few statements prepared, so a statement has one number
//! of parameters, whatever it is asked.

use billing::id::AccountId;
use db::{Error, Row, Tx, Value};

use crate::row::Columns;

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

/// Visits the rows that hang on `owners`, in the order of `sql` within each [`MANY`] of them. `sql` has the account as
/// `$1` and the owners where it says `{owners}`, and answers with the owner in its first column. A single owner, as most
/// questions have it, is a statement of its own, which compares once.
pub(crate) fn each_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    owners: &[i64],
    sql: &str,
    mut visit: impl FnMut(i64, &mut Columns<'_, '_>) -> Result<(), Error>,
) -> Result<(), Error> {
    for part in owners.chunks(MANY) {
        let (sql, parameters) = about(account, part, sql);
        tx.each(&sql, &parameters, |row: &Row<'_>| {
            let mut columns = Columns::of(row);
            let owner = columns.next()?;
            visit(owner, &mut columns)
        })?;
    }
    Ok(())
}

/// The statement about `part`, which has at least one and at most [`MANY`], and its parameters, as [`each_of`] has them.
pub(crate) fn about<'v>(account: AccountId, part: &'v [i64], sql: &str) -> (String, Vec<Value<'v>>) {
    let mut parameters = vec![Value::from(account.0)];
    let places = if let [owner] = part {
        parameters.push(Value::from(*owner));
        "$2".to_owned()
    } else {
        parameters.extend(padded(part, |owner| Value::from(*owner)));
        placeholders(2)
    };
    (sql.replace("{owners}", &places), parameters)
}
