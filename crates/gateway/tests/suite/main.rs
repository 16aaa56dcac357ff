//! What every gateway has in common, and what each has of its own.

mod contract;
mod fixtures;
mod stripe;
mod test_gateway;
mod webhook;
