//! The way every call goes: authenticate, honour the idempotency key, run, keep the answer; all in one transaction.

use std::sync::Arc;

use billing::{
    account::Session,
    id::{AccountId, ApiKeyId},
};
use calendar::{Clock, Instant};
use db::{Db, Tx};
use store::idempotency::Kept;

use crate::{Error, collection::Till, digest, gateways::Gateways};

/// How often a command is run again when it lost a race for a unique key; the next run finds the winner and says so.
const RACE_COUNT_MAX: usize = 3;

/// The commands and questions over one database.
#[derive(Clone)]
pub struct App {
    db: Db,
    clock: Clock,
    wake: Arc<tokio::sync::Notify>,
    gateways: Arc<Gateways>,
    till: Till,
}

/// Who calls: the hash of a key, and the account that it opened when it was last looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// SHA-256 of the key, in hexadecimal.
    pub key_hash: String,
    /// The account.
    pub account: AccountId,
    /// The key.
    pub key: ApiKeyId,
}

/// The caller's name for one effect, and what the request was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The value of `Idempotency-Key`.
    pub key: String,
    /// Hash of method, path and body.
    pub request_hash: String,
    /// What the hash of the same request may have been before, with another vault key or none.
    pub former_hashes: Vec<String>,
}

/// What a write answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON text; empty for none.
    pub body: String,
    /// The answer of an earlier request with the same key.
    pub is_replayed: bool,
}

impl Answer {
    /// A first answer.
    pub fn new(status: u16, body: String) -> Self {
        Self { status, body, is_replayed: false }
    }
}

/// A command whose answer is rendered after its commit, because it needs time or is large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It has run, now or under the same idempotency key before, and nothing is kept as its answer.
    Unanswered {
        /// What it was about.
        subject_id: i64,
        /// It has run before.
        is_replayed: bool,
    },
    /// The first answer.
    Answered(Answer),
}

/// What a command leaves in its commit.
pub(crate) enum Part<S> {
    /// Its answer.
    Answer(Answer),
    /// What it was about, by id, and what is to be done about it yet.
    Subject(i64, S),
}

/// What a call finds after its commit.
#[derive(Debug)]
pub(crate) enum Opened<S> {
    /// An answer, now or under the same idempotency key before.
    Answered(Answer),
    /// What is to be done yet.
    Begun(S),
    /// Somebody else saw or sees to what is to be done about this subject.
    Awaited(i64),
}

impl<S> Opened<S> {
    fn of(part: Part<S>) -> Self {
        match part {
            Part::Answer(answer) => Self::Answered(answer),
            Part::Subject(_, left) => Self::Begun(left),
        }
    }
}

impl App {
    /// Over a database whose schema is up to date; without payment gateways.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, wake: Arc::default(), gateways: Arc::new(Gateways::none()), till: Till::default() }
    }

    /// The same with payment gateways.
    #[must_use]
    pub fn with_gateways(self, gateways: Gateways) -> Self {
        Self { gateways: Arc::new(gateways), ..self }
    }

    /// What a request was, under the name that its caller gave its effect. A body may hold the number of a card, which a plain
    /// hash would give away to whoever tries all numbers; so the vault's keys take part where there are any.
    pub fn idempotency(&self, key: &str, request: &[&[u8]]) -> Idempotency {
        let mut hashes = self.gateways.vault().fingerprints(request);
        hashes.push(digest::sha256(request));
        let request_hash = hashes.remove(0);
        Idempotency { key: key.to_owned(), request_hash, former_hashes: hashes }
    }

    /// The same with another time after which somebody else asks the gateway what became of a collection of which there was no
    /// sign of life, in milliseconds.
    #[must_use]
    pub fn with_collection_lease_ms(self, lease_ms: i64) -> Self {
        Self { till: self.till.with_lease_ms(lease_ms), ..self }
    }

    /// The payment gateways.
    pub fn gateways(&self) -> &Arc<Gateways> {
        &self.gateways
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Waits a while for payments under way, then ends the work on the database, whoever else holds it.
    pub async fn close(self) {
        self.till.close().await;
        self.db.close().await;
    }

    /// Where calls to payment gateways take their places.
    pub(crate) fn till(&self) -> &Till {
        &self.till
    }

    /// The time.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The clock, for units that may wait before they have to know the time.
    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Tells this process's worker of bulk jobs that there is something to do: callers wait for these.
    pub fn wake_workers(&self) {
        self.wake.notify_one();
    }

    /// Returns when there may be something to do. Only one worker may wait: a second one would take the word from it.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// The caller whose key has one of these hashes; one read, however many there are.
    pub async fn authenticate(&self, key_hashes: Vec<String>) -> Result<Caller, Error> {
        self.db
            .read(move |tx| {
                let found = store::account::find_by_any_key(tx, &key_hashes)?;
                let (key_hash, key, account) = found.ok_or(Error::Unauthorized)?;
                Ok(Caller { key_hash, account, key })
            })
            .await
    }

    /// Runs a command. Its effect, its events and, under an idempotency key, its answer are durable together when this
    /// returns. Under a key that was used before, nothing runs and the first answer comes back; a refusal, and an answer
    /// that cannot be rendered, has no effect and leaves the key free.
    pub async fn command<T: 'static>(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Session, T) -> Result<Answer, Error> + Send + Sync + 'static,
    ) -> Result<Answer, Error> {
        let run = move |tx: &mut Tx<'_>, session: &Session| render(session, run(tx, session)?).map(Part::<()>::Answer);
        match self.open_with(caller, idempotency, run).await? {
            Opened::Answered(answer) => Ok(answer),
            Opened::Begun(()) | Opened::Awaited(_) => Err(Error::defect(AWAITED)),
        }
    }

    /// Runs a command that says what it was about, and whose answer is yet to be rendered. Under an idempotency key it
    /// runs once, however often it is begun; [`answer`](Self::answer) keeps the first answer. Whoever dies in between leaves
    /// the key without one, and the next who begins under it goes on.
    pub async fn begin(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<i64, Error> + Send + Sync + 'static,
    ) -> Result<Begun, Error> {
        let run =
            move |tx: &mut Tx<'_>, session: &Session| run(tx, session).map(|subject| Part::Subject(subject, subject));
        Ok(match self.open_with(caller, idempotency, run).await? {
            Opened::Answered(answer) => Begun::Answered(answer),
            Opened::Begun(subject_id) => Begun::Unanswered { subject_id, is_replayed: false },
            Opened::Awaited(subject_id) => Begun::Unanswered { subject_id, is_replayed: true },
        })
    }

    /// Runs a command that has its answer, or says what it was about and what is to be done about it yet. Under an
    /// idempotency key it runs once; the answer is kept, or else the subject until there is one.
    pub(crate) async fn open_with<S: Send + 'static>(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<Part<S>, Error> + Send + Sync + 'static,
    ) -> Result<Opened<S>, Error> {
        let unit = move |tx: &mut Tx<'_>, session: &Session| {
            let Some(idempotency) = &idempotency else { return run(tx, session).map(Opened::of) };
            match claim(tx, session, idempotency)? {
                None => {}
                Some(Kept::Awaited { subject_id }) => return Ok(Opened::Awaited(subject_id)),
                Some(Kept::Answer { status, body }) => return Ok(Opened::Answered(replayed(status, body))),
            }
            let (part, account, key) = (run(tx, session)?, session.account.id, &idempotency.key);
            match &part {
                Part::Answer(Answer { status, body, .. }) => {
                    store::idempotency::answer(tx, account, key, i64::from(*status), body)?;
                }
                Part::Subject(subject, _) => store::idempotency::await_answer(tx, account, key, *subject)?,
            }
            Ok(Opened::of(part))
        };
        self.write(caller, unit).await
    }

    /// Keeps the answer of a command that was begun under an idempotency key, unless an equal call was quicker: the answer
    /// that is kept, which is what the caller is to get.
    pub async fn answer(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        answer: Answer,
    ) -> Result<Answer, Error> {
        let Some(idempotency) = idempotency else { return Ok(answer) };
        let unit = move |tx: &mut Tx<'_>, session: &Session| {
            let (account, status) = (session.account.id, i64::from(answer.status));
            if store::idempotency::answer(tx, account, &idempotency.key, status, &answer.body)? {
                return Ok(answer.clone());
            }
            match claim(tx, session, &idempotency)? {
                Some(Kept::Answer { status, body }) => Ok(replayed(status, body)),
                Some(Kept::Awaited { .. }) | None => Err(Error::defect(AWAITED)),
            }
        };
        self.write(caller, unit).await
    }

    /// Runs a unit of work in the caller's name. One that lost a race for a unique key runs again.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        let (account, caller, now) = (caller.account, caller.clone(), self.now());
        let unit = Arc::new(move |tx: &mut Tx<'_>| {
            let session = open(tx, &caller, now)?;
            run(tx, &session)
        });
        let mut races = 0;
        loop {
            let unit = Arc::clone(&unit);
            match self.db.write_for(account.0, move |tx| unit(tx)).await {
                Err(Error::Database(db::Error::Conflict(_))) if races < RACE_COUNT_MAX => races += 1,
                result => return result,
            }
        }
    }

    /// Runs a command, renders its result and rolls everything back: the caller sees what would happen, and nothing does.
    /// It is the command's own code under the same locks, so preview and run cannot differ.
    pub async fn preview<T: 'static>(
        &self,
        caller: &Caller,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Session, T) -> Result<Answer, Error> + Send + Sync + 'static,
    ) -> Result<Answer, Error> {
        let (account, caller, now) = (caller.account, caller.clone(), self.now());
        let unit = move |tx: &mut Tx<'_>| {
            let session = open(tx, &caller, now)?;
            rolled_back(tx, |tx| render(&session, run(tx, &session)?))
        };
        self.db.write_for(account.0, unit).await
    }

    /// Answers a question from one consistent snapshot.
    pub async fn question<T: Send + 'static>(
        &self,
        caller: &Caller,
        ask: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        let (caller, now) = (caller.clone(), self.now());
        let read = move |tx: &mut Tx<'_>| {
            let session = open(tx, &caller, now)?;
            ask(tx, &session)
        };
        self.db.read(read).await
    }

    /// A session of the system's own work on an account.
    pub fn own_session(tx: &mut Tx<'_>, account: AccountId, now: Instant) -> Result<Session, Error> {
        let account = store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
        Ok(Session { account, key: None, now })
    }
}

/// Does something, looks at it and takes it back: every effect is undone, whatever comes of it.
pub(crate) fn rolled_back<T>(tx: &mut Tx<'_>, run: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> Result<T, Error> {
    kept_if(tx, run, |_| false)
}

/// Does something, looks at it, and takes it back unless it `is_wanted`.
pub(crate) fn kept_if<T>(
    tx: &mut Tx<'_>,
    run: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
    is_wanted: impl FnOnce(&T) -> bool,
) -> Result<T, Error> {
    let done = tx.savepoint(|tx| match run(tx) {
        Ok(seen) if is_wanted(&seen) => Ok(seen),
        Ok(seen) => Err(Undone::Seen(seen)),
        Err(error) => Err(Undone::Failed(error)),
    });
    match done {
        Ok(seen) | Err(Undone::Seen(seen)) => Ok(seen),
        Err(Undone::Failed(error)) => Err(error),
    }
}

/// How [`kept_if`] makes its savepoint roll back.
enum Undone<T> {
    Seen(T),
    Failed(Error),
}

impl<T> From<db::Error> for Undone<T> {
    fn from(error: db::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<T> db::Failure for Undone<T> {
    fn database(&self) -> Option<&db::Error> {
        match self {
            Self::Seen(_) => None,
            Self::Failed(error) => error.database(),
        }
    }
}

/// The session of a call: the key is looked at again in the call's own transaction, so that a revoked key opens nothing
/// from the moment it is revoked.
fn open(tx: &mut Tx<'_>, caller: &Caller, now: Instant) -> Result<Session, Error> {
    let (key, account) = store::account::find_by_key(tx, &caller.key_hash)?.ok_or(Error::Unauthorized)?;
    Ok(Session { account, key: Some(key), now })
}

/// What an equal call has left under this key; `None` when the key is ours.
fn claim(tx: &mut Tx<'_>, session: &Session, idempotency: &Idempotency) -> Result<Option<Kept>, Error> {
    let Idempotency { key, request_hash, former_hashes } = idempotency;
    match store::idempotency::claim(tx, session.account.id, key, request_hash, session.now)? {
        Some(used) if used.request_hash != *request_hash && !former_hashes.contains(&used.request_hash) => {
            Err(Error::KeyReused(key.clone()))
        }
        used => Ok(used.map(|used| used.kept)),
    }
}

fn replayed(status: i64, body: String) -> Answer {
    Answer { status: u16::try_from(status).unwrap_or(200), body, is_replayed: true }
}

/// A defect: what a command runs in one commit is answered in it, and nothing takes an answer back.
const AWAITED: &str = "an idempotency key has no answer where it must have one";
