//! The load: `wrk` sends the same requests over and over, and counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::shop::{Shop, post};

/// Marks the line that the script prints at the end.
const MARK: &str = "measured:";

/// One server, and what is sent to it.
pub(super) struct Load {
    name: &'static str,
    url: String,
    key: String,
    orders: Vec<String>,
    script: PathBuf,
}

/// What one round has seen.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    /// Answers.
    pub(super) requests: u64,
    /// How long it took, in microseconds.
    pub(super) duration_us: u64,
    /// Half of the answers took no longer, in microseconds.
    pub(super) p50_us: u64,
    /// 99 of 100 answers took no longer, in microseconds.
    pub(super) p99_us: u64,
}

impl Measured {
    /// Answers in a second.
    pub(super) fn per_second(&self) -> u64 {
        self.requests.saturating_mul(1_000_000) / self.duration_us.max(1)
    }
}

impl Load {
    /// Writes the script.
    pub(super) fn new(directory: &Path, name: &'static str, url: &str, shop: &Shop) -> Result<Self, String> {
        let load = Self {
            name,
            url: format!("{url}/v1/purchases/bulkCreate"),
            key: shop.key.clone(),
            orders: shop.orders(),
            script: directory.join(format!("{name}.lua")),
        };
        fs::write(&load.script, load.script()).map_err(|error| error.to_string())?;
        Ok(load)
    }

    /// Sends every request once, and wants 200 for each.
    pub(super) fn check(&self) -> Result<(), String> {
        self.orders.iter().try_for_each(|order| post(&self.url, &self.key, order).map(|_| ()))
    }

    /// Sends requests for so long; an error when one was not answered, or refused.
    pub(super) async fn run(&self, connections: u32, time: Duration) -> Result<Measured, String> {
        let threads = connections.min(2);
        let mut wrk = Command::new("wrk");
        wrk.args(["--threads", &threads.to_string(), "--connections", &connections.to_string()]);
        wrk.args(["--duration", &format!("{}s", time.as_secs()), "--script"]).arg(&self.script).arg(&self.url);
        let output = wrk.stdin(Stdio::null()).kill_on_drop(true).output().await;
        let output = output.map_err(|error| format!("wrk cannot be run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let Some([requests, duration_us, p50_us, p99_us, errors]) = text.lines().find_map(read_numbers) else {
            return Err(format!("wrk failed for the {}: {text}{}", self.name, String::from_utf8_lossy(&output.stderr)));
        };
        if errors > 0 || requests == 0 {
            return Err(format!("{errors} of {requests} requests to the {} failed", self.name));
        }
        Ok(Measured { requests, duration_us, p50_us, p99_us })
    }

    /// Every request is written once, before the first is sent, and each thread starts with another customer. A status
    /// above 399 counts as an error.
    fn script(&self) -> String {
        let Self { key, orders, .. } = self;
        let orders = orders.join("]==],\n  [==[");
        format!(
            r#"wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Basic {key}"

local orders = {{
  [==[{orders}]==]
}}
local requests, last, threads = {{}}, 0, 0

function setup(thread)
  thread:set("start", threads * math.floor(#orders / 2))
  threads = threads + 1
end

function init()
  last = start
  for i, order in ipairs(orders) do
    requests[i] = wrk.format(nil, nil, nil, order)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("{MARK} %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"#
        )
    }
}

/// The numbers of the line that the script prints.
fn read_numbers(line: &str) -> Option<[u64; 5]> {
    let numbers = line.strip_prefix(MARK)?.split_whitespace().map(str::parse);
    numbers.collect::<Result<Vec<_>, _>>().ok()?.try_into().ok()
}
