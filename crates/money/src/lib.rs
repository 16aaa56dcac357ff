//! Exact money: fixed-point numbers, currencies, rounding and allocation.
