//! The intent: everything is validated, the amount is known, and what is to follow is kept.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use billing::{
    account::Session,
    collect::CollectOrder,
    collection::{CALL_MS_MAX, Collection, CollectionPurpose, CollectionState, Plan},
    credit::CreditOrder,
    id::{CustomerId, InvoiceId, PaymentActivityId},
    payment::{Allocation, PaymentSource},
    refusal::Refusal,
};
use db::Tx;
use money::{Amount, Currency};

use super::{
    COLLECT, Call, Started,
    source::{Chosen, choose},
};
use crate::{Error, books::Books, credits, engine::rolled_back, funds};

/// Money to be moved.
pub(crate) struct Intent {
    /// Whose money it is; locked.
    pub(crate) customer: CustomerId,
    /// How much.
    pub(crate) amount: Amount,
    /// In which currency.
    pub(crate) currency: Currency,
    /// Where the order comes from.
    pub(crate) source: PaymentSource,
    /// Which attempt at the same debt it is.
    pub(crate) attempt: i64,
    /// How the money is to move.
    pub(crate) chosen: Chosen,
    /// What follows when it moved.
    pub(crate) plan: Plan,
}

/// Stores the intent under `activity`, with the task that ends it when nobody else does.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    session: &Session,
    activity: PaymentActivityId,
    intent: Intent,
) -> Result<Box<Call>, Error> {
    begin_as(tx, session, activity, key_of(activity), intent)
}

/// The same under a name of its own, which nothing else has at the gateway.
pub(crate) fn begin_as(
    tx: &mut Tx<'_>,
    session: &Session,
    activity: PaymentActivityId,
    key: String,
    intent: Intent,
) -> Result<Box<Call>, Error> {
    let Intent { customer, amount, currency, source, attempt, chosen, plan } = intent;
    refuse_second(tx, session, customer)?;
    let (account, now) = (session.account.id, session.now);
    let collection = Collection {
        activity,
        customer,
        state: CollectionState::Calling,
        key,
        via: chosen.via,
        source,
        method: chosen.method,
        amount,
        currency,
        plan,
        attempt,
        end: None,
    };
    store::collection::insert(tx, account, &collection, &chosen.shown, now)?;
    jobs::enqueue(tx, account.0, COLLECT, activity.0, now.plus_millis(CALL_MS_MAX))?;
    Ok(Box::new(Call { account, collection, asked: chosen.asked }))
}

/// Ids are unique in a database. The random part tells databases apart that share a gateway, one of them perhaps an older
/// copy of the other.
fn key_of(activity: PaymentActivityId) -> String {
    format!("billfold-{activity}-{:016x}", RandomState::new().build_hasher().finish())
}

/// One collection at a time: what another one brings decides what there is to collect.
fn refuse_second(tx: &mut Tx<'_>, session: &Session, customer: CustomerId) -> Result<(), Error> {
    match store::collection::find_open(tx, session.account.id, customer)? {
        Some(open) => Err(Refusal::Collecting(open.activity).into()),
        None => Ok(()),
    }
}

/// Invoices that are to be posted and collected at once.
pub(crate) struct Invoicing<'o> {
    /// Whose.
    pub(crate) customer: CustomerId,
    /// How they are paid.
    pub(crate) collect: &'o CollectOrder,
    /// What follows when the money comes first, and what the answer needs to know.
    pub(crate) plan: Plan,
}

/// Posts invoices and collects what they owe; with roll-back, they are posted when the money moved. Nothing is collected
/// when nothing is owed, or when it becomes a credit.
pub(crate) fn of_invoices(
    tx: &mut Tx<'_>,
    session: &Session,
    order: Invoicing<'_>,
    post: impl Fn(&mut Tx<'_>) -> Result<Vec<InvoiceId>, Error>,
) -> Result<Started<Vec<InvoiceId>>, Error> {
    let Invoicing { customer, collect, plan } = order;
    let currency = Books::open(tx, session, customer)?.customer().currency;
    refuse_second(tx, session, customer)?;
    let post_and_spend = |tx: &mut Tx<'_>| {
        let invoices = post(tx)?;
        let owed = owed_after_funds(tx, session, customer, &invoices, collect.uses_funds_first)?;
        Ok((invoices, owed))
    };
    let Some(from) = &collect.from else {
        let (invoices, owed) = post_and_spend(tx)?;
        credit(tx, session, customer, &owed)?;
        return Ok(Started::Done(invoices));
    };
    let (invoices, owed, plan) = if collect.rolls_back {
        let (_, owed) = rolled_back(tx, post_and_spend)?;
        (None, owed, Plan { uses_funds_first: collect.uses_funds_first, ..plan })
    } else {
        let (invoices, owed) = post_and_spend(tx)?;
        let allocations = owed.clone();
        let plan = Plan { purpose: CollectionPurpose::Pay, allocations, tolerates_failure: true, ..plan };
        (Some(invoices), owed, plan)
    };
    let amount = Amount::sum(owed.iter().map(|part| part.amount))?;
    if !amount.is_positive() {
        return Ok(Started::Done(invoices.map_or_else(|| post_and_spend(tx).map(|(invoices, _)| invoices), Ok)?));
    }
    let chosen = choose(tx, session, customer, currency, from)?;
    let activity = PaymentActivityId(tx.next_id()?);
    let source = PaymentSource::Manual;
    let intent = Intent { customer, amount, currency, source, attempt: 1, chosen, plan };
    Ok(Started::Collects(begin(tx, session, activity, intent)?))
}

/// What each invoice owes, if asked for after available funds have been spent on it.
pub(super) fn owed_after_funds(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    invoices: &[InvoiceId],
    uses_funds_first: bool,
) -> Result<Vec<Allocation>, Error> {
    let mut owed = Vec::with_capacity(invoices.len());
    for invoice in invoices {
        if uses_funds_first {
            funds::spend(tx, session, *invoice)?;
        }
        let found = store::invoice::find_open(tx, session.account.id, customer, *invoice)?;
        let amount = found.ok_or(Error::not_found("Invoice", invoice.0))?.outstanding;
        owed.push(Allocation { invoice: *invoice, amount });
    }
    Ok(owed)
}

/// Gives each invoice a credit for what it owes (purchases.md §7.1).
fn credit(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, owed: &[Allocation]) -> Result<(), Error> {
    for part in owed.iter().filter(|part| part.amount.is_positive()) {
        let order = CreditOrder {
            customer,
            amount: part.amount,
            reference: None,
            allocations: vec![*part],
            auto_allocate: None,
            effective_at: None,
        };
        credits::create::run(tx, session, &order)?;
    }
    Ok(())
}
