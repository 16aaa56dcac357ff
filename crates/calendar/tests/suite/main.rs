//! What time must hold: the wire's text, days of a zone, months of unequal length, a clock that obeys.

#[cfg(test)]
mod clock;
#[cfg(test)]
mod date;
#[cfg(test)]
mod instant;
#[cfg(test)]
mod zone;
