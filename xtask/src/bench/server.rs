//! A server under test: started with the benchmark, killed with it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running server.
pub(super) struct Server {
    /// Where it listens.
    pub(super) url: String,
    child: Child,
    /// Kept open, because a program that prints into nothing may end.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts a program that prints the URL that it listens on as the end of a line.
    pub(super) async fn start(program: &Path, arguments: &[&str]) -> Result<Self, String> {
        let failure = |error: &dyn std::fmt::Display| format!("{} cannot be started: {error}", program.display());
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| failure(&error))?;
        let output = child.stdout.take().ok_or_else(|| failure(&"it has no output"))?;
        let mut output = BufReader::new(output).lines();
        while let Some(line) = output.next_line().await.map_err(|error| failure(&error))? {
            if let Some((_, address)) = line.split_once(" listens on http://") {
                return Ok(Self { url: format!("http://{address}"), child, _output: output });
            }
        }
        Err(failure(&"it ended before it listened"))
    }

    /// The most memory that it had at a time, in KiB; none where the system does not tell.
    pub(super) fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix("kB")?.trim().parse().ok()
    }
}
