//! The commands and questions, on both databases.

#[cfg(test)]
mod bulk;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod products;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod verify;
