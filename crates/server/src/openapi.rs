//! `billfold openapi`.

use crate::print;

/// Prints the document.
pub(crate) fn run() {
    print::json(&api::document());
}
