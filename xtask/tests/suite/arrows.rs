//! Which crate may depend on which: the arrows of the architecture. Dependencies of tests are free.

use std::process::Command;

use serde_json::Value;

use crate::root;

const PURE: &[&str] = &["money", "calendar", "ledger", "billing", "document"];

/// What each crate may name among its own kind. `PURE` stands for all pure crates, `*` for everything but what is for tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("money", &[]),
    ("calendar", &[]),
    ("ledger", &["money", "calendar"]),
    ("billing", &["ledger", "money", "calendar"]),
    ("document", &["billing", "money", "calendar"]),
    ("db", &[]),
    ("store", &["db", "billing", "ledger", "money", "calendar"]),
    ("jobs", &["db", "calendar"]),
    ("gateway", &["billing", "money", "calendar"]),
    ("vault", &[]),
    ("app", &["store", "jobs", "gateway", "vault", "db", "billing", "ledger", "money", "calendar"]),
    ("api", &["app", "PURE"]),
    ("console", &["app", "PURE"]),
    ("billfold", &["*"]),
    ("testkit", &["*"]),
    ("cluster", &[]),
    ("xtask", &["cluster"]),
    ("bench", &[]),
];

/// Crates from outside that only some may name.
const RESERVED: &[(&[&str], &[&str])] = &[
    (&["rusqlite", "libsqlite3-sys", "postgres", "tokio-postgres", "postgres-types", "sqlx"], &["db", "bench"]),
    (
        &["axum", "axum-core", "hyper", "hyper-util", "tower", "tower-http"],
        &["api", "console", "billfold", "testkit", "bench"],
    ),
    (&["ureq"], &["gateway", "billfold", "xtask"]),
    (&["chacha20poly1305"], &["vault"]),
    (&["tokio"], &["db", "jobs", "gateway", "app", "api", "console", "billfold", "testkit", "xtask", "bench"]),
];

#[test]
fn crates_point_only_where_the_architecture_says() {
    let packages = packages();
    let own: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    for package in &packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == name) else {
            panic!("the crate {name} has no place in the architecture");
        };
        for target in package.dependencies.iter().filter(|target| own.contains(&target.as_str())) {
            assert!(is_allowed(allowed, target), "{name} must not depend on {target}");
        }
    }
}

#[test]
fn drivers_and_http_stay_in_their_crates() {
    for package in packages() {
        for (crates, owners) in RESERVED {
            let is_owner = owners.contains(&package.name.as_str());
            let named = package.dependencies.iter().find(|name| crates.contains(&name.as_str()));
            assert!(is_owner || named.is_none(), "{} must not depend on {named:?}", package.name);
        }
    }
}

fn is_allowed(allowed: &[&str], target: &str) -> bool {
    let is_pure = PURE.contains(&target);
    allowed.iter().any(|entry| match *entry {
        "PURE" => is_pure,
        "*" => !["testkit", "cluster"].contains(&target),
        name => name == target,
    })
}

struct Package {
    name: String,
    /// Without those of tests.
    dependencies: Vec<String>,
}

fn packages() -> Vec<Package> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--offline"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    metadata["packages"].as_array().expect("packages").iter().map(package).collect()
}

fn package(metadata: &Value) -> Package {
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    let dependencies = metadata["dependencies"].as_array().expect("dependencies").iter();
    let of_the_program = dependencies.filter(|dependency| dependency["kind"] != "dev");
    Package { name: name(metadata), dependencies: of_the_program.map(name).collect() }
}
