//! What is asked of drafts.

use billing::id::PurchaseId;
use testkit::Dice;

use super::{cents, index, sell, taken, term};
use crate::random::{
    model::{
        Customer,
        draft::{Draft, Standing},
    },
    operation::{OfCharge, OfDraft, Operation},
};

/// Something for one of the newer drafts: mostly for one that is not posted yet.
pub(super) fn change(dice: &mut Dice, of: &Customer) -> Operation {
    let is_asked = |draft: &&Draft| draft.standing != Standing::Posted;
    let open: Vec<&Draft> = of.drafts.iter().rev().filter(is_asked).take(4).collect();
    let newer: Vec<&Draft> = if open.is_empty() { of.drafts.iter().rev().take(2).collect() } else { open };
    if newer.is_empty() {
        return sell(dice, of, true);
    }
    let draft = newer[index(dice, newer.len())];
    let act = match (draft.standing, draft.lines.is_empty()) {
        (Standing::Cancelled, _) if !dice.one_in(4) => OfDraft::Restore,
        (_, true) => plain(dice),
        _ => act(dice, draft, of.is_taxed),
    };
    Operation::OfDraft { customer: of.id, draft: draft.id, act }
}

/// What needs no line.
fn plain(dice: &mut Dice) -> OfDraft {
    match dice.below(3) {
        0 => OfDraft::Post(None),
        1 => OfDraft::Cancel,
        _ => OfDraft::Restore,
    }
}

fn act(dice: &mut Dice, draft: &Draft, is_taxed: bool) -> OfDraft {
    let purchases: Vec<PurchaseId> = draft.lines.iter().map(|line| line.purchase).collect();
    let one = dice.pick(&purchases);
    match dice.below(13) {
        0 | 1 => OfDraft::Post(None),
        2 | 3 => OfDraft::Post(Some(vec![one])),
        4 => OfDraft::Post(Some(vec![one, PurchaseId(0)])),
        5 => OfDraft::Cancel,
        6 => OfDraft::Restore,
        7 => OfDraft::Term(term(dice)),
        8 => OfDraft::Charge(one, OfCharge::Delete),
        9 => OfDraft::Charge(one, OfCharge::Discount(if dice.one_in(3) { None } else { Some(taken(dice)) })),
        10 | 11 => OfDraft::Schedule(parts(dice, draft.total(is_taxed))),
        _ => OfDraft::Charge(one, OfCharge::Reprice(cents(dice, 20_000), cents(dice, 200))),
    }
}

/// Two or three parts of a total, or of one cent more.
fn parts(dice: &mut Dice, total: i64) -> Vec<(i64, i64)> {
    let days = [30, 0, 14].map(|days| days + i64::from(dice.one_in(4)));
    let first = cents(dice, (total / 2).max(1));
    let second = cents(dice, (total / 4).max(1));
    let rest = total - first - second + i64::from(dice.one_in(8));
    let parts = if rest > 0 { vec![first, second, rest] } else { vec![total.max(1)] };
    parts.into_iter().zip(days).collect()
}
