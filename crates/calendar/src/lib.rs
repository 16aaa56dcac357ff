//! Time as a value: instants, dates, account time zones, and the one clock.
