//! The binary's processes, and a caller of the one that serves.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::{Agent, AsSendBody, Body, RequestBuilder, http::Response, typestate::WithBody};

/// The binary.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_billfold");

/// Longest time that anything here is waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running process, killed when it is dropped.
pub(crate) struct Process(Child);

/// A serving process.
pub(crate) struct Server {
    process: Process,
    address: String,
}

/// A caller with a key and a connection of its own.
pub(crate) struct Caller {
    agent: Agent,
    address: String,
    authorization: String,
}

/// Runs a command of the binary to its end and reads the JSON that it prints.
pub(crate) fn run(arguments: &[&str]) -> Value {
    let told = print(arguments);
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {told}"))
}

/// Runs a command of the binary to its end; what it prints.
pub(crate) fn print(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().expect("the binary runs");
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {told}{errors}");
    told.into_owned()
}

/// Looks again and again until there is something to see.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not come within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Process {
    /// Runs the binary, with a place for its log; what it says of itself when it is ready.
    pub(crate) fn start(arguments: &[&str], log: Stdio) -> (Self, String) {
        let mut command = Command::new(PROGRAM);
        let mut process = command.args(arguments).stdout(Stdio::piped()).stderr(log).spawn().expect("the binary runs");
        let mut told = BufReader::new(process.stdout.take().expect("the output is piped"));
        let mut line = String::new();
        told.read_line(&mut line).expect("the process says that it is ready");
        (Self(process), line.trim().to_owned())
    }

    /// `kill -9`: nothing is finished, nothing is written.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Fails the test when the process has ended by itself.
    pub(crate) fn assert_alive(&mut self) {
        let ended = self.0.try_wait().expect("the process can be asked for");
        assert!(ended.is_none(), "a process ended by itself: {ended:?}");
    }

    /// The most memory that it had at a time, in KiB, as Linux tells it.
    pub(crate) fn peak_memory_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("Linux tells of a process");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line about memory");
        peak.trim().strip_suffix("kB").and_then(|peak| peak.trim().parse().ok()).expect("a number of KiB")
    }

    fn end(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

impl Server {
    /// Serves a database on a free port, with its own workers. Calls wait for their bulk jobs, however slow the machine is.
    pub(crate) fn start(database: &str) -> Self {
        Self::start_with(database, &["--bulk-wait-ms", "600000"])
    }

    /// The same with other options.
    pub(crate) fn start_with(database: &str, options: &[&str]) -> Self {
        Self::start_logging(database, options, Stdio::inherit())
    }

    /// The same, with a place for the log.
    pub(crate) fn start_logging(database: &str, options: &[&str], log: Stdio) -> Self {
        Self::listen("127.0.0.1:0", database, options, log)
    }

    /// Serves a database where a process did that was killed.
    pub(crate) fn start_again(database: &str, address: &str) -> Self {
        Self::start_on(address.trim_start_matches("http://"), database, &[])
    }

    /// The same at an address of one's own.
    pub(crate) fn start_on(address: &str, database: &str, options: &[&str]) -> Self {
        Self::listen(address, database, options, Stdio::inherit())
    }

    fn listen(address: &str, database: &str, options: &[&str], log: Stdio) -> Self {
        let arguments = [&["serve", "--listen", address, "--database", database], options].concat();
        let (process, told) = Process::start(&arguments, log);
        let address = told.rsplit_once(' ').expect("the address is the last word").1.to_owned();
        Self { process, address }
    }

    /// Where it listens, as a URL.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Its process.
    pub(crate) fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Someone who calls with this key.
    pub(crate) fn caller(&self, key: &str) -> Caller {
        let agent = Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build());
        Caller { agent, address: self.address.clone(), authorization: format!("Basic {key}") }
    }

    /// `kill -9`: nothing is finished, nothing is written.
    pub(crate) fn kill(self) {
        self.process.kill();
    }
}

impl Caller {
    /// What is read; anything but 200 fails the test.
    pub(crate) fn get(&self, path: &str) -> Value {
        let request = self.agent.get(format!("{}{path}", self.address)).header("authorization", &self.authorization);
        read(path, request.call()).expect("the server answers")
    }

    /// What is answered to a body; anything but 200 fails the test.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body).expect("the server answers")
    }

    /// What is answered to a body, or nothing when the server ends before it does.
    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Option<Value> {
        read(path, self.request(path).send_json(body))
    }

    /// Sends a body under an idempotency key: the status and the text of the answer, or nothing when the server ends before
    /// it answers.
    pub(crate) fn send(&self, path: &str, body: &Value, key: &str) -> Option<(u16, String)> {
        heard(self.request(path).header("idempotency-key", key).send_json(body))
    }

    /// Sends a file, with the status and the text of the answer, or nothing when the server ends before it answers.
    pub(crate) fn upload(&self, path: &str, media_type: &str, file: impl AsSendBody) -> Option<(u16, String)> {
        heard(self.request(path).header("content-type", media_type).send(file))
    }

    /// What is read, if the server is there and well enough to answer.
    pub(crate) fn try_get(&self, path: &str) -> Option<(u16, String)> {
        heard(self.agent.get(format!("{}{path}", self.address)).header("authorization", &self.authorization).call())
    }

    fn request(&self, path: &str) -> RequestBuilder<WithBody> {
        self.agent.post(format!("{}{path}", self.address)).header("authorization", &self.authorization)
    }

    /// Creates an active customer.
    pub(crate) fn create_customer(&self) -> i64 {
        let id = self.post("/v1/customers", &json!({}))["id"].as_i64().expect("an id");
        let activation = json!({ "customerId": id, "activateAllSubscriptions": false, "activateAllDraftPurchases": false,
                                 "temporarilyDisableAutoPost": false });
        self.post("/v1/customerActivation", &activation);
        id
    }
}

/// The status and the text of an answer that came.
fn heard(answer: Result<Response<Body>, ureq::Error>) -> Option<(u16, String)> {
    let mut answer = answer.ok()?;
    Some((answer.status().as_u16(), answer.body_mut().with_config().limit(u64::MAX).read_to_string().ok()?))
}

fn read(path: &str, answer: Result<Response<Body>, ureq::Error>) -> Option<Value> {
    let (status, body) = heard(answer)?;
    assert_eq!(status, 200, "{path}: {body}");
    Some(serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}")))
}
