//! localstripe for the tests: a stand-in for Stripe that others published, in a directory below `target`, on a port of its own.

use std::{
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use cluster::machine;

use crate::python;

/// What is installed.
const PACKAGE: &str = "localstripe==1.15.10";

/// Its own program listens on all addresses of the machine, and writes all that it holds to a file after every change.
const PROGRAM: &str = "
import sys
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda store: None
web.run_app(server.app, host='127.0.0.1', port=int(sys.argv[1]), access_log=None, print=None)
";

/// Longest time that its start may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running localstripe, stopped when it is dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts one, which is installed if need be; an error says what is missing.
    pub(crate) fn start() -> Result<Self, String> {
        let python = python::set_up(PACKAGE, "localstripe")?.join("python3");
        let port = machine::free_port()?;
        let mut command = Command::new(python);
        command.args(["-c", PROGRAM, &port.to_string()]).stdin(Stdio::null()).stdout(Stdio::null());
        let process = command.spawn().map_err(|error| format!("python3 cannot be run: {error}"))?;
        let mut server = Self { process, port };
        server.wait_until_it_listens()?;
        Ok(server)
    }

    /// Where it is reached.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_until_it_listens(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(format!("it ended: {status}"));
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("it did not listen within {PATIENCE:?}"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
