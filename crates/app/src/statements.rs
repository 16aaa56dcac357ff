//! Statements of customers: generate, print. They have no effect.

pub mod generate;
pub mod papers;
