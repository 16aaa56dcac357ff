//! Checkpoints: what they saw of the customers' chains against what is there, and each of them against the one before.

use billing::id::AccountId;
use calendar::Instant;
use db::{Error, Tx};
use ledger::{ChainHash, Seal};
use store::verify::CheckpointRow;

use super::{
    Rule,
    findings::{Findings, place},
};

/// Goes along the checkpoints. After something wrong it goes on from what is stored, so that one wrong row is one
/// disagreement.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut walk = Walk { account, findings, number: 0, hash: ChainHash::GENESIS, open: None };
    store::verify::each_checkpoint_row(tx, account, |number, row| walk.row(number, row))?;
    walk.finish();
    Ok(())
}

/// A checkpoint under way.
struct Open {
    number: i64,
    /// What it is said to be; nothing when there are only heads of it.
    said: Option<Said>,
    heads: Vec<(i64, i64, ChainHash)>,
}

struct Said {
    head_count: i64,
    hash: String,
    created_at: Instant,
}

struct Walk<'f> {
    account: AccountId,
    findings: &'f mut Findings,
    /// Number and hash of the checkpoint before the one under way.
    number: i64,
    hash: ChainHash,
    open: Option<Open>,
}

impl Walk<'_> {
    fn row(&mut self, number: i64, row: CheckpointRow<'_>) {
        if self.open.as_ref().is_none_or(|open| open.number != number) {
            self.finish();
        }
        let open = self.open.get_or_insert_with(|| Open { number, said: None, heads: Vec::new() });
        match row {
            CheckpointRow::Checkpoint(stored) => {
                let (head_count, created_at) = (stored.head_count, stored.created_at);
                open.said = Some(Said { head_count, hash: stored.hash.to_owned(), created_at });
            }
            CheckpointRow::Head { customer, sequence, hash, found } => {
                let place = place("checkpoint_head", customer, "ledger_hash");
                if let Some(found) = found {
                    self.findings.compare(Rule::CheckpointHead, place, found, hash);
                } else {
                    let expected = format!("that of transaction {sequence} of the customer, which is missing");
                    self.findings.disagrees(Rule::CheckpointHead, place, expected, hash);
                }
                // A hash that cannot be read is sealed as none ever was.
                open.heads.push((customer, sequence, ChainHash::parse_hex(hash).unwrap_or(ChainHash::GENESIS)));
            }
        }
    }

    fn finish(&mut self) {
        let Some(Open { number, said, heads }) = self.open.take() else { return };
        let place = |column| place("checkpoint", number, column);
        let Some(said) = said else {
            return self.findings.disagrees(Rule::CheckpointChain, place("checkpoint_number"), "a checkpoint", number);
        };
        self.findings.compare(Rule::CheckpointChain, place("checkpoint_number"), self.number + 1, number);
        let head_count = i64::try_from(heads.len()).unwrap_or(i64::MAX);
        self.findings.compare(Rule::CheckpointChain, place("head_count"), head_count, said.head_count);
        let mut seal = Seal::begin(self.hash, self.account.0, number, said.created_at, head_count);
        for (customer, sequence, hash) in heads {
            seal.add(customer, sequence, hash);
        }
        let expected = seal.finish();
        self.hash = ChainHash::parse_hex(&said.hash).unwrap_or(expected);
        self.number = number;
        self.findings.compare(Rule::CheckpointChain, place("hash"), expected.hex(), said.hash);
    }
}
