//! What a bill must hold: every worked row of the reference, the laws of adding up, and an independent model that agrees.

#[cfg(test)]
mod collections;
#[cfg(test)]
mod discounts;
#[cfg(test)]
mod earning;
#[cfg(test)]
mod make;
#[cfg(test)]
mod model;
#[cfg(test)]
mod previews;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod reversals;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod taxes;
