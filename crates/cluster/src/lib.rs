//! A `PostgreSQL` server for one run of the tests or of a benchmark: its own data, its own port, gone afterwards. It can be
//! killed and started again.

pub mod machine;

use std::{
    env, fs,
    fs::File,
    io::Error,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use self::machine::User;

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Longest time that a start may take, with all that is to be recovered after a kill.
const PATIENCE: Duration = Duration::from_mins(1);

/// The line of its file `postmaster.pid` on which a server says how far it is, counted from 0.
const STATUS_LINE: usize = 7;

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production.
    Full,
    /// Not at all: the data outlives no run, and tests have better things to do.
    None,
}

/// A running server, stopped and removed when it is dropped.
pub struct Server {
    programs: PathBuf,
    directory: TempDir,
    port: u16,
    user: Option<User>,
    durability: Durability,
    process: Option<Child>,
}

impl Server {
    /// Starts a new server, which is installed if need be and if that is possible; an error says what is missing.
    pub fn start(durability: Durability) -> Result<Server, String> {
        let programs = match find_programs() {
            Some(programs) => programs,
            None => machine::install("postgresql")
                .and_then(|()| find_programs().ok_or_else(|| "its programs were not found".to_owned()))?,
        };
        Server::of(programs, durability)
    }

    /// Starts a new server where its programs are there; none where they are not.
    pub fn find(durability: Durability) -> Option<Result<Server, String>> {
        Some(Server::of(find_programs()?, durability))
    }

    fn of(programs: PathBuf, durability: Durability) -> Result<Server, String> {
        // The server refuses to run as root.
        let user = if machine::is_root() {
            Some(User::unprivileged().ok_or("there is no unprivileged user to run PostgreSQL as")?)
        } else {
            None
        };
        let directory = TempDir::with_prefix("billfold-postgres-").map_err(text)?;
        if let Some(user) = &user {
            chown(directory.path(), Some(user.uid), Some(user.gid)).map_err(text)?;
        }
        let port = machine::free_port()?;
        let mut server = Server { programs, directory, port, user, durability, process: None };
        server.create()?;
        server.launch()?;
        Ok(server)
    }

    /// The URL of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// `kill -9` of its first process: it can say good-bye to nobody, and the processes of its connections end as they
    /// notice.
    pub fn kill(&mut self) -> Result<(), String> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        process.kill().and_then(|()| process.wait()).map(|_| ()).map_err(text)
    }

    /// Starts it again after a [`kill`](Self::kill), on the same port; it recovers what was committed.
    pub fn restart(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            // Refused for as long as a process of the killed server still works.
            match self.launch() {
                Err(_) if begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(20)),
                result => return result,
            }
        }
    }

    fn create(&self) -> Result<(), String> {
        let mut initdb = self.program("initdb");
        initdb.args(["--username=postgres", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync", "-D"]);
        machine::run(initdb.arg(self.data()).stdout(Stdio::null()))
    }

    fn launch(&mut self) -> Result<(), String> {
        let log = self.directory.path().join("log");
        let told = || fs::read_to_string(&log).unwrap_or_default();
        let file = File::create(&log).map_err(text)?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.data()).args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        postgres.args(["-c", "unix_socket_directories=", "-c", "max_connections=200"]);
        if self.durability == Durability::None {
            postgres.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }
        // In a group of its own: an interruption on the terminal is for whoever uses the server.
        postgres.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let mut process = postgres.spawn().map_err(|error| format!("postgres cannot be run: {error}"))?;
        let begun = Instant::now();
        while !self.is_ready(process.id()) {
            if let Some(status) = process.try_wait().map_err(text)? {
                return Err(format!("postgres failed: {status}\n{}", told()));
            }
            if begun.elapsed() > PATIENCE {
                let _ = process.kill().and_then(|()| process.wait());
                return Err(format!("postgres was not ready within {PATIENCE:?}\n{}", told()));
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.process = Some(process);
        Ok(())
    }

    /// Whether this very process has written that it takes connections.
    fn is_ready(&self, process: u32) -> bool {
        let told = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let is_own = told.lines().next().is_some_and(|line| line.trim() == process.to_string());
        is_own && told.lines().nth(STATUS_LINE).is_some_and(|line| line.trim() == "ready")
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
        let Some(mut process) = self.process.take() else { return };
        let mut pg_ctl = self.program("pg_ctl");
        pg_ctl.args(["stop", "--silent", "--no-wait", "--mode=immediate", "-D"]).arg(self.data());
        if let Err(error) = machine::run(&mut pg_ctl) {
            eprintln!("the test server is killed, because it did not stop: {error}");
            let _ = process.kill();
        }
        let _ = process.wait();
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn text(error: Error) -> String {
    error.to_string()
}

/// The programs of the newest version, or those that are in the search path.
fn find_programs() -> Option<PathBuf> {
    let has_programs =
        |path: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|program| path.join(program).exists());
    let version = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
    let mut versions: Vec<u32> = fs::read_dir(VERSIONS).into_iter().flatten().flatten().filter_map(version).collect();
    versions.sort_unstable();

    let installed = versions.iter().rev().map(|version| Path::new(VERSIONS).join(version.to_string()).join("bin"));
    let search_path = env::var_os("PATH").unwrap_or_default();
    installed.chain(env::split_paths(&search_path)).find(has_programs)
}
