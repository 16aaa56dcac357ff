//! Payment gateways as processes: the gateways of an account, the keys of the vault, and a server that is paid by card.

use std::{
    fs::{self, File},
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{TestDatabase, numbers};

use crate::process::{PROGRAM, Server, print, run};

/// What Stripe would know the account by.
const STRIPE_SECRET: &str = "sk_test_0123456789abcdef";
/// Pays at the test gateway.
const VISA: &str = "4242424242424242";
/// Is refused there.
const DECLINED: &str = "4000000000000002";

/// An installation: a database with an account, and a directory for files.
struct Place {
    url: String,
    directory: TempDir,
    account: Value,
}

impl Place {
    fn new(url: &str) -> Self {
        let account = run(&["account", "create", "--json", "--database", url, "--name", "Shop"]);
        Self { url: url.to_owned(), directory: TempDir::new().unwrap(), account }
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).display().to_string()
    }

    /// A file with a new key.
    fn key_file(&self, name: &str) -> String {
        let path = self.path(name);
        fs::write(&path, print(&["vault", "new-key"])).unwrap();
        path
    }

    /// `billfold gateway`: its exit status, and what it printed and complained of.
    fn gateway(&self, words: &[&str], input: &str) -> (i32, String) {
        let account = self.account["accountId"].to_string();
        ended(&[&["gateway"], words, &["--database", &self.url, "--account", &account]].concat(), input)
    }

    /// The same, to its good end.
    fn done(&self, words: &[&str], input: &str) -> String {
        let (status, told) = self.gateway(words, input);
        assert_eq!(status, 0, "{words:?}: {told}");
        told
    }

    /// The same, to an end that says why.
    fn refused(&self, words: &[&str], input: &str, reason: &str) {
        let (status, told) = self.gateway(words, input);
        assert!(status == 1 && told.contains(reason), "{words:?}: {told}");
        assert!(input.is_empty() || !told.contains(input), "a secret was told: {told}");
    }

    fn listed(&self) -> Value {
        serde_json::from_str(&self.done(&["list", "--json"], "")).unwrap()
    }

    fn vault(&self, verb: &str, keys: &str) -> (i32, String) {
        ended(&["vault", verb, "--database", &self.url, "--vault-key-file", keys], "")
    }
}

/// Runs the binary to its end: the exit status, and what it printed and complained of.
fn ended(arguments: &[&str], input: &str) -> (i32, String) {
    let mut command = Command::new(PROGRAM);
    let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the binary runs");
    // A command that reads nothing may have ended already.
    let _ = process.stdin.take().expect("the input is piped").write_all(input.as_bytes());
    let output = process.wait_with_output().expect("the binary ends");
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().expect("an exit status"), format!("{told}{errors}"))
}

/// Plays a scene at a new installation.
async fn at_a_place(scene: fn(&Place)) {
    let database = TestDatabase::sqlite(&[]).await;
    let url = database.url.clone();
    tokio::task::spawn_blocking(move || scene(&Place::new(&url))).await.unwrap();
}

#[tokio::test]
async fn gateways_are_added_listed_and_removed() {
    at_a_place(|place| {
        place.refused(&["add", "--kind", "test"], "", "need a vault key");
        let keys = place.key_file("keys");
        let sealed = ["--vault-key-file", keys.as_str()];
        let with_key = |words: &[&'static str]| -> Vec<&str> { [words, &sealed].concat() };
        let test: Value =
            serde_json::from_str(&place.done(&with_key(&["add", "--json", "--kind", "test"]), "")).unwrap();
        assert_eq!(
            (&test["kind"], &test["currency"], &test["removedAt"]),
            (&json!("Test"), &Value::Null, &Value::Null)
        );
        place.refused(&with_key(&["add", "--kind", "test"]), "", "is in use for the same currency");
        let euros = ["add", "--kind", "stripe", "--currency", "EUR"];
        place.refused(&with_key(&euros), "", "needs a secret");
        let euros = with_key(&[&euros[..], &["--secret-file", "-"]].concat());
        let in_the_clear = [&euros[..], &["--gateway-url", "http://stripe.example"]].concat();
        place.refused(&in_the_clear, STRIPE_SECRET, "cannot be used");
        let told = place.done(&euros, STRIPE_SECRET);
        assert!(told.contains(" charges EUR.") && !told.contains(STRIPE_SECRET), "{told}");
        for wrong in [&["add"][..], &["add", "--kind", "purse"], &["remove", "--gateway-id", "x"]] {
            assert_eq!(place.gateway(wrong, "").0, 2, "{wrong:?}");
        }

        let listed = place.listed();
        assert_eq!((&listed["accountId"], &listed["gateways"][0]), (&place.account["accountId"], &test));
        assert_eq!(listed["gateways"].as_array().unwrap().len(), 2);
        assert!(!listed.to_string().contains(STRIPE_SECRET), "{listed}");
        let id = listed["gateways"][1]["gatewayId"].to_string();
        assert!(place.done(&["remove", "--gateway-id", &id], "").contains("is out of use"));
        place.done(&["remove", "--gateway-id", &id], "");
        place.refused(&["remove", "--gateway-id", "1"], "", "Gateway");
        assert!(place.listed()["gateways"][1]["removedAt"].is_string());
        let lines = place.done(&["list"], "");
        assert!(lines.lines().nth(1).is_some_and(|line| line.contains(", removed ")), "{lines}");
        place.done(&euros, STRIPE_SECRET);
    })
    .await;
}

#[tokio::test]
async fn a_key_of_the_vault_is_replaced_and_a_lost_one_is_missed() {
    at_a_place(|place| {
        let keys = place.key_file("keys");
        let secret = ["--secret-file", "-", "--vault-key-file", &keys];
        place.done(&[&["add", "--kind", "stripe"], &secret[..]].concat(), STRIPE_SECRET);
        let id = place.listed()["gateways"][0]["gatewayId"].to_string();
        let set = [&["set-secret", "--gateway-id", &id], &secret[..]].concat();
        let told = place.done(&set, "sk_test_another");
        assert!(told.contains("has its new secrets") && !told.contains("sk_test"), "{told}");
        let unknown = [&["set-secret", "--gateway-id", "1"], &secret[..]].concat();
        place.refused(&unknown, STRIPE_SECRET, "Gateway");
        let webhook = place.path("webhook");
        fs::write(&webhook, "whsec_1").unwrap();
        let webhook = ["--webhook-secret-file", &webhook, "--vault-key-file", &keys];
        place.done(&[&["set-secret", "--gateway-id", &id], &webhook[..]].concat(), "");

        let told = |seen: u8, done: &str, lost: u8| format!("{seen} secrets, {done}, {lost} that no key opens.\n");
        assert_eq!(place.vault("check", &keys), (0, told(2, "0 sealed with an older key", 0)));
        let new = place.key_file("new");
        let (old_keys, new_keys) = (fs::read_to_string(&keys).unwrap(), fs::read_to_string(&new).unwrap());
        let (status, lost) = place.vault("check", &new);
        let old_id = old_keys.split(':').next().unwrap();
        assert!(status == 1 && lost.contains(&told(2, "0 sealed with an older key", 2)), "{lost}");
        assert!(lost.contains(old_id) && lost.contains("gateway.secret"), "which secret, and which key: {lost}");

        fs::write(&keys, format!("{new_keys}{old_keys}")).unwrap();
        assert_eq!(place.vault("check", &keys), (0, told(2, "2 sealed with an older key", 0)));
        assert_eq!(place.vault("rotate", &keys), (0, told(2, "2 sealed anew", 0)));
        assert_eq!(place.vault("rotate", &keys), (0, told(2, "0 sealed anew", 0)), "it may run twice");
        assert_eq!(place.vault("check", &new), (0, told(2, "0 sealed with an older key", 0)), "without the old key");

        fs::write(&new, "no-key-at-all").unwrap();
        let (status, told) = place.vault("check", &new);
        assert!(status == 1 && told.contains("is not `ID:BASE64`") && !told.contains("no-key-at-all"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_paid_by_card_writes_its_number_nowhere() {
    // The database is searched when it goes.
    at_a_place(|place| {
        let (keys, journal, log) = (place.key_file("keys"), place.path("gateway"), place.path("log"));
        place.done(&["add", "--kind", "test", "--vault-key-file", &keys], "");
        let options = ["--vault-key-file", &keys, "--test-gateway-file", &journal, "--log", "debug"];
        let server = Server::start_logging(&place.url, &options, File::create(&log).unwrap().into());
        buy_by_card(place, &server);
        server.kill();
        let id = place.listed()["gateways"][0]["gatewayId"].to_string();
        place.refused(&["remove", "--gateway-id", &id], "", "stores 2 payment methods");
        place.done(&["remove", "--gateway-id", &id, "--abandon-methods"], "");
        assert!(fs::read_to_string(&journal).unwrap().lines().count() > 3, "the gateway was asked");
        numbers::assert_none_in_files(place.directory.path());
    })
    .await;
}

/// Stores a card, buys with it and with others, and is refused.
fn buy_by_card(place: &Place, server: &Server) {
    let caller = server.caller(place.account["apiKey"].as_str().unwrap());
    let (customer, product) = (caller.create_customer(), &testkit::fixtures::product("P", "12.50"));
    let product = caller.post("/v1/products", product)["id"].clone();
    let card = |number: &str| {
        json!({ "cardNumber": number, "cvv": "987", "expirationMonth": 2, "expirationYear": 49,
                                      "firstName": "Ada", "lastName": "Lovelace", "source": "Manual" })
    };
    let mut own = card(VISA);
    own["customerId"] = json!(customer);
    let stored = caller.post("/v1/paymentMethods/creditCard", &own);
    assert_eq!(stored["maskedCardNumber"], "************4242");
    let purchase = |number: &str, keeps: &str, rolls_back: bool| {
        json!({ "customerId": customer, "autoPurchase": true,
                "purchases": [{ "productId": product, "name": "P", "quantity": 1 }],
                "invoiceCollectOptions": { "paymentMethod": format!("UseProvidedPaymentMethod{keeps}"),
                                           "creditCard": card(number), "rollbackOnFailedPayment": rolls_back } })
    };
    for (key, number, keeps, rolls_back, status) in [
        ("one", VISA, "Once", true, 200),
        ("two", VISA, "AndSave", false, 200),
        ("three", DECLINED, "Once", true, 400),
        ("four", DECLINED, "AndSave", false, 200),
    ] {
        let answer = caller.send("/v1/purchases/bulkCreate", &purchase(number, keeps, rolls_back), key);
        let (answered, body) = answer.expect("the server answers");
        assert_eq!(answered, status, "{body}");
        assert_eq!(numbers::find(body.as_bytes()), None, "{body}");
    }
}
