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
