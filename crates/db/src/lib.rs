//! Two databases, `SQLite` and `PostgreSQL`, behind one transaction type; knows no word of billing.
//!
//! A unit of work is a plain synchronous closure over [`Tx`]. [`Db::write`] answers when its effect is durable,
//! [`Db::read`] shows one consistent snapshot. On `SQLite` the units that wait are committed together, each in its own
//! savepoint; on `PostgreSQL` each is one transaction, repeated as a whole when it lost a race.
//!
//! One SQL text serves both databases: `$1` parameters, the types `BIGINT`, `TEXT`, `BOOLEAN`, `TIMESTAMPTZ` and `DATE`,
//! unnamed constraints, no arrays, no JSON operators, no `now()`; texts are ordered by `COLLATE "C"`.

mod connection;
mod error;
mod migration;
mod postgres;
mod queue;
mod row;
mod shares;
mod sqlite;
mod threads;
mod tx;
mod value;
mod work;

pub use connection::{Backend, Db, Options};
pub use error::{Conflict, Error, Failure};
pub use migration::Migration;
pub use row::{Cell, FromColumn, Row};
pub use tx::Tx;
pub use value::{Day, Millis, Value};
