//! `/v1/DraftPaymentSchedules`: the instalments of draft invoices (receivables.md §4.3).

use app::draft_invoices::schedule;
use axum::response::Response;
use billing::{
    id::DraftInvoiceId,
    problem::{Problem, Problems},
};
use money::Amount;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    call::Call,
    error::ApiError,
    operation::Operation,
    routes::{
        invoices::Schedule,
        parse::{money, required},
    },
    wire::{scalar::Decimal, shape::OneOrMany},
};

/// Most instalments of an invoice.
const PART_COUNT_MAX: usize = 120;
/// Latest day on which an instalment falls due after the invoice's own terms: ten years.
const DAYS_MAX: i64 = 3_650;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/DraftPaymentSchedules", "Create draft payment schedules", create)
            .about(
                "Replaces the instalments of a draft invoice in status Ready, which must add up to its total. When the total \
                 becomes another one later, they share it in proportion. Answers the instalments.",
            )
            .takes::<OneOrMany<ScheduleRequest>>("draftPaymentSchedules")
            .answers::<Vec<Schedule>>(),
        Operation::delete("/v1/DraftPaymentSchedules/{draftInvoiceId}", "Delete draft payment schedules", delete)
            .about("The whole draft falls due at once again."),
    ]
}

/// An instalment of a draft invoice.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(rename = "DraftPaymentScheduleRequest")]
struct ScheduleRequest {
    /// The draft; the same for all. Required.
    invoice_id: Option<i64>,
    /// How much; positive, at most two decimals. Required.
    amount: Option<Decimal>,
    /// How many days after the draft's own terms it falls due, 0 to 3650. Required.
    days_due_after_term: Option<i64>,
}

fn parse(OneOrMany(parts): OneOrMany<ScheduleRequest>) -> Result<schedule::Order, Vec<Problem>> {
    let mut problems = Problems::new();
    if parts.is_empty() || parts.len() > PART_COUNT_MAX {
        problems.push("", format!("There must be 1 to {PART_COUNT_MAX} payment schedules."));
    }
    let draft = parts.first().and_then(|part| part.invoice_id).unwrap_or_default();
    let parts = parts.into_iter().enumerate();
    let parts = parts.filter_map(|(index, part)| problems.item("", index, |problems| part.parse(draft, problems)));
    let parts = parts.collect();
    problems.into_result()?;
    Ok(schedule::Order { draft: DraftInvoiceId(draft), parts })
}

impl ScheduleRequest {
    fn parse(self, draft: i64, problems: &mut Problems) -> Option<(Amount, i64)> {
        let invoice = required(problems, "InvoiceId", self.invoice_id);
        if invoice.is_some_and(|invoice| invoice != draft) {
            problems.push("InvoiceId", "All payment schedules must be of the same draft invoice.");
        }
        let amount = money(problems, "Amount", self.amount);
        let days = required(problems, "DaysDueAfterTerm", self.days_due_after_term);
        if days.is_some_and(|days| !(0..=DAYS_MAX).contains(&days)) {
            problems.push("DaysDueAfterTerm", format!("The field DaysDueAfterTerm must be between 0 and {DAYS_MAX}."));
        }
        amount.zip(days)
    }
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(parse)?;
    call.command(
        move |tx, session| schedule::run(tx, session, &order),
        |_, session, found| Schedule::all_of(&found.invoice, session.now),
    )
    .await
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let id = DraftInvoiceId(call.id("draftInvoiceId")?);
    call.command_without_answer(move |tx, session| schedule::clear(tx, session, id)).await
}
