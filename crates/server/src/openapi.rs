//! `billfold openapi`.

use crate::{failure::Failure, print};

/// Prints the document.
pub(crate) fn run() -> Result<(), Failure> {
    print::json(&api::document());
    Ok(())
}
