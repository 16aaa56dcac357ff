//! The wire: lenient JSON in, exact JSON out, errors, query strings, paths and lists as the original has them.

pub mod json;
