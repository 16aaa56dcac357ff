//! Double entry: the chart of accounts, balanced transactions, the hash chain.
//!
//! Every money fact is a [`Transaction`]; it is appended and never changed, and what was wrong is put
//! right by another one. A customer's balance is the sum of its accounts-receivable lines.

mod chain;
mod chart;
mod checkpoint;
mod named;
mod posting;
mod terms;
mod transaction;

pub use chain::ChainHash;
pub use chart::{LedgerAccount, TransactionKind};
pub use checkpoint::Seal;
pub use terms::Terms;
pub use transaction::{LedgerError, Line, Transaction, Unbalanced};
