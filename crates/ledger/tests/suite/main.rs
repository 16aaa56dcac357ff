//! What the ledger must hold: everything balances, the chain notices every change.

#[cfg(test)]
mod balances;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod checkpoint;
#[cfg(test)]
mod posting;
#[cfg(test)]
mod sample;
