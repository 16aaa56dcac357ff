//! Migrations and SQL: rows to domain values and back.
