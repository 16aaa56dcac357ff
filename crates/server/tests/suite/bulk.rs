//! `billfold bulk` as a process, against a server that is another.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use calendar::Clock;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::TestDatabase;

use crate::process::{PROGRAM, Server, run, wait_for};

/// What a command printed, and its status.
#[derive(Debug)]
struct Told {
    status: Option<i32>,
    out: String,
    errors: String,
}

/// Someone with a key and a directory of their own.
struct User {
    address: String,
    key: String,
    directory: TempDir,
}

impl User {
    fn of(address: &str, key: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { address: address.to_owned(), key: key.to_owned(), directory }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("bulk").args(arguments).current_dir(&self.directory).env("BILLFOLD_URL", &self.address);
        command.env("BILLFOLD_API_KEY", &self.key).env("BILLFOLD_LOG", "debug");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end. Whatever it says, it never says the key.
    fn bulk(&self, arguments: &[&str]) -> Told {
        self.bulk_of("", arguments)
    }

    fn bulk_of(&self, input: &str, arguments: &[&str]) -> Told {
        let mut process = self.command(arguments).spawn().unwrap();
        process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let told = Told { status: output.status.code(), out: text(output.stdout), errors: text(output.stderr) };
        assert!(!told.out.contains(&self.key) && !told.errors.contains(&self.key), "{told:?}");
        told
    }

    /// The JSON that a command prints, and its status.
    fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let told = self.bulk(&[arguments, &["--json"]].concat());
        let value = serde_json::from_str(&told.out).unwrap_or_else(|error| panic!("{error}: {told:?}"));
        (told.status, value)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.directory.path().join(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.directory.path().join(name)).unwrap()
    }
}

/// Tells a story on a served SQLite database with one account.
async fn served(options: &'static [&'static str], tell: impl FnOnce(Server, &str, &User) + Send + 'static) {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    let story = move || {
        let account = run(&["account", "create", "--json", "--name", "Shop", "--database", &url]);
        let server = Server::start_with(&url, options);
        let user = User::of(server.address(), account["apiKey"].as_str().unwrap());
        tell(server, &url, &user);
    };
    tokio::task::spawn_blocking(story).await.unwrap();
}

/// A template with so many customers in it, every third of them in a currency that there is not.
fn customers(template: &str, count: usize) -> String {
    let row = |number: usize| {
        let currency = if number % 3 == 2 { "XXX" } else { "USD" };
        format!("C{number},{currency},\"Shop {number}, Ltd\",,,,,,,,,\r\n")
    };
    let rows: String = (1..=count).map(row).collect();
    format!("{template}{rows}")
}

#[tokio::test]
async fn a_file_is_submitted_corrected_and_submitted_again() {
    served(&[], |_server, _, user| {
        let template = user.bulk(&["template", "customerimportbasic"]).out;
        assert!(template.starts_with("Reference,Currency,CompanyName,"), "{template}");
        user.write("customers.csv", customers(&template, 8));
        let order = ["submit", "customers.csv", "--type", "CustomerImportBasic", "--process", "--reference", "March"];
        let told = user.bulk(&[&order[..], &["--results", "all.csv"]].concat());
        assert_eq!(told.status, Some(3), "{told:?}");
        let id = told.out.split_whitespace().nth(1).unwrap();
        let expected = format!(
            "job {id}  CustomerImportBasic  Processed\n8 records: 5 passed validation, 3 failed it\n5 processed, 0 failed in processing\n"
        );
        assert_eq!(told.out, expected);
        assert!(told.errors.contains(&format!("3 records failed; `billfold bulk results {id} --outcome failed` has them")));
        assert!(told.errors.contains(&format!("job {id}; `billfold bulk status {id}` shows how far it is")), "{told:?}");
        let all = user.read("all.csv");
        assert_eq!(all.lines().filter(|line| line.contains(",Processed,")).count(), 5, "{all}");
        assert_eq!(user.bulk(&["results", id]).out, all);
        assert_eq!(user.bulk(&["results", id, "--outcome", "failed", "--output", "failed.csv"]).status, Some(0));
        let corrected = user.read("failed.csv").replace("XXX", "EUR");
        assert_eq!(corrected.lines().count(), 4);
        let again = ["submit", "-", "--type", "customerImportBasic", "--process", "--wait"];
        let told = user.bulk_of(&corrected, &again);
        assert_eq!(told.status, Some(0), "{told:?}");
        assert!(told.out.contains("3 processed, 0 failed in processing"), "{told:?}");
        let (status, job) = user.json(&["status", id]);
        assert_eq!((status, &job["reference"], &job["fileName"]), (Some(3), &json!("March"), &json!("customers.csv")));
        let lines = user.bulk(&["list"]).out;
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.lines().nth(1).unwrap().ends_with("8 records          3 failed  March"), "{lines}");
        let nowhere = user.bulk(&[&order[..], &["--allow-repeat", "--results", "nowhere/all.csv"]].concat());
        assert!(nowhere.status == Some(1) && nowhere.errors.contains("cannot write nowhere/all.csv"), "{nowhere:?}");
        assert_eq!(user.bulk(&["list"]).out, lines, "nothing was sent of which the results could not be told");
        let whole = user.bulk(&["submit", "all.csv", "--type", "CustomerImportBasic", "--process"]);
        assert!(whole.status == Some(1) && whole.errors.contains("This record was processed"), "{whole:?}");
        let repeated = user.bulk(&order);
        assert_eq!((repeated.status, repeated.out.as_str()), (Some(1), ""));
        let text = format!("billfold: Bulk job {id} has the same records. Give `--allow-repeat` to have them done once more.\n");
        assert!(repeated.errors.ends_with(&text), "{repeated:?}");
        let meant = user.bulk(&[&order[..], &["--allow-repeat", "--dry-run", "--wait"]].concat());
        assert!(meant.out.contains("CustomerImportBasic  Processed, a dry run\n"), "{meant:?}");
        assert!(meant.errors.contains("\nnothing was changed; "), "{meant:?}");
        results_of_json(user);
    })
    .await;
}

/// A JSON Lines file is refused as a whole by an atomic job, and its results are sent as they are.
fn results_of_json(user: &User) {
    let lines =
        ["USD", "XXX"].map(|currency| json!({ "Reference": format!("L{currency}"), "Currency": currency }).to_string());
    user.write("lines.jsonl", lines.join("\n"));
    let order = ["submit", "lines.jsonl", "--type", "CustomerImportBasic", "--mode", "atomic", "--process"];
    let told = user.bulk(&[&order[..], &["--results", "lines-all.jsonl"]].concat());
    assert_eq!(told.status, Some(3));
    assert!(
        told.out.ends_with("given up: Not applied, because another record of the atomic job failed.\n"),
        "{told:?}"
    );
    let all = user.read("lines-all.jsonl").replace("\"XXX\"", "\"CAD\"");
    user.write("again.txt", all);
    let told = user.bulk(&[
        "submit",
        "again.txt",
        "--format",
        "jsonl",
        "--type",
        "CustomerImportBasic",
        "--process",
        "--wait",
    ]);
    assert_eq!(told.status, Some(0), "{told:?}");
}

#[tokio::test]
async fn a_packed_file_is_sent_as_it_is() {
    served(&[], |_server, _, user| {
        let pack = |content: &str| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(content.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        let template = user.bulk(&["template", "CustomerImportBasic"]).out;
        let file = pack(&customers(&template, 300));
        user.write("customers.csv.gz", &file);
        user.write("cut.csv.gz", &file[..file.len() - 5]);
        user.write("lines.jsonl.gz", pack("{\"Reference\":\"L\"}\n"));
        let submit = |name: &str| user.json(&["submit", name, "--type", "CustomerImportBasic", "--process", "--wait"]);
        let (status, job) = submit("customers.csv.gz");
        assert_eq!((status, &job["processedRecords"], &job["failedRecords"]), (Some(3), &json!(200), &json!(100)));
        assert_eq!(job["fileName"], "customers.csv.gz");
        let (status, job) = submit("lines.jsonl.gz");
        assert_eq!((status, &job["processedRecords"]), (Some(0), &json!(1)));
        let cut = user.bulk(&["submit", "cut.csv.gz", "--type", "CustomerImportBasic"]);
        assert_eq!((cut.status, cut.out.as_str()), (Some(1), ""));
        assert!(cut.errors.contains("billfold: The file is not gzip, or is cut off"), "{cut:?}");
    })
    .await;
}

#[tokio::test]
async fn a_job_begins_by_itself_and_is_waited_for() {
    served(&[], |_server, _, user| {
        let template = user.bulk(&["template", "CustomerImportBasic"]).out;
        user.write("first.csv", customers(&template, 1));
        user.write("second.csv", customers(&template, 2));
        let submit = |name: &str, start: &str| {
            let start = format!("{start}Z");
            user.json(&["submit", name, "--type", "CustomerImportBasic", "--start-at", &start, "--wait"])
        };
        let soon = || Clock::system().now().plus_millis(2_000).to_string();
        let (status, first) = submit("first.csv", &soon());
        assert_eq!((status, &first["status"], &first["processedRecords"]), (Some(0), &json!("Processed"), &json!(1)));
        let start = soon();
        let (_, second) = submit("second.csv", &start);
        assert_eq!((&second["status"], &second["startTimestamp"]), (&json!("Processed"), &json!(start)));
        assert!(second["importingTimestamp"].as_str() >= Some(&start));
        let (_, newest) = user.json(&["list", "--newest", "1"]);
        assert_eq!(newest.as_array().unwrap().iter().map(|job| &job["id"]).collect::<Vec<_>>(), [&second["id"]]);
    })
    .await;
}

#[tokio::test]
async fn a_job_pauses_goes_on_and_is_cancelled() {
    served(&[], |_server, _, user| {
        let template = user.bulk(&["template", "CustomerImportBasic"]).out;
        user.write("customers.csv", customers(&template, 1));
        let none =
            user.bulk(&["submit", "customers.csv", "--type", "CustomerImportBasic", "--pause-after", "1", "--dry-run"]);
        assert_eq!(none.status, Some(1));
        assert!(
            none.errors.ends_with("billfold: An atomic job and a dry run are done in one piece and cannot pause.\n")
        );
        user.write("customers.csv", customers(&template, 1) + &customers("", 1).replace("C1", "D1"));
        let order =
            ["submit", "customers.csv", "--type", "CustomerImportBasic", "--pause-after", "1", "--process", "--wait"];
        let (status, job) = user.json(&order);
        assert_eq!((status, &job["status"], &job["isPaused"]), (Some(0), &json!("Processing"), &json!(true)));
        let id = job["id"].to_string();
        assert!(user.bulk(&["status", &id]).out.contains("Processing, paused\n"));
        assert_eq!(user.json(&["pause", &id]).0, Some(0));
        let (status, job) = user.json(&["resume", &id, "--wait"]);
        assert_eq!((status, &job["status"], &job["processedRecords"]), (Some(0), &json!("Processed"), &json!(2)));
        let told = user.bulk(&["cancel", &id]);
        let text = format!("billfold: Cannot cancel job {id} that is in status Processed.\n");
        assert_eq!((told.status, told.out.as_str()), (Some(1), ""));
        assert!(told.errors.ends_with(&text), "{told:?}");
        user.write("more.csv", customers(&template, 2));
        let (status, job) = user.json(&["submit", "more.csv", "--type", "CustomerImportBasic", "--wait"]);
        assert_eq!((status, &job["status"]), (Some(3), &json!("ValidatedWithErrors")));
        let (status, job) = user.json(&["cancel", &job["id"].to_string()]);
        assert_eq!((status, &job["givenUp"]), (Some(0), &json!("Manually marked as Failed.")));
        let id = &job["id"];
        let told = user.bulk(&["status", &id.to_string()]);
        assert!(
            told.out.contains("ProcessedWithErrors, cancelled\n") && told.out.contains(", 1 given up\n"),
            "{told:?}"
        );
        let left = format!(
            "1 record failed and 1 was not processed; `billfold bulk results {id} --outcome failed` has those, and \
             `billfold bulk results {id} --outcome unprocessed` has these\n"
        );
        assert!(told.errors.ends_with(&left), "{told:?}");
        assert!(user.bulk(&["list"]).out.contains("ProcessedWithErrors, cancelled "));
    })
    .await;
}

#[tokio::test]
async fn wrong_usage_and_servers_that_are_not_there_have_a_status_of_their_own() {
    served(&[], |_server, _, user| {
        user.write("a.csv", "InvoiceId\n1\n");
        user.write("a.xlsx", "");
        for wrong in [
            &["submit", "a.csv"][..],
            &["submit", "a.csv", "--type", "Nothing"],
            &["submit", "a.csv", "--type", "QuickBooksLatch"],
            &["template", "QuickBooksLatch"],
            &["submit", "a.xlsx", "--type", "BulkWriteOff"],
            &["submit", "a.csv", "--type", "BulkWriteOff", "--start-at", "soon"],
            &["status", "x"],
            &["status", "1", "--url", "billing.test"],
        ] {
            let told = user.bulk(wrong);
            assert_eq!((told.status, told.out.as_str()), (Some(2), ""), "{wrong:?}: {told:?}");
        }
        let keyless = user.command(&["status", "1"]).env_remove("BILLFOLD_API_KEY").output().unwrap();
        assert_eq!(keyless.status.code(), Some(2));
        let mut template = user.command(&["template", "BulkWriteOff"]);
        let template =
            template.env_remove("BILLFOLD_API_KEY").env("BILLFOLD_URL", "http://127.0.0.1:9").output().unwrap();
        assert_eq!(template.stdout, b"InvoiceId\r\n", "no server is asked");
        assert!(user.bulk(&["list"]).errors.ends_with("there are no jobs yet\n"));
        assert!(user.bulk(&["status", "--help"]).out.contains("[default: http://127.0.0.1:8080]"));
        assert!(user.bulk(&["status", "--help"]).out.contains("[env: BILLFOLD_API_KEY]"));
        for (failing, text) in [
            (&["status", "7"][..], "billfold: Bulk job 7 not found.\n"),
            (&["results", "7"], "billfold: Bulk job 7 not found.\n"),
            (&["submit", "b.csv", "--type", "BulkWriteOff"], "billfold: cannot read b.csv: "),
            (
                &["submit", "a.csv", "--type", "BulkWriteOff"],
                "billfold: BulkWriteOff is not enabled for this account.\n",
            ),
            (
                &["submit", "a.csv", "--type", "PaymentImport", "--start-at", "2024-01-31T09:30:00Z"],
                "billfold: `--start-at` must be in the future. ",
            ),
            (&["list", "--url", "http://127.0.0.1:9"], "billfold: cannot reach http://127.0.0.1:9: "),
        ] {
            let told = user.bulk(failing);
            assert_eq!(told.status, Some(1), "{failing:?}: {told:?}");
            assert!(told.errors.contains(text), "{failing:?}: {told:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_a_job_waits_for_its_server() {
    served(&["--no-workers", "--bulk-wait-ms", "0"], |server, url, user| {
        let address = server.address().to_owned();
        let template = user.bulk(&["template", "CustomerImportBasic"]).out;
        user.write("customers.csv", customers(&template, 1));
        let order = ["submit", "customers.csv", "--type", "CustomerImportBasic", "--process", "--wait", "--json"];
        let waiting = user.command(&order).spawn().unwrap();
        wait_for("the job", || user.json(&["list"]).1.get(0).map(|job| job["status"].clone()));
        // Nobody works on it; the server is away for longer than it is not asked.
        server.kill();
        thread::sleep(Duration::from_millis(1_500));
        let _server = Server::start_again(url, &address);
        let output = waiting.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{errors}");
        let job: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&job["status"], &job["processedRecords"]), (&json!("Processed"), &json!(1)));
        assert!(errors.contains("validating: 0 of 1 record\n"), "{errors}");
        assert!(
            errors.contains(&format!("cannot reach {address}: ")) && errors.contains("; trying again\n"),
            "{errors}"
        );
    })
    .await;
}

#[tokio::test]
async fn money_is_told_by_currency_and_the_next_step_with_it() {
    served(&[], |_server, _, user| {
        let created = |name: &str| {
            let all = user.read(name);
            all.lines().nth(1).unwrap().rsplit(',').nth(1).unwrap().to_owned()
        };
        let done = ["--process", "--results", "done.csv"];
        user.write("customer.csv", "Reference,Currency\nA-1,CAD\n");
        let order = ["submit", "customer.csv", "--type", "CustomerImportBasic"];
        assert_eq!(user.bulk(&[&order[..], &done].concat()).status, Some(0));
        let customer = created("done.csv");
        user.write("activation.csv", format!("StaxBillId\n{customer}\n"));
        let order = ["submit", "activation.csv", "--type", "CustomerActivationImport"];
        assert_eq!(user.bulk(&[&order[..], &done].concat()).status, Some(0));
        user.write("payments.csv", format!("StaxBillID,Amount\n{customer},10.50\n{customer},2\n"));
        let order = ["submit", "payments.csv", "--type", "PaymentImport", "--wait"];
        let told = user.bulk(&order);
        assert!(told.out.ends_with("\nCAD: 12.50 to move\n"), "{told:?}");
        let id = told.out.split_whitespace().nth(1).unwrap();
        let next = format!("`billfold bulk process {id}` processes it, `billfold bulk cancel {id}` gives it up\n");
        assert!(told.errors.ends_with(&next), "{told:?}");
        let told = user.bulk(&["process", id, "--wait"]);
        assert!(told.out.ends_with("\nCAD: 12.50 to move, 12.50 moved\n"), "{told:?}");
    })
    .await;
}

/// A server that ends in the middle of an answer.
#[test]
fn results_that_break_off_leave_no_file() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let user = User::of(&format!("http://{}", listener.local_addr().unwrap()), "key");
    let broken = thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let mut request = [0; 4_096];
        let count = line.read(&mut request).unwrap();
        assert!(request[..count].starts_with(b"GET /v1/BulkApi/Jobs/7/Results?outcome=All&format=csv "));
        line.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nInvoiceId\r\n").unwrap();
    });
    let told = user.bulk(&["results", "7", "--output", "results.csv"]);
    broken.join().unwrap();
    assert_eq!(told.status, Some(1));
    assert!(told.errors.contains(&format!("billfold: cannot reach {}: ", user.address)), "{told:?}");
    assert_eq!(fs::read_dir(&user.directory).unwrap().count(), 0, "a part is no file");
}
