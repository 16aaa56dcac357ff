//! Purchases: their status against the charges that they led to.

use billing::{id::AccountId, named::Named as _, purchase::PurchaseStatus};
use db::{Error, Tx};
use store::verify::PurchaseRow;

use super::{
    Rule,
    findings::{Findings, place},
    group::Group,
};

/// A purchase under way.
#[derive(Default)]
struct Open {
    /// Name of its status; `None` when there are only charges of it.
    status: Option<String>,
    charges: usize,
}

/// Compares the number of charges of every purchase with its status.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_purchase_row(tx, account, |id, row| {
        let open = group.of(id.0, |id, open| open.finish(id, findings));
        match row {
            PurchaseRow::Status(name) => open.status = Some(name.to_owned()),
            PurchaseRow::Charge => open.charges += 1,
        }
    })?;
    group.end(|id, open| open.finish(id, findings));
    Ok(())
}

impl Open {
    fn finish(self, id: i64, findings: &mut Findings) {
        let Some(name) = self.status else {
            return findings.disagrees(Rule::PurchaseCharge, place("charge", id, "purchase_id"), "a purchase", id);
        };
        let is_right = match PurchaseStatus::from_name(&name) {
            Some(PurchaseStatus::Draft) => self.charges == 0,
            Some(PurchaseStatus::Purchased | PurchaseStatus::Reversed) => self.charges == 1,
            // A draft may be cancelled as well as what was charged.
            Some(PurchaseStatus::Cancelled) => self.charges <= 1,
            None => false,
        };
        if is_right {
            return findings.agrees(Rule::PurchaseCharge);
        }
        let expected = format!("a status of {} charges", self.charges);
        findings.disagrees(Rule::PurchaseCharge, place("purchase", id, "status"), expected, name);
    }
}
