//! A `PostgreSQL` server for one run of the tests or of a benchmark: its own data, its own port, gone afterwards.

use std::env;
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::machine::{self, User};

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As in production.
    Full,
    /// Not at all: the data outlives no run, and tests have better things to do.
    None,
}

/// A running server, stopped and removed when it is dropped.
pub(crate) struct Server {
    programs: PathBuf,
    directory: TempDir,
    port: u16,
    user: Option<User>,
}

impl Server {
    /// Starts a new server; an error says what is missing.
    pub(crate) fn start(durability: Durability) -> Result<Server, String> {
        let programs = match find_programs() {
            Some(programs) => programs,
            None => machine::install("postgresql")
                .and_then(|()| find_programs().ok_or_else(|| "its programs were not found".to_owned()))?,
        };
        // The server refuses to run as root.
        let user = if machine::is_root() {
            Some(User::unprivileged().ok_or("there is no unprivileged user to run PostgreSQL as")?)
        } else {
            None
        };
        let directory = TempDir::with_prefix("billfold-postgres-").map_err(|error| error.to_string())?;
        if let Some(user) = &user {
            chown(directory.path(), Some(user.uid), Some(user.gid)).map_err(|error| error.to_string())?;
        }
        let server = Server { programs, directory, port: machine::free_port()?, user };
        server.create()?;
        server.launch(durability)?;
        Ok(server)
    }

    /// The URL of its first database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn create(&self) -> Result<(), String> {
        let mut initdb = self.program("initdb");
        initdb.args(["--username=postgres", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync", "-D"]);
        machine::run(initdb.arg(self.data()).stdout(Stdio::null()))
    }

    fn launch(&self, durability: Durability) -> Result<(), String> {
        let flushing = match durability {
            Durability::Full => "",
            Durability::None => "-c fsync=off -c full_page_writes=off",
        };
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 {flushing}",
            self.port
        );
        let log = self.directory.path().join("log");
        let mut pg_ctl = self.program("pg_ctl");
        pg_ctl.args(["start", "--wait", "--silent", "-o", &settings, "-l"]).arg(&log).arg("-D").arg(self.data());
        machine::run(&mut pg_ctl).map_err(|error| format!("{error}\n{}", fs::read_to_string(&log).unwrap_or_default()))
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.directory.path());
        if let Some(user) = &self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut pg_ctl = self.program("pg_ctl");
        pg_ctl.args(["stop", "--wait", "--silent", "--mode=immediate", "-D"]).arg(self.data());
        if self.data().join("postmaster.pid").exists()
            && let Err(error) = machine::run(&mut pg_ctl)
        {
            eprintln!("the test server may still run on port {}: {error}", self.port);
        }
    }
}

/// The programs of the newest version, or those that are in the search path.
fn find_programs() -> Option<PathBuf> {
    let has_programs = |path: &PathBuf| ["initdb", "pg_ctl"].iter().all(|program| path.join(program).exists());
    let version = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
    let mut versions: Vec<u32> = fs::read_dir(VERSIONS).into_iter().flatten().flatten().filter_map(version).collect();
    versions.sort_unstable();

    let installed = versions.iter().rev().map(|version| Path::new(VERSIONS).join(version.to_string()).join("bin"));
    let search_path = env::var_os("PATH").unwrap_or_default();
    installed.chain(env::split_paths(&search_path)).find(has_programs)
}
