//! Checkpoints over the ends of chains.

use ledger::{ChainHash, Seal};

use crate::sample::at;

/// The seal of one customer's end.
fn seal(previous: ChainHash, [account, number, count, customer, sequence]: [i64; 5], when: &str) -> ChainHash {
    let hash = ChainHash::parse_hex("1c6f0a4041fb591e554c792141f95e7512cd03d82d844a5e85df6a9f533ce626");
    let mut seal = Seal::begin(previous, account, number, at(when), count);
    seal.add(customer, sequence, hash.expect("64 digits"));
    seal.finish()
}

const WHEN: &str = "2024-01-15T10:00:00.5";

/// Computed apart from this program, from the documented bytes.
#[test]
fn the_encoding_is_the_documented_one() {
    let sealed = seal(ChainHash::GENESIS, [1, 2, 1, 3, 4], WHEN);
    assert_eq!(sealed.hex(), "72718c6212e917238185a36f09a3e2dc221f4951fec8f0ad456e17c10c866944");
}

#[test]
fn every_changed_member_changes_the_hash() {
    let base = seal(ChainHash::GENESIS, [1, 2, 1, 3, 4], WHEN);
    let mut sealed =
        vec![base, seal(base, [1, 2, 1, 3, 4], WHEN), seal(ChainHash::GENESIS, [1, 2, 1, 3, 4], "2024-01-15")];
    for place in 0..5 {
        let mut members = [1, 2, 1, 3, 4];
        members[place] += 5;
        sealed.push(seal(ChainHash::GENESIS, members, WHEN));
    }
    let count = sealed.len();
    sealed.sort_by_key(|hash| hash.hex());
    sealed.dedup();
    assert_eq!(sealed.len(), count);
}
