//! What this machine is, and what may be done on it.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether this process is the superuser.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

/// A user without privileges under whom a server can run: `postgres` where it exists, else `nobody`.
pub struct User {
    /// The number of the user.
    pub uid: u32,
    /// The number of its first group.
    pub gid: u32,
}

impl User {
    /// None where the machine has neither.
    pub fn unprivileged() -> Option<User> {
        ["postgres", "nobody"].iter().find_map(|name| {
            let number = |what: &str| output(Command::new("id").args([what, name]))?.parse().ok();
            Some(User { uid: number("-u")?, gid: number("-g")? })
        })
    }
}

/// Installs a package where that is possible without asking: on Debian and its kin, as root.
pub fn install(package: &str) -> Result<(), String> {
    if !Path::new("/etc/debian_version").exists() || !is_root() {
        return Err(format!("{package} is not installed, and only root on Debian can install it from here"));
    }
    eprintln!("installing {package} …");
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).stdout(Stdio::null());
        run(&mut command)
    };
    apt_get(&["update"])?;
    apt_get(&["install", "-y", "--no-install-recommends", package])
}

/// Installs the package of a program where the program is missing and that is possible.
pub fn require(program: &str, package: &str) -> Result<(), String> {
    let is_installed = || Command::new(program).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if is_installed() { Ok(()) } else { install(package) }
}

/// Runs a command to its end; an error when it fails.
pub fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} failed: {status}")),
        Err(error) => Err(format!("{name} cannot be run: {error}")),
    }
}

/// What a command prints, without the line end; none when it fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// A port of the loopback that nothing listens on.
pub fn free_port() -> Result<u16, String> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}
