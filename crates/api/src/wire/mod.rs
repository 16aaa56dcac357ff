//! The wire: lenient JSON in, exact JSON out, errors, query strings, paths and lists as the original has them.

pub mod answer;
pub mod de;
pub mod error;
pub mod json;
pub mod listing;
pub mod path;
pub mod query;
pub mod reference;
pub mod scalar;
pub mod secret;
pub mod shape;
