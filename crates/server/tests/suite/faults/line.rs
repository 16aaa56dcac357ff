//! The gateway as the test sees it: its own list, and the places where its line can be held.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use app::gateways::add;
use billing::{gateway::GatewayKind, instrument::SecretString};
use gateway::test::{Entry, Movement, TestGateway};
use tempfile::TempDir;
use testkit::{StripeLine, gateways::VAULT_KEYS};

/// A payment gateway.
pub(super) enum Line {
    /// The test gateway with its journal, in a directory of its own.
    Test(TempDir),
    /// Stripe, behind a faulty line.
    Stripe(Stripe),
}

/// A line to a stand-in for Stripe, and a directory for the keys.
pub(super) struct Stripe {
    pub(super) line: StripeLine,
    directory: TempDir,
}

impl Line {
    pub(super) fn test() -> Self {
        Self::Test(TempDir::new().unwrap())
    }

    pub(super) fn stripe(line: StripeLine) -> Self {
        Self::Stripe(Stripe { line, directory: TempDir::new().unwrap() })
    }

    /// How an operator adds it.
    pub(super) fn order(&self) -> add::Order {
        let (kind, secret, base_url) = match self {
            Self::Test(_) => (GatewayKind::Test, None, None),
            Self::Stripe(stripe) => {
                (GatewayKind::Stripe, Some(SecretString::from("sk_test_12345")), Some(stripe.line.url()))
            }
        };
        add::Order { kind, currency: None, secret, webhook_secret: None, base_url }
    }

    /// The file with the keys of the vault.
    pub(super) fn vault_key_file(&self) -> String {
        let (Self::Test(directory) | Self::Stripe(Stripe { directory, .. })) = self;
        let file = directory.path().join("vault");
        fs::write(&file, VAULT_KEYS).unwrap();
        file.display().to_string()
    }

    /// Where the test gateway keeps its list.
    pub(super) fn journal(&self) -> Option<String> {
        self.journal_file().map(|file| file.display().to_string())
    }

    fn journal_file(&self) -> Option<PathBuf> {
        match self {
            Self::Test(directory) => Some(directory.path().join("journal")),
            Self::Stripe(_) => None,
        }
    }

    /// Nobody gets at the journal of the test gateway until this is dropped.
    pub(super) fn hold(&self) -> Option<File> {
        let file = File::open(self.journal_file()?).unwrap();
        file.lock().unwrap();
        Some(file)
    }

    /// Grows with everything that reaches the gateway.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Test(directory) => fs::metadata(directory.path().join("journal")).map_or(0, |file| file.len()),
            Self::Stripe(stripe) => stripe.line.requests().iter().filter(|line| moves_money(line)).count() as u64,
        }
    }

    /// What was to go wrong and did not goes away.
    pub(super) fn mend(&self) {
        match self {
            Self::Test(_) => {}
            Self::Stripe(stripe) => stripe.line.mend(),
        }
    }

    /// What the gateway took: each key, and how much in cents.
    pub(super) fn charged(&self) -> Vec<(String, i64)> {
        match self {
            Self::Test(_) => {
                self.entries(|entry| if let Entry::Charged(movement) = entry { Some(movement) } else { None })
            }
            Self::Stripe(stripe) => {
                sorted(stripe.line.charged("billfold-").into_iter().map(|moved| (moved.key, moved.units)))
            }
        }
    }

    /// What it gave back.
    pub(super) fn refunded(&self) -> Vec<(String, i64)> {
        match self {
            Self::Test(_) => {
                self.entries(|entry| if let Entry::Refunded(movement) = entry { Some(movement) } else { None })
            }
            Self::Stripe(stripe) => {
                sorted(stripe.line.refunded("billfold-").into_iter().map(|moved| (moved.key, moved.units)))
            }
        }
    }

    fn entries(&self, of: impl Fn(Entry) -> Option<Movement>) -> Vec<(String, i64)> {
        let file = self.journal_file().expect("the test gateway has a journal");
        let entries = TestGateway::with_journal(&file).unwrap().entries().unwrap();
        sorted(entries.into_iter().filter_map(of).map(|movement| (movement.key, movement.amount.millionths() / 10_000)))
    }
}

/// The request of a charge or refund that moves the money.
fn moves_money(line: &str) -> bool {
    line.ends_with("/confirm") || line == "POST /v1/refunds"
}

fn sorted(moved: impl Iterator<Item = (String, i64)>) -> Vec<(String, i64)> {
    let mut moved: Vec<_> = moved.collect();
    moved.sort();
    moved
}
