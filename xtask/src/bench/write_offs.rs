//! A job of write-offs: how long it takes to submit, validate and process, beside the floor, and how much memory.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::report::percent;
use super::server::Server;
use super::shop::{self, Shop, get, post, post_as};
use super::{Database, Place, options, positive, put};
use cluster::machine;

/// Callers who make the invoices that are written off.
const CALLER_COUNT: usize = 32;

/// Invoices that one read lists.
const PAGE_SIZE: usize = 1_000;

/// Between two looks at a job.
const PAUSE: Duration = Duration::from_millis(20);

/// What is measured, and how.
pub(super) struct Options {
    records: usize,
    database: Database,
    is_file: bool,
}

impl Options {
    /// Reads `[--records N] [--database sqlite|postgres] [--submit json|csv]`.
    pub(super) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut found = Self { records: 100_000, database: Database::Sqlite, is_file: false };
        options(arguments, |name, value| match name {
            "--records" => Some(put(&mut found.records, positive::<u32>(value).map(|count| count as usize))),
            "--database" => Some(put(&mut found.database, Database::parse(value))),
            "--submit" => Some(put(&mut found.is_file, ["json", "csv"].contains(&value).then_some(value == "csv"))),
            _ => None,
        })?;
        Ok(found)
    }
}

pub(super) async fn run(options: &Options) -> Result<(), String> {
    let Debts { place, server, shop, invoices } = Debts::make(options.database, options.records).await?;
    let times = process(&server.url, &shop.key, &invoices, options.is_file)?;
    let peak = server.peak_memory().ok_or("the memory of the server cannot be read")?;
    let floor = machine::output(std::process::Command::new(place.program("floor")).args([
        &place.url("floor.db"),
        "write-offs",
        &options.records.to_string(),
    ]));
    let floor: u64 = floor.and_then(|millis| millis.parse().ok()).ok_or("the floor failed")?;
    print(options, &times, floor, peak);
    Ok(())
}

/// A server with invoices that nobody has paid.
pub(super) struct Debts {
    pub(super) place: Place,
    pub(super) server: Server,
    pub(super) shop: Shop,
    /// Their ids.
    pub(super) invoices: Vec<i64>,
}

impl Debts {
    pub(super) async fn make(database: Database, count: usize) -> Result<Self, String> {
        let place = Place::new(database)?;
        let database = place.url("product.db");
        let key = shop::create_account(&place.program("billfold"), &database, &["--enable", "write-off-over-api"])?;
        let serve = ["serve", "--database", &database, "--listen", "127.0.0.1:0", "--bulk-wait-ms", "0"];
        let server = Server::start(&place.program("billfold"), &serve).await?;
        let shop = Shop::open(&server.url, key)?;
        println!("making {count} invoices …");
        sell(&server.url, &shop, count)?;
        let invoices = list(&server.url, &shop.key, count)?;
        Ok(Self { place, server, shop, invoices })
    }
}

/// Posts so many invoices.
fn sell(url: &str, shop: &Shop, count: usize) -> Result<(), String> {
    let orders = shop.sales();
    let (next, failure) = (AtomicUsize::new(0), Mutex::new(None));
    let call = format!("{url}/v1/purchases/bulkCreate");
    let work = || {
        while next.fetch_add(1, Ordering::Relaxed) < count {
            let order = &orders[next.load(Ordering::Relaxed) % orders.len()];
            if let Err(reason) = post(&call, &shop.key, order) {
                *failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(reason);
                return;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..CALLER_COUNT {
            scope.spawn(work);
        }
    });
    failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
}

/// The ids of the invoices.
fn list(url: &str, key: &str, count: usize) -> Result<Vec<i64>, String> {
    let mut ids: Vec<i64> = Vec::with_capacity(count);
    while ids.len() < count {
        let after = ids.last().copied().unwrap_or_default() + 1;
        let call = format!("{url}/v1/invoiceSummaries?pageSize={PAGE_SIZE}&sortExpression=id&query=id:{after}|");
        let page: Vec<Value> = serde_json::from_str(&get(&call, key)?).map_err(|error| error.to_string())?;
        if page.is_empty() {
            return Err(format!("there are {} invoices, not {count}", ids.len()));
        }
        ids.extend(page.iter().filter_map(|invoice| invoice["id"].as_i64()));
    }
    Ok(ids)
}

/// How long each part of a job took.
pub(super) struct Times {
    submission: Duration,
    validation: Duration,
    processing: Duration,
}

impl Times {
    fn parts(&self) -> [(&'static str, u64); 3] {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let Self { submission, validation, processing } = self;
        [("submission", millis(*submission)), ("validation", millis(*validation)), ("processing", millis(*processing))]
    }

    /// All of it, in milliseconds.
    pub(super) fn whole_ms(&self) -> u64 {
        self.parts().iter().map(|(_, millis)| millis).sum()
    }
}

/// Has one job write them off.
pub(super) fn process(url: &str, key: &str, invoices: &[i64], is_file: bool) -> Result<Times, String> {
    let body = if is_file { csv(invoices) } else { json(invoices) };
    let begin = Instant::now();
    let answer = if is_file {
        post_as("text/csv", &format!("{url}/v1/BulkApi/Upload?type=BulkWriteOff"), key, &body)
    } else {
        post(&format!("{url}/v1/BulkApi"), key, &body)
    };
    let job: Value = read(&answer?)?;
    let submitted = Instant::now();
    let id = job["id"].as_i64().ok_or("the job has no id")?;
    let ended = |status: &str| -> Result<Instant, String> {
        loop {
            let job = read(&get(&format!("{url}/v1/BulkApi/{id}"), key)?)?;
            match job["status"].as_str() {
                Some("NotStarted" | "Validating" | "Processing") => thread::sleep(PAUSE),
                Some(found) if found == status => return Ok(Instant::now()),
                _ => return Err(format!("the job is not {status}: {job}")),
            }
        }
    };
    let validated = ended("Validated")?;
    let asked = Instant::now();
    post(&format!("{url}/v1/BulkApi/Process"), key, &json!({ "id": id }).to_string())?;
    let processed = ended("Processed")?;
    Ok(Times { submission: submitted - begin, validation: validated - submitted, processing: processed - asked })
}

/// The job as the original takes it.
fn json(invoices: &[i64]) -> String {
    json!({ "accountUploadType": "BulkWriteOff", "data": invoices }).to_string()
}

/// The job as a file, a line a record.
fn csv(invoices: &[i64]) -> String {
    let mut file = "InvoiceId\n".to_owned();
    for invoice in invoices {
        file.push_str(&invoice.to_string());
        file.push('\n');
    }
    file
}

fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{error}: {text}"))
}

fn print(options: &Options, times: &Times, floor: u64, peak: u64) {
    println!("BulkWriteOff of {} invoices, {}\n", options.records, options.database.name());
    println!("{:<12} {floor:>8} ms", "floor");
    for (name, millis) in times.parts() {
        println!("{name:<12} {millis:>8} ms");
    }
    let whole = times.whole_ms();
    println!("{:<12} {whole:>8} ms", "product");
    println!("floor as a part of the product {}", percent(floor.saturating_mul(1_000) / whole.max(1)).trim_start());
    println!("peak memory of the server {} MiB", peak / 1_024);
}
