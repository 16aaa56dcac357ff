//! Files that are no good, sent to a real server: a clear answer with line and column, or records that fail; never a crash, a job
//! that is stuck, or memory that grows with the file.

use std::{
    io::{Read, Write as _},
    net::TcpStream,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use testkit::TestDatabase;
use ureq::SendBody;

use crate::{
    kills::variable,
    process::{Caller, Server, run, wait_for},
};

/// How many bad rows a file has, where that is not a few.
const BAD_ROWS_VARIABLE: &str = "BILLFOLD_BAD_ROWS";

const CSV: &str = "text/csv";
const LINES: &str = "application/jsonl";
const ARRAY: &str = "application/json";

/// What the server may need at a time, whatever is sent, in KiB.
const MEMORY_KIB_MAX: u64 = 200 * 1_024;

/// A server for one account, with jobs that wait for nobody.
struct Shop {
    server: Server,
    address: String,
    key: String,
    caller: Caller,
}

impl Shop {
    async fn with(test: impl FnOnce(&mut Self) + Send + 'static) {
        Self::taking("50000", test).await;
    }

    /// The same where a job may have so many records.
    async fn taking(record_count_max: &'static str, test: impl FnOnce(&mut Self) + Send + 'static) {
        let database = TestDatabase::sqlite(&[]).await;
        let url = database.url.clone();
        let all = move || {
            let mut shop = Self::open(&url, record_count_max);
            test(&mut shop);
            shop.server.process().assert_alive();
            let peak = shop.server.process().peak_memory_kib();
            assert!(peak < MEMORY_KIB_MAX, "the server took {peak} KiB");
            drop(shop);
            assert_eq!(run(&["verify", "--json", "--database", &url])["isClean"], true);
        };
        tokio::task::spawn_blocking(all).await.unwrap();
    }

    fn open(database: &str, record_count_max: &str) -> Self {
        let create = ["account", "create", "--json", "--name", "Shop", "--enable", "write-off-over-api"];
        let account = run(&[&create[..], &["--database", database]].concat());
        let key = account["apiKey"].as_str().unwrap().to_owned();
        let server = Server::start_with(database, &["--bulk-records-max", record_count_max]);
        let (address, caller) = (server.address().to_owned(), server.caller(&key));
        Self { server, address, key, caller }
    }

    /// The only error that a file is refused with.
    fn refused(&self, media_type: &str, file: impl ureq::AsSendBody) -> String {
        let (status, text) = self.caller.upload(&path("BulkWriteOff"), media_type, file).expect("the server answers");
        assert_eq!(status, 400, "{text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        body["Errors"][0]["Value"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
    }

    /// The job that a file becomes, when all its records are validated.
    fn validated(&self, job_type: &str, media_type: &str, file: impl ureq::AsSendBody) -> Value {
        let (status, text) = self.caller.upload(&path(job_type), media_type, file).expect("the server answers");
        assert_eq!(status, 200, "{text}");
        let id = serde_json::from_str::<Value>(&text).unwrap()["id"].clone();
        wait_for("the end of validation", || {
            let job = self.caller.get(&format!("/v1/BulkApi/{id}?view=Full"));
            job["status"].as_str().unwrap().starts_with("Validated").then_some(job)
        })
    }

    /// Nothing is left in the way of a good file.
    fn assert_free(&self) {
        let job = self.validated("BulkWriteOff", CSV, "InvoiceId\n1\n");
        assert_eq!(job["failedRecords"], 1, "{job}");
    }
}

fn path(job_type: &str) -> String {
    format!("/v1/BulkApi/Upload?type={job_type}&allowRepeat=true")
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(file).unwrap();
    encoder.finish().unwrap()
}

/// A file of this head and so many times this piece, which nobody holds in memory.
fn long(head: &str, piece: &str, count: u64) -> SendBody<'static> {
    let size = piece.len() as u64 * count;
    let piece = piece.repeat(4_096);
    let file = std::io::Cursor::new(head.as_bytes().to_vec()).chain(Repeated { piece, at: 0 }.take(size));
    SendBody::from_owned_reader(file)
}

/// The same bytes again and again.
struct Repeated {
    piece: String,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.piece.as_bytes()[self.at..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at = (self.at + count) % self.piece.len();
        Ok(count)
    }
}

#[tokio::test]
async fn files_that_cannot_be_read_are_refused_with_their_place() {
    Shop::with(|shop| {
        let half = [b"InvoiceId\n1\n".as_slice(), &"ä".as_bytes()[..1]].concat();
        let utf_16: Vec<u8> = "\u{feff}InvoiceId\n1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let packed = packed("InvoiceId\n1\n2\n3\n".repeat(1_000).as_bytes());
        let utf_8 = "Save the file as UTF-8; spreadsheets call that \"CSV UTF-8\".";
        let cases: &[(&str, &[u8], &str)] = &[
            (CSV, b"", "Line 1, column 1: The file is empty."),
            (CSV, b"\xef\xbb\xbf", "Line 1, column 1: The file is empty."),
            (CSV, b"InvoiceId\r\n", "At least one record is required."),
            (CSV, b"\xef\xbb\xbfInvoiceId;Status\r\n;\r\n\r\n", "At least one record is required."),
            (CSV, b"Status,Details\n,\n", "Line 1, column 1: The column InvoiceId is missing."),
            (CSV, b"InvoiceId,Amount\n1,2\n", "Line 1, column 11: The column Amount is unknown."),
            (CSV, b"InvoiceId\n1\n\"2\n3\n4\n", "Line 3, column 1: The quote is never closed."),
            (CSV, b"InvoiceId\n1\n2\0\n", "Line 3, column 2: The file has a NUL character here."),
            (
                CSV,
                b"InvoiceId;Details\r\n1;f\xfcr M\xe4rz\r\n",
                &format!("Line 2, column 4: The byte FC is not UTF-8. {utf_8}"),
            ),
            (CSV, &utf_16, &format!("Line 1, column 1: The file is UTF-16. {utf_8}")),
            (CSV, &half, "Line 3, column 1: The file ends in the middle of a character."),
            (CSV, &packed[..packed.len() - 9], "The file is not gzip, or is cut off"),
            (CSV, &packed[..packed.len() / 2], "The file is not gzip, or is cut off"),
            (CSV, b"\x1f\x8bInvoiceId\n1\n", "The file is not gzip, or is cut off"),
            (LINES, b"1\n{\"a\":\n", "Line 2, column 5: The record is not JSON: EOF while parsing a value."),
            (
                LINES,
                &[b"1\n".as_slice(), &b"[".repeat(100_000)].concat(),
                "Line 2, column 100000: The record is not JSON: EOF while parsing a list.",
            ),
            (ARRAY, b"[1,2", "Line 1, column 5: The file ends before its array does."),
            (ARRAY, b"{\"a\":1}", "Line 1, column 1: "),
        ];
        let mut wrong = Vec::new();
        for (media_type, file, told) in cases {
            let found = shop.refused(media_type, *file);
            if !found.starts_with(told) {
                wrong.push(format!("{:?}: {found}", String::from_utf8_lossy(&file[..file.len().min(60)])));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        shop.assert_free();
    })
    .await;
}

#[tokio::test]
async fn files_as_spreadsheets_write_them_are_read() {
    Shop::with(|shop| {
        let rows = "\u{feff}\"customerId\";\"source\";\"paymentMethod\";\"amount\";\"reference\"\r\n\
                    7;Import;Check;1,50;\"a \"\"b\"\"; c\r\nd\"\r\n;;;;\r\n8;Import;Check;2.50;\u{e4}\r\n";
        let job = shop.validated("BulkPayment", CSV, rows);
        let records = job["records"].as_array().unwrap();
        let data: Vec<Value> = records.iter().map(|record| serde_json::from_str(record["data"].as_str().unwrap()).unwrap()).collect();
        let row = |customer: &str, amount: &str, reference: &str| {
            json!({ "customerId": customer, "source": "Import", "paymentMethod": "Check", "amount": amount, "reference": reference })
        };
        assert_eq!(data, [row("7", "1,50", "a \"b\"; c\r\nd"), row("8", "2.50", "ä")]);
        assert_eq!(job["failedRecords"], 2, "what a row says wrong is the row's: {job}");
        assert!(records.iter().all(|record| record["details"].is_string()), "{job}");
    })
    .await;
}

/// Uploads so many rows of which none is good: each fails by itself, and the file of results has them all.
fn send_bad_rows(shop: &Shop, count: usize) {
    let rows = long("InvoiceId\n", "seven\n", count as u64);
    let (status, text) = shop.caller.upload(&path("BulkWriteOff"), CSV, rows).expect("the server answers");
    assert_eq!(status, 200, "{text}");
    let job = format!("/v1/BulkApi/Jobs/{}", serde_json::from_str::<Value>(&text).unwrap()["id"]);
    let ended = wait_for("the end of validation", || {
        Some(shop.caller.get(&job)).filter(|job| job["status"] == "ValidatedWithErrors")
    });
    assert_eq!((&ended["totalRecords"], &ended["failedRecords"]), (&json!(count), &json!(count)));
    for (outcome, expected) in [("failed", count), ("succeeded", 0)] {
        let (status, text) = shop.caller.try_get(&format!("{job}/Results?outcome={outcome}")).expect("the results");
        let mut lines = text.lines();
        assert_eq!((status, lines.next()), (200, Some("InvoiceId,Status,Details,CreatedId,AmountMoved")));
        let bad = lines.inspect(|line| assert_eq!(*line, "seven,FailedValidation,'seven' is not an invoice id.,,"));
        assert_eq!(bad.count(), expected);
    }
    shop.assert_free();
}

#[tokio::test]
async fn records_that_are_all_bad_fail_by_themselves() {
    let count = usize::try_from(variable(BAD_ROWS_VARIABLE).unwrap_or(40_960)).expect("a count");
    Shop::taking("2000000", move |shop| send_bad_rows(shop, count)).await;
}

#[tokio::test]
async fn a_line_of_fifty_megabytes_is_refused_where_it_begins() {
    const LINE_BYTES: u64 = 50 << 20;
    Shop::with(|shop| {
        let told = |place: &str| format!("{place}: A record may have at most 1048576 bytes.");
        for (media_type, head, piece, place) in [
            (CSV, "InvoiceId\n1\n", "x", "Line 3, column 1"),
            (CSV, "InvoiceId\n1\n2,\"", "x\n", "Line 3, column 3"),
            (CSV, "", "x", "Line 1, column 1"),
            (LINES, "1\n", "[", "Line 2, column 1"),
            (ARRAY, "[1,\n \"", "\u{e4}", "Line 2, column 2"),
            (ARRAY, "[", "{\"a\":", "Line 1, column 2"),
        ] {
            let file = long(head, piece, LINE_BYTES / piece.len() as u64);
            assert_eq!(shop.refused(media_type, file), told(place), "{head}{piece}");
        }
        shop.assert_free();
    })
    .await;
}

#[tokio::test]
async fn few_packed_bytes_that_become_a_great_many_are_refused() {
    const UNPACKED_MIB: usize = 256;
    Shop::with(|shop| {
        let bomb = |head: &str, piece: &str| {
            let piece = packed(piece.repeat((1 << 20) / piece.len()).as_bytes());
            let bomb = [packed(head.as_bytes()), piece.repeat(UNPACKED_MIB)].concat();
            assert!(bomb.len() < UNPACKED_MIB * 8 * 1_024, "{}", bomb.len());
            bomb
        };
        let (blank, long) =
            ("The last 4194304 bytes before this hold no record.", "A record may have at most 1048576 bytes.");
        let many = "A job can have at most 50000 records.";
        for (media_type, head, piece, told) in [
            (CSV, "InvoiceId\n1\n", "\n", blank),
            (CSV, "InvoiceId,Details\n1,\n", " , \r\n", blank),
            (CSV, "InvoiceId\n", "1\n", many),
            (CSV, "InvoiceId\n\"", "x", long),
            (LINES, "1\n", "\n", blank),
            (LINES, "", "1\n", many),
            (ARRAY, "[1,", " ", blank),
            (ARRAY, "[1", ",1", many),
        ] {
            let found = shop.refused(media_type, &bomb(head, piece)[..]);
            assert!(found.ends_with(told), "{head}{piece}: {found}");
        }
        // A name in the head of the packed file that does not end.
        let endless = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], &b"n".repeat(8 << 20)].concat();
        let found = shop.refused(CSV, &endless[..]);
        assert!(found.starts_with("The file is not gzip, or is cut off"), "{found}");
        let twice = packed(&packed(b"InvoiceId\n1\n"));
        assert!(shop.refused(CSV, &twice[..]).contains("is not UTF-8."));
        shop.assert_free();
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_is_cut_leaves_the_place_to_the_next_file() {
    Shop::with(|shop| {
        let mut line = TcpStream::connect(shop.address.trim_start_matches("http://")).unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n",
            path("BulkWriteOff"),
            shop.key
        );
        line.write_all(head.as_bytes()).unwrap();
        line.write_all(("InvoiceId\n".to_owned() + &"7\n".repeat(2_000)).as_bytes()).unwrap();
        let jobs = || shop.caller.get("/v1/BulkApi/Jobs").as_array().unwrap().first().cloned();
        let begun = wait_for("the beginning of the job", jobs);
        assert_eq!(begun["status"], "NotStarted", "{begun}");
        drop(line);
        let ended = wait_for("the end of the job", || jobs().filter(|job| job["status"] != "NotStarted"));
        assert_eq!(ended["status"], "Failed", "{ended}");
        shop.assert_free();
    })
    .await;
}
