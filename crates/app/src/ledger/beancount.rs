//! The journal as a Beancount file: every transaction, and an assertion of what each customer owes at the end.
//!
//! Each customer has an account of its own, so that a stranger's program can recompute what it owes.

use std::io::Write;

use billing::{account::Account, id::CustomerId};
use calendar::add_days;
use db::Tx;
use ledger::LedgerAccount;
use money::Amount;
use store::ledger::journal::{self, JournalLine};

use super::{export::ExportError, scaled};

/// Writes the file. The dates are days of the account's time zone.
pub(super) fn write(tx: &mut Tx<'_>, account: &Account, out: &mut dyn Write) -> Result<(), ExportError> {
    writeln!(out, "option \"title\" {}", quoted(&account.name))?;
    writeln!(out, "option \"operating_currency\" \"{}\"", account.currency)?;
    let Some((first, last)) = journal::span(tx, account.id)? else { return Ok(()) };
    let (first, last) = (account.zone.date_of(first), account.zone.date_of(last));
    writeln!(out)?;
    for shared in LedgerAccount::ALL.iter().filter(|account| **account != LedgerAccount::AccountsReceivable) {
        writeln!(out, "{first} open {}", path(*shared))?;
    }
    journal::each_balance(tx, account.id, |customer, currency, _| {
        writeln!(out, "{first} open {} {currency}", receivable(customer))?;
        Ok::<_, ExportError>(())
    })?;
    let mut open = None;
    journal::each_line(tx, account.id, |row| {
        if open.replace(row.transaction) != Some(row.transaction) {
            head(account, &row, out)?;
        }
        posting(row.line.debit(), &row, row.line.amount(), out)?;
        posting(row.line.credit(), &row, row.line.amount().negated(), out)
    })?;
    writeln!(out)?;
    let after = add_days(last, 1);
    journal::each_balance(tx, account.id, |customer, currency, balance| {
        let balance = scaled(balance, currency);
        writeln!(out, "{after} balance {} {balance} ~ 0 {currency}", receivable(customer))?;
        Ok(())
    })
}

/// What happened, with everything that the chain seals and no other line tells.
fn head(account: &Account, row: &JournalLine, out: &mut dyn Write) -> Result<(), ExportError> {
    let narration = row.name.as_deref().unwrap_or_default();
    writeln!(out)?;
    write!(out, "{} * \"{}\" {}", account.zone.date_of(row.effective_at), row.kind, quoted(narration))?;
    if let Some(charge) = row.charge {
        write!(out, " ^charge-{charge}")?;
    }
    if let Some(deferral) = row.deferral {
        write!(out, " ^deferral-{deferral}")?;
    }
    writeln!(out)?;
    writeln!(out, "  transaction: {}", row.transaction)?;
    writeln!(out, "  customer: {}", row.customer)?;
    writeln!(out, "  sequence: {}", row.sequence)?;
    writeln!(out, "  effective: \"{}\"", row.effective_at)?;
    writeln!(out, "  hash: \"{}\"", row.hash)?;
    Ok(())
}

fn posting(account: LedgerAccount, row: &JournalLine, change: Amount, out: &mut dyn Write) -> Result<(), ExportError> {
    let change = scaled(change, row.currency);
    match account {
        LedgerAccount::AccountsReceivable => writeln!(out, "  {} {change} {}", receivable(row.customer), row.currency)?,
        shared => writeln!(out, "  {} {change} {}", path(shared), row.currency)?,
    }
    Ok(())
}

fn receivable(customer: CustomerId) -> String {
    format!("{}:{customer}", path(LedgerAccount::AccountsReceivable))
}

/// The place of an account of the chart in Beancount's five trees.
const fn path(account: LedgerAccount) -> &'static str {
    match account {
        LedgerAccount::AccountsReceivable => "Assets:AccountsReceivable",
        LedgerAccount::Cash => "Assets:Cash",
        LedgerAccount::DeferredRevenue => "Liabilities:DeferredRevenue",
        LedgerAccount::EarnedRevenue => "Income:EarnedRevenue",
        LedgerAccount::DeferredDiscount => "Liabilities:DeferredDiscount",
        LedgerAccount::EarnedDiscount => "Income:EarnedDiscount",
        LedgerAccount::TaxPayable => "Liabilities:TaxPayable",
        LedgerAccount::Credit => "Expenses:Credit",
        LedgerAccount::BadDebt => "Expenses:BadDebt",
        LedgerAccount::OpeningBalance => "Equity:OpeningBalance",
    }
}

/// A text in quotes, on one line: control characters become spaces.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_on_their_line_and_in_their_quotes() {
        assert_eq!(quoted("6\" disk \\ new\r\nline"), r#""6\" disk \\ new  line""#);
    }
}
