//! Collections without a caller: automation decides within the intent, so that two workers charge once.

use billing::{
    account::Session,
    collect::CollectFrom,
    collection::{Automatic, CollectionPurpose, Plan},
    id::{AccountId, PaymentActivityId},
    payment::PaymentSource,
    payment_activity::ActivityStatus,
    refusal::Refusal,
};
use db::Tx;

use super::{Intent, begin, call, choose};
use crate::{App, Error, books::Books};

/// Collects what `decide` says from the customer's default payment method, and says how it ended; nothing when there is
/// nothing to collect. `decide` runs within the intent and may write what is to be kept with the attempt, by its id.
/// Invoices that owe less by now, or another collection under way, are refused before anything is kept.
pub async fn collect_automatically(
    app: &App,
    account: AccountId,
    decide: impl Fn(&mut Tx<'_>, &Session, PaymentActivityId) -> Result<Option<Automatic>, Error> + Send + Sync + 'static,
) -> Result<Option<(PaymentActivityId, ActivityStatus)>, Error> {
    let (clock, till) = (app.clock(), app.till().clone());
    let intent = move |tx: &mut Tx<'_>| {
        let session = App::own_session(tx, account, clock.now())?;
        let activity = PaymentActivityId(tx.next_id()?);
        let Some(order) = decide(tx, &session, activity)? else { return Ok::<_, Error>(None) };
        let call = intent(tx, &session, activity, order)?;
        till.lease(tx, activity, session.now)?;
        Ok(Some(call))
    };
    let Some(call) = app.db().write_for(account.0, intent).await? else { return Ok(None) };
    let activity = call.collection.activity;
    call::detached(app, call).await;
    let found = app.db().read(move |tx| store::payment_activity::find(tx, account, activity)).await?;
    let status = found.ok_or(Error::not_found("PaymentActivity", activity.0))?.status;
    Ok(Some((activity, status)))
}

fn intent(
    tx: &mut Tx<'_>,
    session: &Session,
    activity: PaymentActivityId,
    order: Automatic,
) -> Result<Box<super::Call>, Error> {
    let Automatic { customer, amount, invoices, attempt } = order;
    let currency = Books::open(tx, session, customer)?.customer().currency;
    let named: Vec<_> = invoices.iter().map(|part| part.invoice).collect();
    let open = store::invoice::find_each_open(tx, session.account.id, customer, &named)?;
    for part in &invoices {
        let outstanding = open.get(&part.invoice).ok_or(Error::not_found("Invoice", part.invoice.0))?.outstanding;
        if part.amount > outstanding {
            return Err(Refusal::OverAllocated { invoice: part.invoice, outstanding, amount: part.amount }.into());
        }
    }
    let chosen = choose(tx, session, customer, currency, &CollectFrom::Default)?;
    let plan = Plan { allocations: invoices, ..Plan::new(CollectionPurpose::Pay) };
    let source = PaymentSource::Automatic;
    begin(tx, session, activity, Intent { customer, amount, currency, source, attempt, chosen, plan })
}
