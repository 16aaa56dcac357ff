//! Chance decides what is asked for next: mostly what is possible, sometimes what must be refused.

use app::purchases::cancel;
use billing::{
    id::{InvoiceId, PurchaseId},
    payment::AllocateOrder,
    reversal::CancellationOption,
};

use super::{
    model::Customer,
    operation::{Cut, Earning, Operation, Product, Sale, Taken},
};
use crate::trade::Dice;

/// Something for one customer.
pub(super) fn operation(dice: &mut Dice, customers: &[Customer], of: &Customer) -> Operation {
    let customer = of.id;
    match dice.below(10) {
        0..=3 => sell(dice, of),
        4 | 5 => pay(dice, customers, of),
        6 => match invoice(dice, of) {
            Some((invoice, owed)) => {
                Operation::WriteOff { customer, invoice, amount: dice.pick(&[None, Some(owed), Some(owed + 1)]) }
            }
            None => sell(dice, of),
        },
        _ => match purchase(dice, of) {
            Some(purchase) => {
                let options = [CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full];
                Operation::Cancel { customer, order: cancel::Order { purchase, option: dice.pick(&options) } }
            }
            None => sell(dice, of),
        },
    }
}

fn sell(dice: &mut Dice, of: &Customer) -> Operation {
    let sales = (0..=dice.below(2)).map(|_| sale(dice)).collect();
    Operation::Sell { customer: of.id, sales }
}

fn sale(dice: &mut Dice) -> Sale {
    let cents = cents(dice, 5_000);
    let months = dice.pick(&[1, 2, 7]);
    let cut = dice.pick(&[Cut::Days, Cut::Months, Cut::Whole]);
    let over = Earning::Over { months, cut, is_at_end: dice.one_in(2) };
    Sale {
        product: dice.pick(&[Product::Service, Product::Service, Product::Good]),
        hundredths: self::cents(dice, 20_000),
        taken: dice.pick(&[
            None,
            None,
            Some(Taken::PerMille(333)),
            Some(Taken::PerMille(1_000)),
            Some(Taken::Cents(cents)),
        ]),
        asked_earning: dice.pick(&[over, over, over, Earning::Never, Earning::AtOnce]),
    }
}

/// Pays one or two invoices, or whatever is owed, or nothing in particular; one in eight asks for too much.
fn pay(dice: &mut Dice, customers: &[Customer], of: &Customer) -> Operation {
    let too_much = i64::from(dice.one_in(8));
    let mut to: Vec<(InvoiceId, i64)> = Vec::new();
    for _ in 0..dice.below(3) {
        // Once in a while it is somebody else's.
        let owner = if dice.one_in(16) { &customers[index(dice, customers.len())] } else { of };
        match invoice(dice, owner) {
            Some((id, owed)) if to.iter().all(|(earlier, _)| *earlier != id) && owed > 0 => {
                to.push((id, cents(dice, owed) + too_much * owed));
            }
            _ => {}
        }
    }
    let given: i64 = to.iter().map(|(_, part)| part).sum();
    let amount = given + if given == 0 || dice.one_in(2) { cents(dice, 20_000) } else { 0 };
    let rest = dice.pick(&[None, Some(AllocateOrder::OldestToNewest), Some(AllocateOrder::NewestToOldest)]);
    Operation::Pay { customer: of.id, amount, to, rest }
}

/// One of the newer invoices, with what it owes.
fn invoice(dice: &mut Dice, of: &Customer) -> Option<(InvoiceId, i64)> {
    let newer = of.invoices.iter().rev().take(6).map(|invoice| (invoice.id, invoice.outstanding()));
    let newer: Vec<_> = newer.collect();
    (!newer.is_empty()).then(|| dice.pick(&newer))
}

/// One of the newer purchases, be it cancelled or not.
fn purchase(dice: &mut Dice, of: &Customer) -> Option<PurchaseId> {
    let newer = of.invoices.iter().rev().take(6).flat_map(|invoice| &invoice.charges).map(|charge| charge.purchase);
    let newer: Vec<_> = newer.collect();
    (!newer.is_empty()).then(|| dice.pick(&newer))
}

/// From one cent up to so many.
fn cents(dice: &mut Dice, up_to: i64) -> i64 {
    let cents = dice.below(up_to.unsigned_abs()) + 1;
    i64::try_from(cents).expect("few cents")
}

/// A place in a list of so many.
pub(super) fn index(dice: &mut Dice, count: usize) -> usize {
    let count = u64::try_from(count).expect("few");
    usize::try_from(dice.below(count)).expect("few")
}
