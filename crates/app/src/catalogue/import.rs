//! Make the catalogue of an account what a file says: what has a known code is updated, everything else is created, and
//! what the file does not name stays.

mod plans;
mod products;
mod references;
mod sales;

use billing::{account::Session, problem::Problems};
use db::Tx;

use self::references::References;
use super::{Count, Order, Report};
use crate::Error;

/// Imports all of it, or nothing: [`Error::Invalid`] names everything that is wrong, by its path in the file. The file says in
/// which order things change, so the whole catalogue is locked first.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Report, Error> {
    store::catalogue::lock(tx, session.account.id)?;
    let mut import =
        Import { tx, session, references: References::default(), problems: Problems::new(), report: Report::new() };
    import.gl_codes(&order.gl_codes)?;
    import.custom_fields(&order.custom_fields)?;
    import.products(&order.products, order.keeps)?;
    import.discounts(&order.discounts)?;
    import.plans(&order.plans)?;
    import.plan_products(&order.plan_products)?;
    import.coupons(&order.coupons)?;
    import.plan_families(&order.plan_families)?;
    // Only now: a retired product is put into no plan, and a retired label is given to no product.
    import.retire_products(&order.products)?;
    import.retire_gl_codes(&order.gl_codes)?;
    let Import { problems, report, .. } = import;
    problems.into_result().map_err(Error::Invalid)?;
    Ok(report)
}

/// An import as far as it has come.
struct Import<'i, 't, 's> {
    tx: &'i mut Tx<'t>,
    session: &'s Session,
    references: References,
    problems: Problems,
    report: Report,
}

impl Import<'_, '_, '_> {
    /// Does one element of a list. What is wrong with it is recorded under its place; the rest of the file goes on.
    fn element<T>(
        &mut self,
        list: &str,
        index: usize,
        run: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let result = run(self);
        let problems = &mut self.problems;
        problems.item(list, index, |problems| match result {
            Ok(done) => Ok(Some(done)),
            Err(Error::Invalid(found)) => {
                for problem in found {
                    problems.push(&problem.field, problem.message);
                }
                Ok(None)
            }
            Err(Error::Refused(refusal)) => {
                problems.push("", refusal.to_string());
                Ok(None)
            }
            Err(error @ Error::NotFound { .. }) => {
                problems.push("", error.to_string());
                Ok(None)
            }
            Err(error) => Err(error),
        })
    }

    /// Records elements whose code an earlier element of the list has: the later would undo the earlier.
    fn check_repeated<'c>(&mut self, list: &str, field: &str, codes: impl Iterator<Item = &'c String>) {
        let mut seen = std::collections::HashSet::new();
        for (index, code) in codes.enumerate() {
            if !seen.insert(code) {
                let text = format!("{field} {code} is in the file more than once.");
                self.problems.item(list, index, |problems| problems.push(field, text));
            }
        }
    }

    /// Counts what was done; `is_new` of each element that went well.
    fn count(&mut self, list: &'static str, is_new: &[bool]) {
        let created = is_new.iter().filter(|is_new| **is_new).count();
        self.report.push((list, Count { created, updated: is_new.len() - created }));
    }
}
