//! `billfold account` and `billfold key` as processes: what was made is listed, under the same names.

use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::process::{print, run};

#[tokio::test]
async fn accounts_and_keys_are_listed_as_they_were_made() {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || tell(&url)).await.unwrap();
}

fn tell(url: &str) {
    let create = |more: &[&str]| run(&[&["account", "create", "--json", "--database", url], more].concat());
    let one = create(&["--name", "Shop"]);
    let options = ["--name", "Boutique", "--currency", "EUR", "--timezone", "Europe/Paris"];
    let two = create(&[&options[..], &["--enable", "write-off-over-api,tracked-item-reuse"]].concat());
    let listed = run(&["account", "list", "--json", "--database", url]);
    let account = |of: &Value, name: &str, currency: &str, zone: &str, enabled: &[&str]| json!({ "accountId": of["accountId"], "name": name, "currency": currency, "timezone": zone, "enabled": enabled });
    let expected = [
        account(&one, "Shop", "USD", "UTC", &[]),
        account(&two, "Boutique", "EUR", "Europe/Paris", &["write-off-over-api", "tracked-item-reuse"]),
    ];
    assert_eq!(listed, json!({ "accounts": expected }));
    let id = two["accountId"].to_string();
    let lines = print(&["account", "list", "--database", url]);
    let line = format!("{id}  EUR Europe/Paris --enable write-off-over-api --enable tracked-item-reuse  Boutique");
    assert_eq!(lines.lines().nth(1), Some(line.as_str()));

    let of = ["--account", &id, "--database", url, "--json"];
    let key = run(&[&["key", "create", "--label", "till"], &of[..]].concat());
    let key_id = key["keyId"].to_string();
    run(&[&["key", "revoke", "--key-id", &key_id], &of[..]].concat());
    let keys = run(&[&["key", "list"], &of[..]].concat());
    assert_eq!((&keys["keys"][1]["keyId"], &keys["keys"][1]["label"]), (&key["keyId"], &json!("till")));
    assert!(keys["keys"][1]["revokedAt"].is_string() && keys["keys"][0]["revokedAt"].is_null(), "{keys}");
}

#[tokio::test]
async fn the_only_account_needs_no_name() {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || ask_without_naming(&url)).await.unwrap();
}

fn ask_without_naming(url: &str) {
    let ask = |what: &[&str]| {
        let arguments = [what, &["--database", url]].concat();
        let output = std::process::Command::new(crate::process::PROGRAM).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let commands: [&[&str]; 4] =
        [&["ledger", "export", "--format", "csv"], &["report", "aging"], &["report", "revenue"], &["key", "list"]];
    for command in commands {
        let (status, said) = ask(command);
        assert!(status == Some(1) && said.contains("there is no account yet"), "{said}");
    }
    let create = || run(&["account", "create", "--json", "--name", "Shop", "--database", url]);
    let id = create()["accountId"].clone();
    for command in commands {
        assert_eq!(ask(command).0, Some(0), "{command:?}");
    }
    assert_eq!(run(&["key", "list", "--json", "--database", url])["accountId"], id);
    create();
    for command in commands {
        let (status, said) = ask(command);
        assert!(status == Some(1) && said.contains("`--account` or BILLFOLD_ACCOUNT says which"), "{said}");
    }
}

#[tokio::test]
async fn a_profile_is_said_and_changed_piece_by_piece() {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || tell_profile(&url)).await.unwrap();
}

fn tell_profile(url: &str) {
    let id = run(&["account", "create", "--json", "--database", url, "--name", "Shop"])["accountId"].to_string();
    let of = ["--account", &id, "--database", url, "--json"];
    let call = |what: &[&str]| run(&[&["account", "profile"], what, &of[..]].concat());
    assert_eq!(call(&["show"])["name"], Value::Null);
    let address = ["--line1", "1 Main St", "--city", "Toronto", "--country", "CA", "--state", "ON"];
    let set = call(&[&["set", "--name", "Shop Ltd.", "--signature", "Thanks"], &address[..]].concat());
    assert_eq!((&set["name"], &set["state"], &set["country"]), (&json!("Shop Ltd."), &json!("ON"), &json!("CA")));
    let set = call(&["set", "--signature", "", "--city", "Ottawa"]);
    assert_eq!((&set["signature"], &set["city"], &set["name"]), (&Value::Null, &json!("Ottawa"), &json!("Shop Ltd.")));
    assert_eq!(call(&["set", "--country", "DE"])["state"], Value::Null, "a state is of its country");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logo.png").display().to_string();
    std::fs::write(&file, include_bytes!("../../../document/tests/suite/logo.png")).unwrap();
    assert_eq!(call(&["set", "--logo", &file])["logo"], "image/png, 480 × 160, 1289 bytes");
    assert_eq!(call(&["set", "--no-logo"])["logo"], Value::Null);
    assert_eq!(call(&["show"]), call(&["set"]), "what is not given stays");

    let refused = |what: &[&str]| {
        let arguments = [&["account", "profile", "set"], what, &of[..]].concat();
        let output = std::process::Command::new(crate::process::PROGRAM).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    std::fs::write(&file, "<svg/>").unwrap();
    let (status, said) = refused(&["--logo", &file]);
    assert!(status == Some(1) && said.contains("neither a PNG nor a JPEG"), "{said}");
    let (status, said) = refused(&["--state", "XX"]);
    assert!(status == Some(1) && said.contains("XX is not a state of Germany"), "{said}");
    assert_eq!(refused(&["--country", "Atlantis"]).0, Some(2));
}

#[tokio::test]
async fn how_an_account_collects_is_changed_piece_by_piece() {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || tell_settings(&url)).await.unwrap();
}

fn tell_settings(url: &str) {
    let id = run(&["account", "create", "--json", "--database", url, "--name", "Shop"])["accountId"].to_string();
    let of = ["--account", &id, "--database", url, "--json"];
    let call = |what: &[&str]| run(&[&["account", "settings"], what, &of[..]].concat());
    let shown = call(&["show"]);
    assert_eq!((&shown["autoCollect"], &shown["dunningDays"]), (&json!(false), &json!([1, 3, 5])));
    let set = call(&["set", "--auto-collect", "true", "--term", "Net30", "--cancel-after-days", "60"]);
    assert_eq!(
        (&set["autoCollect"], &set["term"], &set["cancelAfterDays"]),
        (&json!(true), &json!("Net30"), &json!(60))
    );
    let set = call(&["set", "--dunning-days", "none", "--cancel-after-days", "0", "--grace-period", "3"]);
    assert_eq!((&set["dunningDays"], &set["cancelAfterDays"]), (&json!([]), &Value::Null));
    let more = ["--auto-suspend", "true", "--auto-collect-setting-type", "OutstandingBalance", "--dunning-days", "2,4"];
    let set = call(&[&["set"], &more[..]].concat());
    assert_eq!((&set["autoSuspend"], &set["dunningDays"]), (&json!(true), &json!([2, 4])));
    assert_eq!((&set["gracePeriod"], &set["term"]), (&json!(3), &json!("Net30")), "what is not given stays");
    assert_eq!(call(&["show"]), set);
    let only = ["--database", url, "--json"];
    assert_eq!(run(&[&["account", "settings", "show"], &only[..]].concat()), set, "there is one account only");
    let gateways = run(&[&["gateway", "list"], &only[..]].concat());
    assert_eq!((gateways["accountId"].to_string(), &gateways["gateways"]), (id.clone(), &json!([])));
    let arguments = [&["account", "settings", "set", "--dunning-days", "5,1"], &of[..]].concat();
    let output = std::process::Command::new(crate::process::PROGRAM).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("ascending days"));
}
