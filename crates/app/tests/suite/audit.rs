//! What a stranger finds who goes through the books of a shop: `verify`, and Beancount with the exported journal.

use std::{collections::BTreeMap, fs::File, io::BufWriter, path::Path};

use app::ledger::{
    self,
    export::{self, ExportError, Format},
};
use money::Amount;
use testkit::Beancount;

use crate::shop::Shop;

/// What each account of the chart holds in each currency, as far as it holds anything.
pub(crate) type Holdings = BTreeMap<(String, String), Amount>;

impl Shop {
    /// Everything that a stranger objects to.
    pub(crate) async fn objections(&self) -> Vec<String> {
        let mut objections = self.disagreements().await;
        let Some(beancount) = Beancount::find() else { return objections };
        let directory = tempfile::TempDir::new().unwrap();
        let journal = directory.path().join("journal.beancount");
        self.export(Format::Beancount, &journal).await;
        objections.extend(beancount.check(&journal).err());
        match beancount.balances(&journal) {
            Err(complaint) => objections.push(complaint),
            Ok(balances) => {
                let (ours, theirs) = (self.holdings().await, holdings_of(&balances));
                if ours != theirs {
                    objections.push(format!("we hold {ours:?}, Beancount says {theirs:?}"));
                }
            }
        }
        objections
    }

    /// Writes the journal to a file.
    pub(crate) async fn export(&self, format: Format, file: &Path) {
        let (account, file) = (self.account, file.to_owned());
        let written = self.app.db().read(move |tx| {
            let mut out = BufWriter::new(File::create(&file)?);
            export::run(tx, account, format, &mut out)
        });
        written.await.map_err(|error: ExportError| error.to_string()).unwrap();
    }

    /// The trial balance.
    pub(crate) async fn holdings(&self) -> Holdings {
        let account = self.account;
        let balances = self.act(move |tx, _| ledger::balances(tx, account)).await.unwrap();
        let held = balances.iter().filter(|balance| !balance.amount.is_zero());
        held.map(|held| ((held.ledger_account.to_string(), held.currency.to_string()), held.amount)).collect()
    }
}

/// Beancount's balances by account of the chart: the second part of a path names it, the third a customer.
fn holdings_of(balances: &BTreeMap<(String, String), String>) -> Holdings {
    let mut holdings = Holdings::new();
    for ((path, currency), text) in balances {
        let account = path.split(':').nth(1).expect("a path has two parts").to_owned();
        let held = holdings.entry((account, currency.clone())).or_default();
        *held = held.checked_add(Amount::parse(text).unwrap()).unwrap();
    }
    holdings.retain(|_, held| !held.is_zero());
    holdings
}
