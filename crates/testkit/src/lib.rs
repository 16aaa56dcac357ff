//! For tests: databases, a test server, a test clock, fixtures.
