//! Beancount for the tests: what its own authors published, in a directory below `target`.

use std::{
    env,
    path::{Path, PathBuf, absolute},
    process::{Command, Stdio},
};

use crate::machine;

/// What is installed; the directory is named after it, so that another version is another directory.
const PACKAGE: &str = "beancount==3.2.3";

/// The directory of its programs, which are installed if need be; an error says what is missing.
pub(crate) fn set_up() -> Result<PathBuf, String> {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let directory = absolute(Path::new(&target).join(PACKAGE)).map_err(|error| error.to_string())?;
    let programs = directory.join("bin");
    // The last thing that its installation brings.
    if programs.join("bean-check").exists() {
        return Ok(programs);
    }
    eprintln!("installing {PACKAGE} in {} …", directory.display());
    machine::run(Command::new("python3").args(["-m", "venv"]).arg(&directory).stdout(Stdio::null()))?;
    let mut pip = Command::new(programs.join("python3"));
    machine::run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]))?;
    Ok(programs)
}
