//! The HTTP interface: parse, one call, render. Everything about the wire is here, and nothing about billing.

mod auth;
mod body;
mod call;
mod callers;
mod error;
mod frame;
mod intake;
mod limits;
mod links;
mod name;
mod openapi;
mod operation;
mod paper;
mod routes;
mod stream;
mod webhooks;
pub mod wire;

pub use self::{
    auth::key_of,
    frame::{Config, service},
    limits::Limits,
    openapi::document,
    operation::Operation,
    routes::{catalogue, operations, record_parser},
};
