//! Documents as customers get them: what they say, what they look like in numbers, and what they bear.

#[cfg(test)]
mod credit_notes;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod invoices;
#[cfg(test)]
mod make;
#[cfg(test)]
mod reader;
#[cfg(test)]
mod statements;
