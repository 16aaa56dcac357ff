//! Cards and bank accounts that a gateway stores for customers: who may use which, and how one comes and goes.
//!
//! No transaction is open while the gateway is asked. A method is reserved first, where nobody sees it; then the gateway
//! stores it; then it is held with its token, and admitted. Whoever dies in between leaves at most a token that nobody uses.

pub mod forget;
mod keep;
mod usable;

pub use self::{
    keep::{Reservation, admit, discard, hold, note_result, reserve},
    usable::{ancestors, default_of, find_usable, list_usable, of_any_state},
};
