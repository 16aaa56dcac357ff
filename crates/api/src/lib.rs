//! The HTTP interface: routes, wire types, lenient JSON, errors, `OpenAPI`.

pub mod wire;
