//! Beancount for the tests: what its own authors published.

use std::path::PathBuf;

use crate::python;

/// What is installed.
const PACKAGE: &str = "beancount==3.2.3";

/// The directory of its programs, which are installed if need be; an error says what is missing.
pub(crate) fn set_up() -> Result<PathBuf, String> {
    python::set_up(PACKAGE, "bean-check")
}
