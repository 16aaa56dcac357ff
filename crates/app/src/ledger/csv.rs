//! The journal as CSV: one row a line of a transaction.

use std::io::Write;

use billing::id::AccountId;
use db::Tx;
use store::ledger::journal;

use super::{export::ExportError, scaled};

/// Writes a head and every line. No value needs quotes: there are numbers, names, times and hashes.
pub(super) fn write(tx: &mut Tx<'_>, account: AccountId, out: &mut dyn Write) -> Result<(), ExportError> {
    writeln!(
        out,
        "transactionId,customerId,sequence,kind,chargeId,effectiveTimestamp,currency,line,debit,credit,amount,hash,deferralId"
    )?;
    journal::each_line(tx, account, |row| {
        let charge = row.charge.map(|charge| charge.0.to_string()).unwrap_or_default();
        let deferral = row.deferral.map(|deferral| deferral.0.to_string()).unwrap_or_default();
        let line = row.line;
        writeln!(
            out,
            "{},{},{},{},{charge},{},{},{},{},{},{},{},{deferral}",
            row.transaction,
            row.customer,
            row.sequence,
            row.kind,
            row.effective_at,
            row.currency,
            row.number,
            line.debit(),
            line.credit(),
            scaled(line.amount(), row.currency),
            row.hash
        )?;
        Ok(())
    })
}
