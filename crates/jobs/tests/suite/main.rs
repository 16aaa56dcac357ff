//! What the queue must hold, on both databases: one holder at a time, nothing lost, and an end to everything.

#[cfg(test)]
mod queue;
#[cfg(test)]
mod worker;
