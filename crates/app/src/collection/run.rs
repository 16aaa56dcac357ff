//! A call that may collect, from the request to the answer that is kept under its idempotency key.

use std::{sync::Arc, time::Duration};

use billing::{account::Session, collection::Collection, id::PaymentActivityId, refusal::Refusal};
use db::Tx;
use tokio::time::Instant;

use super::{Call, Started, call, wait};
use crate::{
    Answer, App, Caller, Error, Idempotency,
    engine::{Opened, Part},
};

/// How long a call waits for the end of another collection of the customer.
const OTHER_WAIT_MAX: Duration = Duration::from_secs(10);

/// How long a call waits for the end of the collection of an equal one, under the same idempotency key.
const EQUAL_WAIT_MAX: Duration = Duration::from_mins(1);

/// What a collecting command came to: its result, or the words in which it is refused although it had an effect; the
/// gateway's come first.
pub type Ended<T> = Result<T, Vec<String>>;

impl App {
    /// Runs a command that may collect. `begin` does what is done before the money moves, `end` makes the result from
    /// what is stored afterwards. A command that is refused because the money did not come has had its effect, the attempt,
    /// so its answer is kept as any other; one of which nobody knows the end is not.
    pub async fn collect<T: 'static>(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        begin: impl Fn(&mut Tx<'_>, &Session) -> Result<Started<T>, Error> + Send + Sync + 'static,
        end: impl Fn(&mut Tx<'_>, &Session, &Collection) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Session, Ended<T>) -> Result<Answer, Error> + Send + Sync + 'static,
    ) -> Result<Answer, Error> {
        let render = Arc::new(render);
        let (account, own) = (caller.account, Arc::clone(&render));
        let till = self.till().clone();
        let begin = Arc::new(move |tx: &mut Tx<'_>, session: &Session| {
            Ok(match begin(tx, session)? {
                Started::Done(done) => Part::Answer(own(session, Ok(done))?),
                Started::Collects(call) => {
                    let activity = call.collection.activity;
                    till.lease(tx, activity, session.now)?;
                    Part::Subject(activity.0, call)
                }
            })
        });
        let (activity, is_replayed) = match self.begin_and_call(caller, idempotency.as_ref(), begin).await? {
            Opened::Answered(answer) => return Ok(answer),
            Opened::Begun(activity) => (activity, false),
            Opened::Awaited(subject) => {
                let activity = PaymentActivityId(subject);
                wait::until_answered(self, account, activity, Instant::now() + EQUAL_WAIT_MAX).await?;
                (activity, true)
            }
        };
        let concluded = self.write(caller, move |tx, session| {
            let found = store::collection::find(tx, session.account.id, activity)?;
            let collection = found.ok_or(Error::not_found("PaymentActivity", activity.0))?;
            let is_known = collection.end.is_some();
            if !is_known && !collection.plan.tolerates_failure {
                return Err(Error::Unsettled(activity));
            }
            let complaints = collection.complaints();
            let ended = if complaints.is_empty() { Ok(end(tx, session, &collection)?) } else { Err(complaints) };
            Ok((render(session, ended)?, is_known))
        });
        let (answer, is_known) = concluded.await?;
        let idempotency = idempotency.filter(|_| is_known);
        let answer = self.answer(caller, idempotency, answer).await?;
        Ok(Answer { is_replayed, ..answer })
    }

    /// Runs the intent and makes the call, both by themselves: a caller who hangs up after the commit of the intent must not
    /// leave one that nobody sees to.
    async fn begin_and_call(
        &self,
        caller: &Caller,
        idempotency: Option<&Idempotency>,
        begin: Arc<impl Fn(&mut Tx<'_>, &Session) -> Result<Part<Box<Call>>, Error> + Send + Sync + 'static>,
    ) -> Result<Opened<PaymentActivityId>, Error> {
        let (own, caller, idempotency) = (self.clone(), caller.clone(), idempotency.cloned());
        call::by_itself(async move {
            Ok(match own.begin_collection(&caller, idempotency.as_ref(), begin).await? {
                Opened::Answered(answer) => Opened::Answered(answer),
                Opened::Begun(call) => {
                    let activity = call.collection.activity;
                    call::detached(&own, call).await;
                    Opened::Begun(activity)
                }
                Opened::Awaited(subject) => Opened::Awaited(subject),
            })
        })
        .await
    }

    /// Runs the intent, and again when another collection of the customer ends in time.
    async fn begin_collection(
        &self,
        caller: &Caller,
        idempotency: Option<&Idempotency>,
        begin: Arc<impl Fn(&mut Tx<'_>, &Session) -> Result<Part<Box<Call>>, Error> + Send + Sync + 'static>,
    ) -> Result<Opened<Box<Call>>, Error> {
        let deadline = Instant::now() + OTHER_WAIT_MAX;
        loop {
            let begin = Arc::clone(&begin);
            let opened = self.open_with(caller, idempotency.cloned(), move |tx, session| begin(tx, session)).await;
            let Err(Error::Refused(Refusal::Collecting(other))) = opened else { return opened };
            let state = wait::until_answered(self, caller.account, other, deadline).await?;
            if state != billing::collection::CollectionState::Ended || Instant::now() >= deadline {
                return opened;
            }
        }
    }
}
