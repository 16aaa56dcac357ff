//! The commands and questions, on both databases.

#[cfg(test)]
mod ar_activities;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod collections;
#[cfg(test)]
mod coupons;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod draft_invoices;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod export;
#[cfg(test)]
mod extras;
#[cfg(test)]
mod foreseen;
#[cfg(test)]
mod funds;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod opening_deferrals;
#[cfg(test)]
mod payment_methods;
#[cfg(test)]
mod preview;
#[cfg(test)]
mod products;
#[cfg(test)]
mod random;
#[cfg(test)]
mod receivables;
#[cfg(test)]
mod revenue;
#[cfg(test)]
mod reversals;
#[cfg(test)]
mod sequences;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod sold;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod trade;
#[cfg(test)]
mod verify;
