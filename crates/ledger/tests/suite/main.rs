//! What the ledger must hold: everything balances, reversals take back, the chain notices every change.

#[cfg(test)]
mod balances;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod posting;
#[cfg(test)]
mod sample;
