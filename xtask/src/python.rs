//! Programs that are published in Python's package index, each in a directory below `target`.

use std::{
    env,
    path::{Path, PathBuf, absolute},
    process::{Command, Stdio},
};

use cluster::machine;

/// The directory of the programs of a package (`name==version`), which are installed if need be; `last` is one that its
/// installation brings last. An error says what is missing.
pub(crate) fn set_up(package: &str, last: &str) -> Result<PathBuf, String> {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    // Named after the package, so that another version is another directory.
    let directory = absolute(Path::new(&target).join(package)).map_err(|error| error.to_string())?;
    let programs = directory.join("bin");
    if programs.join(last).exists() {
        return Ok(programs);
    }
    eprintln!("installing {package} in {} …", directory.display());
    machine::run(Command::new("python3").args(["-m", "venv"]).arg(&directory).stdout(Stdio::null()))?;
    let mut pip = Command::new(programs.join("python3"));
    machine::run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]))?;
    Ok(programs)
}
