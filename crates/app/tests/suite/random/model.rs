//! The books of one customer, kept a second time: whole cents, days counted from 1970, and the rules of the reference as
//! they are said there. Nothing of the crates below is used but the names of what they keep.

pub(super) mod charge;
mod days;
mod deferral;
pub(super) mod draft;
pub(super) mod invoice;
pub(super) mod line;
pub(super) mod view;

use std::collections::BTreeMap;

use app::purchases::cancel;
use billing::{
    id::{CustomerId, DraftInvoiceId, InvoiceId, PurchaseId},
    payment::AllocateOrder,
    reversal::CancellationOption,
};
use ledger::LedgerAccount::{self, AccountsReceivable, BadDebt, Cash, Credit, OpeningBalance};

use self::{
    charge::Charge,
    deferral::Deferral,
    draft::{Draft, Standing},
    invoice::{Invoice, Paper},
    line::Line,
    view::Chart,
};
use super::operation::{Back, Card, GivenUp, Made, OfDraft, Operation, Sale};

/// A rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

/// A customer as it must be.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) id: CustomerId,
    pub(super) is_taxed: bool,
    /// By age.
    pub(super) drafts: Vec<Draft>,
    /// By age, and by id those of the same instant.
    pub(super) invoices: Vec<Invoice>,
    pub(super) funds: Vec<Fund>,
    pub(super) deferrals: Vec<Deferral>,
    /// The first of the days on which something was overdue, without a break.
    poor_since: Option<i64>,
    pub(super) chart: Chart,
}

/// Money, goodwill, or what was there before; nothing is taken back of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Payment,
    Credit,
    Deposit,
}

/// Money received, goodwill given, or a deposit.
#[derive(Debug, Clone)]
pub(super) struct Fund {
    pub(super) id: i64,
    pub(super) kind: Kind,
    at: i64,
    pub(super) amount: i64,
    pub(super) unallocated: i64,
    /// What was not given back.
    pub(super) left: i64,
    /// What each invoice has of it.
    pub(super) given: BTreeMap<InvoiceId, i64>,
}

/// When something happens, in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now(pub(super) i64);

impl Now {
    fn day(self) -> i64 {
        self.0.div_euclid(86_400_000)
    }
}

impl Kind {
    /// Where it comes from.
    fn account(self) -> LedgerAccount {
        match self {
            Self::Payment => Cash,
            Self::Credit => Credit,
            Self::Deposit => OpeningBalance,
        }
    }
}

impl Customer {
    pub(super) fn new(id: CustomerId, is_taxed: bool) -> Self {
        let (drafts, invoices, funds, deferrals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { id, is_taxed, drafts, invoices, funds, deferrals, poor_since: None, chart: Chart::default() }
    }

    /// What becomes of the customer by an operation; `made` has the ids that it was given.
    pub(super) fn after(&self, operation: &Operation, made: &Made, now: Now) -> Result<Self, Refused> {
        let mut next = self.clone();
        match operation {
            Operation::Sell { sales, waits, .. } => {
                let lines = made.purchases.iter().zip(sales).map(|(purchase, sale)| Line::of(*purchase, sale));
                if *waits {
                    next.drafts.push(Draft::new(made.draft, lines.collect()));
                    next.drafts.sort_by_key(|draft| draft.id);
                } else {
                    next.post(made.first_invoice(), &lines.collect::<Vec<_>>(), Paper::default(), now);
                }
            }
            Operation::Buy { sales, card, .. } => next.buy(sales, *card, made, now)?,
            Operation::OfDraft { draft, act, .. } => next.change_draft(*draft, act, made, now)?,
            Operation::PostReady { .. } => next.post_ready(made, now)?,
            Operation::Amend { invoice, amended, .. } => next.invoice(*invoice)?.amend(*amended),
            Operation::Open { amount, is_owed, .. } => next.open(*amount, *is_owed, made, now),
            Operation::Defer { amount, starts_in, ends_in, .. } => {
                let (today, days) = (now.day(), (*starts_in.max(&0), *ends_in));
                next.deferrals.push(Deferral::open(made.fund, *amount, days, today, &mut next.chart));
            }
            Operation::TakeDeferralBack { deferral, is_full, .. } => {
                let found = next.deferrals.iter_mut().find(|one| one.id == *deferral).ok_or(Refused)?;
                found.take_back(*is_full, now.day(), &mut next.chart)?;
            }
            Operation::Give { kind, amount, to, rest, .. } => next.give(*kind, *amount, to, *rest, made, now)?,
            Operation::TakeBack { source, amount, from, .. } => next.take_back(*source, *amount, from)?,
            Operation::Spend { invoice, .. } => {
                let place = next.place(*invoice)?;
                next.spend(place);
            }
            Operation::WriteOff { invoice, given_up, .. } => next.write_off(*invoice, *given_up)?,
            Operation::Cancel { order: cancel::Order { purchase, option }, .. } => {
                next.cancel(*purchase, *option, now)?;
            }
            Operation::Reverse { invoice, purchases, back, .. } => {
                next.reverse(*invoice, purchases.as_deref(), *back, now)?;
            }
        }
        next.judge(now);
        Ok(next)
    }

    /// A midnight: what is available goes to what is overdue, the oldest invoice first, and the rest is poor standing.
    pub(super) fn pass_midnight(&mut self, now: Now) {
        let mut places: Vec<usize> =
            (0..self.invoices.len()).filter(|place| self.invoices[*place].is_overdue(now.day())).collect();
        places.sort_by_key(|place| self.invoices[*place].id);
        for place in places {
            self.spend(place);
        }
        self.judge(now);
    }

    /// Poor standing begins with the first overdue invoice, and ends with the last.
    fn judge(&mut self, now: Now) {
        let is_poor = self.invoices.iter().any(|invoice| invoice.is_overdue(now.day()));
        self.poor_since = is_poor.then(|| self.poor_since.unwrap_or(now.day()));
    }

    /// Earns what has fallen due.
    pub(super) fn earn(&mut self, now: Now) {
        for charge in self.invoices.iter_mut().flat_map(|invoice| &mut invoice.charges) {
            charge.earn(now.day(), &mut self.chart);
        }
        for deferral in &mut self.deferrals {
            deferral.earn(now.day(), &mut self.chart);
        }
    }

    /// What the customer owes, less what it has to its credit.
    pub(super) fn balance(&self) -> i64 {
        let owed: i64 = self.invoices.iter().map(Invoice::outstanding).sum();
        let funds: i64 = self.funds.iter().map(|fund| fund.unallocated).sum();
        owed - funds
    }

    /// An invoice that is paid by card, or nothing; what costs nothing needs no card.
    fn buy(&mut self, sales: &[Sale], card: Card, made: &Made, now: Now) -> Result<(), Refused> {
        let of = |place: usize, sale| Line::of(made.purchases.get(place).copied().unwrap_or(PurchaseId(0)), sale);
        let lines: Vec<_> = sales.iter().enumerate().map(|(place, sale)| of(place, sale)).collect();
        let id = made.first_invoice();
        self.post(id, &lines, Paper::default(), now);
        let owed = self.invoice(id)?.outstanding();
        match card {
            _ if owed == 0 => Ok(()),
            Card::Pays => self.give(Kind::Payment, owed, &[(id, owed)], None, made, now),
            Card::IsRefused => Err(Refused),
        }
    }

    fn post(&mut self, id: InvoiceId, lines: &[Line], paper: Paper, now: Now) {
        let post = |line| Charge::post(line, self.is_taxed, now.day(), &mut self.chart);
        let charges = lines.iter().map(post).collect();
        self.add(Invoice::of(id, now.0, charges, paper));
    }

    fn add(&mut self, invoice: Invoice) {
        self.invoices.push(invoice);
        self.invoices.sort_by_key(|invoice| (invoice.at, invoice.id));
    }

    fn change_draft(&mut self, id: DraftInvoiceId, act: &OfDraft, made: &Made, now: Now) -> Result<(), Refused> {
        let draft = self.drafts.iter_mut().find(|draft| draft.id == id).ok_or(Refused)?;
        draft.change(act, self.is_taxed)?;
        if let OfDraft::Post(only) = act {
            let (lines, paper) = draft.take(only.as_deref())?;
            self.post(made.first_invoice(), &lines, paper, now);
        }
        Ok(())
    }

    /// Posts what is ready and asks for anything, the oldest first.
    fn post_ready(&mut self, made: &Made, now: Now) -> Result<(), Refused> {
        let is_ready = |draft: &&mut Draft| draft.standing == Standing::Ready && !draft.lines.is_empty();
        let taken: Result<Vec<_>, _> = self.drafts.iter_mut().filter(is_ready).map(|draft| draft.take(None)).collect();
        for ((lines, paper), id) in taken?.into_iter().zip(&made.invoices) {
            self.post(*id, &lines, paper, now);
        }
        Ok(())
    }

    /// Takes over what was owed, on an invoice, or had on deposit.
    fn open(&mut self, amount: i64, is_owed: bool, made: &Made, now: Now) {
        if is_owed {
            self.chart.post(AccountsReceivable, OpeningBalance, amount);
            self.add(Invoice::over(made.first_invoice(), now.0, amount));
        } else {
            self.chart.post(OpeningBalance, AccountsReceivable, amount);
            let (kind, given) = (Kind::Deposit, BTreeMap::new());
            self.funds.push(Fund { id: made.fund, kind, at: now.0, amount, unallocated: amount, left: amount, given });
        }
    }

    fn place(&self, id: InvoiceId) -> Result<usize, Refused> {
        self.invoices.iter().position(|invoice| invoice.id == id).ok_or(Refused)
    }

    /// Gives an invoice what is available, the oldest first.
    fn spend(&mut self, place: usize) {
        let invoice = &mut self.invoices[place];
        let mut oldest_first: Vec<&mut Fund> = self.funds.iter_mut().collect();
        oldest_first.sort_by_key(|fund| (fund.at, fund.id));
        for fund in oldest_first {
            let part = fund.unallocated.min(invoice.outstanding());
            fund.unallocated -= part;
            *fund.given.entry(invoice.id).or_default() += part;
            *invoice.taken(fund.kind) += part;
        }
    }

    fn invoice(&mut self, id: InvoiceId) -> Result<&mut Invoice, Refused> {
        self.invoices.iter_mut().find(|invoice| invoice.id == id).ok_or(Refused)
    }

    /// Receives money, or gives goodwill: to the invoices that are named, then to those that owe.
    fn give(
        &mut self,
        kind: Kind,
        amount: i64,
        to: &[(InvoiceId, i64)],
        rest: Option<AllocateOrder>,
        made: &Made,
        now: Now,
    ) -> Result<(), Refused> {
        let (mut left, mut given) = (amount, BTreeMap::new());
        for (id, part) in to {
            let invoice = self.invoice(*id)?;
            if *part > left || *part > invoice.outstanding() {
                return Err(Refused);
            }
            (*invoice.taken(kind), left) = (*invoice.taken(kind) + part, left - part);
            given.insert(*id, *part);
        }
        let mut owing: Vec<&mut Invoice> = if rest.is_some() { self.invoices.iter_mut().collect() } else { Vec::new() };
        if rest == Some(AllocateOrder::NewestToOldest) {
            owing.reverse();
        }
        for invoice in owing {
            let part = invoice.outstanding().min(left);
            (*invoice.taken(kind), left) = (*invoice.taken(kind) + part, left - part);
            *given.entry(invoice.id).or_default() += part;
        }
        self.chart.post(kind.account(), AccountsReceivable, amount);
        self.funds.push(Fund { id: made.fund, kind, at: now.0, amount, unallocated: left, left: amount, given });
        Ok(())
    }

    /// Gives money back, or takes goodwill back: from the invoices that are named, the rest from what none has.
    fn take_back(&mut self, source: i64, amount: i64, from: &[(InvoiceId, i64)]) -> Result<(), Refused> {
        let fund = self.funds.iter_mut().find(|fund| fund.id == source).ok_or(Refused)?;
        let rest = amount - from.iter().map(|(_, part)| part).sum::<i64>();
        if amount > fund.left || rest < 0 || rest > fund.unallocated {
            return Err(Refused);
        }
        (fund.left, fund.unallocated) = (fund.left - amount, fund.unallocated - rest);
        for (id, part) in from {
            let invoice = self.invoices.iter_mut().find(|invoice| invoice.id == *id).ok_or(Refused)?;
            let given = fund.given.get_mut(id).filter(|given| **given >= *part).ok_or(Refused)?;
            (*given, *invoice.taken(fund.kind)) = (*given - part, *invoice.taken(fund.kind) - part);
        }
        self.chart.post(AccountsReceivable, fund.kind.account(), amount);
        Ok(())
    }

    fn write_off(&mut self, id: InvoiceId, given_up: GivenUp) -> Result<(), Refused> {
        let invoice = self.invoice(id)?;
        let owed = invoice.outstanding();
        let amount = match given_up {
            GivenUp::Whole => owed,
            GivenUp::Exactly(amount) if amount != owed => return Err(Refused),
            GivenUp::Exactly(amount) | GivenUp::Part(amount) => amount,
        };
        if owed == 0 || amount > owed {
            return Err(Refused);
        }
        invoice.write_offs += amount;
        self.chart.post(BadDebt, AccountsReceivable, amount);
        Ok(())
    }

    fn cancel(&mut self, purchase: PurchaseId, option: CancellationOption, now: Now) -> Result<(), Refused> {
        let waits = |draft: &&mut Draft| draft.lines.iter().any(|line| line.purchase == purchase);
        if let Some(draft) = self.drafts.iter_mut().find(waits) {
            if draft.standing != Standing::Ready {
                return Err(Refused);
            }
            // What is not posted is neither earned nor taken back, but leaves the draft.
            draft.lines.retain(|line| line.purchase != purchase);
            return if option == CancellationOption::None { Err(Refused) } else { Ok(()) };
        }
        let sold = |invoice: &Invoice| {
            invoice.charges.iter().position(|charge| charge.purchase == purchase && !charge.is_ended)
        };
        let found = self.invoices.iter().enumerate().find_map(|(place, invoice)| Some((place, sold(invoice)?)));
        let (place, charge) = found.ok_or(Refused)?;
        let charge = &mut self.invoices[place].charges[charge];
        charge.is_ended = true;
        charge.earn(now.day(), &mut self.chart);
        let taken = match option {
            CancellationOption::None => charge.earn_all(&mut self.chart),
            CancellationOption::Unearned => charge.take_back(Back::Unearned, now.day(), &mut self.chart)?.net,
            CancellationOption::Full => charge.take_back(Back::Full, now.day(), &mut self.chart)?.net,
        };
        self.credit(place, taken)
    }

    /// Takes charges back of which anything is left: each that is named must give something, or one at least of all.
    fn reverse(
        &mut self,
        id: InvoiceId,
        purchases: Option<&[PurchaseId]>,
        back: Back,
        now: Now,
    ) -> Result<(), Refused> {
        let place = self.place(id)?;
        let charges = &mut self.invoices[place].charges;
        let is_named = |charge: &Charge| purchases.is_none_or(|named| named.contains(&charge.purchase));
        let chosen = charges.iter_mut().filter(|charge| is_named(charge) && charge.left().gross > 0);
        let (mut net, mut giving_count) = (0, 0);
        for charge in chosen {
            charge.earn(now.day(), &mut self.chart);
            let taken = charge.take_back(back, now.day(), &mut self.chart)?;
            charge.is_ended |= charge.left().gross == 0;
            (net, giving_count) = (net + taken.net, giving_count + usize::from(taken.gross > 0));
        }
        // One that is named twice gives only once, and is refused as well.
        if giving_count == 0 || purchases.is_some_and(|named| named.len() != giving_count) {
            return Err(Refused);
        }
        self.credit(place, net)
    }

    /// Takes a credit note from an invoice; what was paid beyond the rest comes back, the latest first.
    fn credit(&mut self, place: usize, amount: i64) -> Result<(), Refused> {
        let invoice = &mut self.invoices[place];
        let mut surplus = (amount - invoice.outstanding()).max(0);
        invoice.credit_notes += amount;
        let mut latest_first: Vec<&mut Fund> = self.funds.iter_mut().collect();
        latest_first.sort_by_key(|fund| std::cmp::Reverse((fund.at, fund.id)));
        for fund in latest_first {
            let Some(given) = fund.given.get_mut(&invoice.id) else { continue };
            let part = surplus.min(*given);
            (*given, fund.unallocated, surplus) = (*given - part, fund.unallocated + part, surplus - part);
            *invoice.taken(fund.kind) -= part;
        }
        // What is left was written off, and cannot be taken back as well.
        if surplus > 0 { Err(Refused) } else { Ok(()) }
    }
}
