//! What money must hold: text and back without loss, one rounding, parts that add up.

#[cfg(test)]
mod allocation;
#[cfg(test)]
mod currency;
#[cfg(test)]
mod rounding;
#[cfg(test)]
mod text;
