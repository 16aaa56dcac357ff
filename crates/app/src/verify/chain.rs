//! The ledger along each customer's chain: lines, sequence, hashes, the end of the chain, the balance, the trial balance.

mod transaction;
mod trial;

use billing::id::{AccountId, CustomerId};
use db::{Error, Tx};
use ledger::{ChainHash, LedgerAccount, Terms};
use money::{Amount, Currency};
use store::verify::{ChainRow, StoredLine, StoredTransaction};

use self::{transaction::Open, trial::Trial};
use super::{
    Rule,
    findings::{Findings, Sum, place},
};

/// Goes along the chain of every customer. After something wrong it goes on from what is stored, so that one wrong row
/// is one disagreement.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut walk = Walk { account, findings, customer: None, open: None, line_count: 0, trial: Trial::default() };
    store::verify::each_chain_row(tx, account, |row| match row {
        ChainRow::Customer { id, currency, balance, sequence, hash } => {
            walk.finish_customer();
            if Currency::parse(currency).is_some() {
                walk.findings.agrees(Rule::LedgerName);
            } else {
                let place = place("customer", id.0, "currency");
                walk.findings.disagrees(Rule::LedgerName, place, "a known value", currency);
            }
            let said = Said { currency: currency.to_owned(), balance, sequence, hash: hash.to_owned() };
            walk.customer = Some(Customer::new(id, Some(said)));
        }
        ChainRow::Line(head, terms, line) => walk.line(head, terms, line),
    })?;
    walk.finish_customer();
    walk.trial.check(account, walk.findings);
    let line_count = walk.line_count;
    if store::verify::count_lines(tx, account)? == line_count {
        return Ok(());
    }
    store::verify::each_orphan_line(tx, account, |id| {
        let place = place("ledger_line", id, "transaction_id");
        findings.disagrees(Rule::LedgerOwner, place, "a ledger transaction", id);
    })
}

/// What a customer's row says of its ledger.
struct Said {
    currency: String,
    balance: Amount,
    sequence: i64,
    hash: String,
}

/// A customer under way.
struct Customer {
    id: CustomerId,
    /// Nothing when there are only transactions of it.
    said: Option<Said>,
    sequence: i64,
    hash: ChainHash,
    receivable: Sum,
}

impl Customer {
    fn new(id: CustomerId, said: Option<Said>) -> Self {
        Self { id, said, sequence: 0, hash: ChainHash::GENESIS, receivable: Sum::default() }
    }
}

struct Walk<'f> {
    account: AccountId,
    findings: &'f mut Findings,
    customer: Option<Customer>,
    open: Option<Open>,
    line_count: i64,
    trial: Trial,
}

impl Walk<'_> {
    fn line(&mut self, head: StoredTransaction<'_>, terms: Terms, line: Option<StoredLine<'_>>) {
        if self.open.as_ref().is_none_or(|open| open.id != head.id) {
            self.finish_transaction();
            self.start(head, terms);
        }
        let (Some(open), Some(line)) = (&mut self.open, line) else { return };
        self.line_count += 1;
        let sides = open.add(line, self.findings);
        self.trial.add(head.currency, sides, line.amount);
        let Some(customer) = &mut self.customer else { return };
        let [debit, credit] = sides.map(|side| side == Some(LedgerAccount::AccountsReceivable));
        if debit {
            customer.receivable.add(line.amount);
        }
        if credit {
            customer.receivable.subtract(line.amount);
        }
    }

    fn start(&mut self, head: StoredTransaction<'_>, terms: Terms) {
        if self.customer.as_ref().is_none_or(|customer| customer.id != head.customer) {
            self.finish_customer();
            self.customer = Some(Customer::new(head.customer, None));
        }
        if let Some(customer) = &mut self.customer {
            let place = |column| place("ledger_transaction", head.id, column);
            match &customer.said {
                Some(said) => {
                    self.findings.agrees(Rule::LedgerOwner);
                    let currency = said.currency.as_str();
                    self.findings.compare(Rule::LedgerCurrency, place("currency"), currency, head.currency);
                }
                None => {
                    self.findings.disagrees(Rule::LedgerOwner, place("customer_id"), "a customer", head.customer.0);
                }
            }
            let expected = customer.sequence.saturating_add(1);
            self.findings.compare(Rule::LedgerSequence, place("sequence"), expected, head.sequence);
            customer.sequence = head.sequence;
        }
        self.open = Some(Open::new(head, terms, self.findings));
    }

    fn finish_transaction(&mut self) {
        let (Some(open), Some(customer)) = (self.open.take(), &mut self.customer) else { return };
        customer.hash = open.finish(self.account, customer.id, customer.hash, self.findings);
    }

    fn finish_customer(&mut self) {
        self.finish_transaction();
        let Some(Customer { id, said: Some(said), sequence, hash, receivable }) = self.customer.take() else { return };
        let place = |column| place("customer", id.0, column);
        self.findings.compare(Rule::LedgerEnd, place("ledger_sequence"), sequence, said.sequence);
        self.findings.compare(Rule::LedgerEnd, place("ledger_hash"), hash.hex(), said.hash);
        self.findings.compare(Rule::CustomerBalance, place("balance"), receivable, said.balance.into());
    }
}
