//! Writes the interface document where the repository keeps it.

use std::{
    env, fs,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

/// Where the document is kept, from the root of the repository.
const DOCUMENT: &str = "docs/openapi.json";

/// Has the server print its document and keeps it in [`DOCUMENT`].
pub(crate) fn run() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{DOCUMENT} was not written: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("there is no repository around this crate")?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--package", "billfold", "--", "openapi"]);
    let output = cargo.current_dir(root).stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("`billfold openapi` ended with {}", output.status));
    }
    fs::write(root.join(DOCUMENT), output.stdout).map_err(|error| error.to_string())
}
