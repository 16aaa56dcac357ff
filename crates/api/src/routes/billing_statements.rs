//! `/v1/BillingStatements`: statements of customers, as JSON and as PDF (receivables.md §12).

mod answer;
mod request;

use app::{
    Error, Tx,
    statements::{
        generate,
        papers::{self, Papers},
    },
};
use axum::response::Response;
use billing::account::Session;
use document::{
    Document,
    invoice::Sender,
    statement::{Recipient, document},
};
use money::NumberError;

use self::{
    answer::{GroupedStatement, Statement},
    request::StatementRequest,
};
use crate::{call::Call, error::ApiError, operation::Operation, paper::Form};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/BillingStatements/Generate", "Create billing statement", by_transaction)
            .about(
                "What moved a customer's balance in a period, one row a transaction with the balance after it, between \
                 the balances before and after the period. It counts what is effective in the period, whenever that was \
                 recorded, and changes nothing.",
            )
            .answers::<Statement>(),
        Operation::post("/v1/BillingStatements/BySubscription/Generate", "Create billing statement by subscription", grouped)
            .about(
                "The same in groups. There are no subscriptions: what is about a purchase stands with it, and what is \
                 about none, as payments are, in a group at the end.",
            )
            .answers::<GroupedStatement>(),
        Operation::post("/v1/BillingStatementSummary/pdf", "Create billing statement summary as PDF", summary)
            .about(
                "The statement as its customer gets it, a PDF file in which an invoice is one line. PDF reads have a limit \
                 of their own.",
            )
            .sends(Form::Pdf),
    ]
    .into_iter()
    .map(|operation| operation.takes::<StatementRequest>("billingStatement").tagged("Statements").question())
    .collect()
}

async fn by_transaction(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(StatementRequest::parse)?;
    let ask = move |tx: &mut Tx<'_>, session: &Session| -> Result<Statement, Error> {
        Ok(Statement::of(&generate::run(tx, session, &order)?)?)
    };
    call.question(ask, |_, _, statement| statement).await
}

async fn grouped(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(StatementRequest::parse)?;
    let ask = move |tx: &mut Tx<'_>, session: &Session| -> Result<GroupedStatement, Error> {
        Ok(GroupedStatement::of(&generate::run(tx, session, &order)?)?)
    };
    call.question(ask, |_, _, statement| statement).await
}

async fn summary(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(StatementRequest::parse)?;
    let ask = move |tx: &mut Tx<'_>, session: &Session| papers::of_statement(tx, session, &order);
    call.document(Form::Pdf, ask, |session, papers| printed(session, &papers)).await
}

fn printed(session: &Session, papers: &Papers) -> Result<Document, NumberError> {
    let sender = Sender { account: &session.account, profile: &papers.profile };
    let recipient = Recipient { contact: &papers.contact, addresses: papers.addresses.as_ref() };
    let generated = &papers.generated;
    document(sender, recipient, &generated.statement, generated.tracking.as_ref(), session.now)
}
