//! Chance decides what is asked for next: mostly what is possible, sometimes what must be refused.

mod draft;

use app::purchases::cancel;
use billing::{
    id::{InvoiceId, PurchaseId},
    payment::AllocateOrder,
    reversal::CancellationOption,
};
use testkit::Dice;

use super::{
    model::{
        Customer, Fund, Kind,
        charge::{Charge, Pair},
        invoice::Invoice,
    },
    operation::{Amended, Back, Card, Cut, Earning, GivenUp, Operation, Product, Sale, Taken},
};

/// Something for one customer.
pub(super) fn operation(dice: &mut Dice, customers: &[Customer], of: &Customer) -> Operation {
    let customer = of.id;
    match dice.below(33) {
        0..=3 => sell(dice, of, false),
        4 | 5 => sell(dice, of, true),
        6 | 7 => give(dice, Kind::Payment, customers, of),
        8 | 9 => give(dice, Kind::Credit, customers, of),
        10 | 11 => take_back(dice, customers, of),
        12 => write_off(dice, of),
        13..=15 => reverse(dice, of),
        16 | 17 => reverse_a_part(dice, of),
        18 | 19 => cancel(dice, of),
        20..=22 => draft::change(dice, of),
        23 => Operation::PostReady { customer },
        24 => Operation::Open { customer, amount: cents(dice, 20_000), is_owed: dice.one_in(2) },
        25 | 26 => spend(dice, of),
        27 | 28 => buy(dice, of),
        29 | 30 => defer(dice, of),
        31 => take_deferral_back(dice, of),
        _ => amend(dice, of),
    }
}

/// Revenue of before, which may have begun or begin later.
fn defer(dice: &mut Dice, of: &Customer) -> Operation {
    let (amount, starts_in) = (cents(dice, 20_000), dice.pick(&[-9, 0, 0, 3]));
    Operation::Defer { customer: of.id, amount, starts_in, ends_in: dice.pick(&[3, 10, 45, 400]) }
}

/// Takes any of it back, which may have been done before.
fn take_deferral_back(dice: &mut Dice, of: &Customer) -> Operation {
    if of.deferrals.is_empty() {
        return defer(dice, of);
    }
    let deferral = of.deferrals[index(dice, of.deferrals.len())].id;
    Operation::TakeDeferralBack { customer: of.id, deferral, is_full: dice.one_in(2) }
}

/// Gives up what an invoice owes, or a part of it; now and then more.
fn write_off(dice: &mut Dice, of: &Customer) -> Operation {
    let Some((invoice, owed)) = invoice(dice, of) else { return sell(dice, of, false) };
    let part = GivenUp::Part(cents(dice, owed.max(1)));
    let exactly = [GivenUp::Exactly(owed), GivenUp::Exactly(owed + 1)];
    let given_up = dice.pick(&[exactly[0], exactly[1], GivenUp::Whole, part, part, GivenUp::Part(owed + 1)]);
    Operation::WriteOff { customer: of.id, invoice, given_up }
}

/// Cancels one of the newer purchases, whose charge may wait still.
fn cancel(dice: &mut Dice, of: &Customer) -> Operation {
    let Some(purchase) = purchase(dice, of) else { return sell(dice, of, false) };
    let option = dice.pick(&[CancellationOption::None, CancellationOption::Unearned, CancellationOption::Full]);
    Operation::Cancel { customer: of.id, order: cancel::Order { purchase, option } }
}

fn amend(dice: &mut Dice, of: &Customer) -> Operation {
    let Some((invoice, _)) = invoice(dice, of) else { return sell(dice, of, false) };
    let amended = match dice.below(5) {
        0 | 1 => Amended::Term(term(dice)),
        2 | 3 => Amended::Notes(dice.pick(&[None, Some(1), Some(2)])),
        _ => Amended::Hidden(dice.one_in(2)),
    };
    Operation::Amend { customer: of.id, invoice, amended }
}

/// Days after which is to be paid.
fn term(dice: &mut Dice) -> Option<i64> {
    dice.pick(&[None, Some(0), Some(5), Some(30), Some(90)])
}

fn sell(dice: &mut Dice, of: &Customer, waits: bool) -> Operation {
    Operation::Sell { customer: of.id, sales: sales(dice), waits }
}

/// By a card that pays, three times in four.
fn buy(dice: &mut Dice, of: &Customer) -> Operation {
    let card = if dice.one_in(4) { Card::IsRefused } else { Card::Pays };
    Operation::Buy { customer: of.id, sales: sales(dice), card }
}

fn spend(dice: &mut Dice, of: &Customer) -> Operation {
    let Some((invoice, _)) = invoice(dice, of) else { return sell(dice, of, false) };
    Operation::Spend { customer: of.id, invoice }
}

fn sales(dice: &mut Dice) -> Vec<Sale> {
    (0..=dice.below(2)).map(|_| sale(dice)).collect()
}

fn sale(dice: &mut Dice) -> Sale {
    let months = dice.pick(&[1, 2, 7]);
    let cut = dice.pick(&[Cut::Days, Cut::Months, Cut::Whole]);
    let over = Earning::Over { months, cut, is_at_end: dice.one_in(2) };
    Sale {
        product: dice.pick(&[Product::Service, Product::Service, Product::Good]),
        hundredths: self::cents(dice, 20_000),
        taken: if dice.one_in(2) { Some(taken(dice)) } else { None },
        asked_earning: dice.pick(&[over, over, over, Earning::Never, Earning::AtOnce]),
    }
}

/// What a discount takes; at times everything.
fn taken(dice: &mut Dice) -> Taken {
    let cents = Taken::Cents(cents(dice, 5_000));
    dice.pick(&[Taken::PerMille(333), Taken::PerMille(1_000), cents])
}

/// Settles one or two invoices, or whatever is owed, or nothing in particular; one in eight asks for too much.
fn give(dice: &mut Dice, kind: Kind, customers: &[Customer], of: &Customer) -> Operation {
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
    Operation::Give { customer: of.id, kind, amount, to, rest }
}

/// Takes back of one of the newer payments and credits, from an invoice or two; one in eight asks for too much.
fn take_back(dice: &mut Dice, customers: &[Customer], of: &Customer) -> Operation {
    let newer: Vec<&Fund> = of.funds.iter().rev().filter(|fund| fund.kind != Kind::Deposit).take(6).collect();
    if newer.is_empty() {
        return give(dice, Kind::Credit, customers, of);
    }
    let fund = newer[index(dice, newer.len())];
    let too_much = i64::from(dice.one_in(8));
    let mut from: Vec<(InvoiceId, i64)> = Vec::new();
    for (invoice, given) in fund.given.iter().filter(|(_, given)| **given > 0) {
        if from.len() < 2 && !dice.one_in(3) {
            from.push((*invoice, dice.pick(&[*given, (*given + 1) / 2]) + too_much));
        }
    }
    let taken: i64 = from.iter().map(|(_, part)| part).sum();
    let free = if fund.unallocated > 0 && dice.one_in(2) { cents(dice, fund.unallocated + too_much) } else { 0 };
    let amount = (taken + free).max(1);
    Operation::TakeBack { customer: of.id, kind: fund.kind, source: fund.id, amount, from }
}

/// Takes back all charges of one of the newer invoices or some of them, now and then one twice.
fn reverse(dice: &mut Dice, of: &Customer) -> Operation {
    let newer: Vec<&Invoice> = of.invoices.iter().rev().take(6).collect();
    if newer.is_empty() {
        return sell(dice, of, false);
    }
    let invoice = newer[index(dice, newer.len())];
    let (customer, id) = (of.id, invoice.id);
    if invoice.charges.is_empty() {
        // What was owed before is never taken back.
        return Operation::Reverse { customer, invoice: id, purchases: None, back: Back::Full };
    }
    let one = &invoice.charges[index(dice, invoice.charges.len())];
    // Something of what is left, and now and then more than that.
    let part = cents(dice, one.left().gross.max(1)) + i64::from(dice.one_in(8)) * one.left().gross;
    let parts = [Back::Gross(part), Back::Net(part)];
    if dice.one_in(3) {
        let back = dice.pick(&[parts[0], parts[1], Back::Unearned, Back::Full]);
        return Operation::Reverse { customer, invoice: id, purchases: Some(vec![one.purchase]), back };
    }
    let mut named: Vec<PurchaseId> = invoice.charges.iter().map(|charge| charge.purchase).collect();
    if dice.one_in(8) {
        named.push(one.purchase);
    }
    let purchases = dice.one_in(2).then_some(named);
    Operation::Reverse { customer, invoice: id, purchases, back: dice.pick(&[Back::Unearned, Back::Full]) }
}

/// Takes a small part back of a charge that is being earned, so that several parts meet in one schedule.
fn reverse_a_part(dice: &mut Dice, of: &Customer) -> Operation {
    let is_earning = |charge: &Charge| charge.earned != Pair::default() && charge.deferred() != Pair::default();
    let charges = |invoice: &'_ Invoice| -> Vec<_> {
        let earning = invoice.charges.iter().filter(|charge| is_earning(charge));
        earning.map(|charge| (invoice.id, charge.purchase, charge.left().gross)).collect()
    };
    let earning: Vec<_> = of.invoices.iter().rev().take(12).flat_map(charges).collect();
    if earning.is_empty() {
        return reverse(dice, of);
    }
    let (invoice, purchase, left) = dice.pick(&earning);
    let part = cents(dice, (left / 3).max(1));
    let back = dice.pick(&[Back::Gross(part), Back::Gross(part), Back::Net(part), Back::Unearned]);
    Operation::Reverse { customer: of.id, invoice, purchases: Some(vec![purchase]), back }
}

/// One of the newer invoices, with what it owes.
fn invoice(dice: &mut Dice, of: &Customer) -> Option<(InvoiceId, i64)> {
    let newer = of.invoices.iter().rev().take(6).map(|invoice| (invoice.id, invoice.outstanding()));
    let newer: Vec<_> = newer.collect();
    (!newer.is_empty()).then(|| dice.pick(&newer))
}

/// One of the newer purchases, be it cancelled or not.
fn purchase(dice: &mut Dice, of: &Customer) -> Option<PurchaseId> {
    let posted = of.invoices.iter().rev().take(6).flat_map(|invoice| &invoice.charges).map(|charge| charge.purchase);
    let waiting = of.drafts.iter().rev().take(2).flat_map(|draft| &draft.lines).map(|line| line.purchase);
    let newer: Vec<_> = posted.chain(waiting).collect();
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
