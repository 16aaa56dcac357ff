//! `billfold catalog` as a process: out of one account, into another, and what is wrong with a file.

use std::{
    fs,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use testkit::{TestDatabase, fixtures};

use crate::process::{PROGRAM, Server, run};

#[tokio::test]
async fn a_catalogue_goes_from_account_to_account() {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || tell(&url)).await.unwrap();
}

fn tell(url: &str) {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).display().to_string();
    let create = || run(&["account", "create", "--json", "--name", "Shop", "--database", url]);
    let (one, two) = (create(), create());
    let server = Server::start(url);
    server.caller(one["apiKey"].as_str().unwrap()).post("/v1/products", &fixtures::product("A", "12.5"));
    drop(server);
    let catalog = |what: &str, account: &Value, file: &str| {
        let id = account["accountId"].to_string();
        let arguments = ["catalog", what, file, "--database", url, "--account", &id, "--json"];
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), told)
    };
    for format in ["json", "csv"] {
        let (first, second) = (file(&format!("one.{format}")), file(&format!("two.{format}")));
        assert_eq!(catalog("export", &one, &first).0, Some(0));
        let (status, told) = catalog("import", &two, &first);
        assert_eq!((status, &told["isImported"]), (Some(0), &json!(true)), "{told}");
        assert_eq!(catalog("export", &two, &second).0, Some(0));
        assert_eq!(fs::read_to_string(&first).unwrap(), fs::read_to_string(&second).unwrap());
    }
    let wrong = file("wrong.json");
    fs::write(&wrong, "{\"products\": [\n  {\"code\": \"A\", \"productType\": \"OneTimeCharge\"}]}").unwrap();
    let (status, told) = catalog("import", &two, &wrong);
    let problem = json!({ "line": 2, "field": "Products[0].Name", "message": "The Name field is required." });
    assert_eq!((status, told), (Some(1), json!({ "isImported": false, "problems": [problem] })));
    pipe(url, &one, &two);
    say_which(url, &two, &wrong);
}

/// Standard output of one command is standard input of the other.
fn pipe(url: &str, one: &Value, two: &Value) {
    let (one, two) = (one["accountId"].to_string(), two["accountId"].to_string());
    let directory = tempfile::tempdir().unwrap();
    let mut export = Command::new(PROGRAM)
        .args(["catalog", "export", "-", "--account", &one, "--database", url])
        .current_dir(&directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let import = Command::new(PROGRAM)
        .args(["catalog", "import", "-", "--account", &two, "--database", url, "--json"])
        .current_dir(&directory)
        .stdin(export.stdout.take().unwrap())
        .output()
        .unwrap();
    assert!(export.wait().unwrap().success());
    let told: Value = serde_json::from_slice(&import.stdout).unwrap();
    assert_eq!(told["counts"]["products"], json!({ "created": 0, "updated": 1 }));
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0, "`-` is no file");
}

/// What fails says on what.
fn say_which(url: &str, account: &Value, wrong: &str) {
    let id = account["accountId"].to_string();
    let errors = |arguments: &[&str]| {
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let told = errors(&["catalog", "import", wrong, "--account", &id, "--database", url]);
    assert!(told.contains(&format!("billfold: nothing was imported from {wrong}: 1 problem\n")), "{told}");
    let told = errors(&["catalog", "import", "nowhere.json", "--account", &id, "--database", url]);
    assert!(told.starts_with("billfold: cannot read nowhere.json: "), "{told}");
    let told = errors(&["catalog", "export", "/nowhere/x.json", "--account", &id, "--database", url]);
    assert!(told.starts_with("billfold: cannot write /nowhere/x.json: "), "{told}");
    let told = errors(&["catalog", "import", wrong, "--account", &id, "--database", "sqlite:/nowhere/x.db"]);
    assert!(told.contains("billfold: nothing was imported from"), "the file is looked at first: {told}");
    let told = errors(&["catalog", "export", "-", "--account", &id, "--database", "sqlite:/nowhere/x.db"]);
    assert!(told.starts_with("billfold: there is no database /nowhere/x.db"), "{told}");
    let told = errors(&["key", "revoke", "--key-id", "1", "--account", "7", "--database", url]);
    assert_eq!(told, "billfold: Account with id 7 not found.\n");
}
