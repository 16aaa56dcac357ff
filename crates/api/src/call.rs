//! One authenticated call, as its handler sees it.

use std::{convert::Infallible, panic::resume_unwind, sync::Arc};

use app::{
    Answer, App, Caller, Error, Idempotency, Tx, bulk,
    collection::{Ended, Started},
};
use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use billing::{
    account::Session,
    collection::Collection,
    listing::{Page, Slice},
    problem::{Problem, Problems},
};
use document::Document;
use money::NumberError;
use serde::{Serialize, de::DeserializeOwned};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    error::ApiError,
    links::Links,
    operation::Operation,
    paper::Form,
    stream::Stream,
    wire::{answer::Json, de, error::ErrorBody, listing, path, query::Query},
};

/// A call whose caller is known and within the limits.
pub(crate) struct Call {
    pub(crate) operation: Arc<Operation>,
    pub(crate) app: App,
    pub(crate) caller: Caller,
    pub(crate) links: Arc<Links>,
    pub(crate) query: Query,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// The body of an operation that reads it as it arrives; empty for others.
    pub(crate) stream: Stream,
    pub(crate) idempotency: Option<Idempotency>,
    pub(crate) bulk: bulk::Limits,
    /// Where documents are set in type.
    pub(crate) desk: Arc<Semaphore>,
}

impl Call {
    /// The id in the path, by its documented name: routes match in lower case.
    pub(crate) fn id(&self, name: &str) -> Result<i64, ApiError> {
        let text = self.path.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        text.and_then(path::id).ok_or(ApiError::Path)
    }

    /// What the body asks for, or everything that is wrong with it.
    pub(crate) fn parse<R: DeserializeOwned, O>(
        &self,
        parse: impl FnOnce(R) -> Result<O, Vec<Problem>>,
    ) -> Result<O, ApiError> {
        de::parse_slice(&self.body, parse).map_err(ApiError::Body)
    }

    /// As [`parse`](Self::parse), on a thread of its own: a body with a million records holds up no other call.
    pub(crate) async fn parse_large<R: DeserializeOwned + 'static, O: Send + 'static>(
        &self,
        parse: fn(R) -> Result<O, Vec<Problem>>,
    ) -> Result<O, ApiError> {
        let body = self.body.clone();
        let parsed = spawn_blocking(move || de::parse_slice(&body, parse)).await;
        // The task is never cancelled, so what failed is a panic; it is this call's.
        parsed.unwrap_or_else(|error| resume_unwind(error.into_panic())).map_err(ApiError::Body)
    }

    /// What the body asks for as far as it can be told, and what is wrong with it so far, for a command that judges on.
    pub(crate) fn judge<R: DeserializeOwned, O>(
        &self,
        judge: impl FnOnce(R, &mut Problems) -> O,
    ) -> Result<(O, Vec<Problem>), ApiError> {
        de::judge_slice(&self.body, judge).map_err(ApiError::Body)
    }

    /// A switch of the query string; absent is `false`.
    pub(crate) fn switch(&self, name: &str) -> Result<bool, ApiError> {
        let value = self.query.boolean(name).map_err(|problem| query_problem(problem.message))?;
        Ok(value.unwrap_or(false))
    }

    /// Which page of which rows in which order.
    fn page(&self) -> Result<Page, ApiError> {
        let known: Vec<&str> = self.operation.query.iter().map(|parameter| parameter.name).collect();
        listing::page(&self.query, &self.operation.fields, &known).map_err(ApiError::Answer)
    }

    /// Runs a command and answers 200 with what `render` makes of its result.
    pub(crate) async fn command<T: 'static, W: Serialize>(
        self,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Links, &Session, T) -> W + Send + Sync + 'static,
    ) -> Result<Response, ApiError> {
        let links = self.links;
        let render = move |session: &Session, result: T| written(&render(&links, session, result));
        let answer = self.app.command(&self.caller, self.idempotency, run, render).await?;
        Ok(respond(answer))
    }

    /// Runs a command that may collect money on its way, and answers 200 with what `render` makes of its result. One that is
    /// refused because the money did not come is answered 400; the attempt is kept, and so is that answer.
    pub(crate) async fn collect<T: 'static, W: Serialize>(
        self,
        begin: impl Fn(&mut Tx<'_>, &Session) -> Result<Started<T>, Error> + Send + Sync + 'static,
        end: impl Fn(&mut Tx<'_>, &Session, &Collection) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Links, &Session, T) -> W + Send + Sync + 'static,
    ) -> Result<Response, ApiError> {
        let links = self.links;
        let render = move |session: &Session, ended: Ended<T>| match ended {
            Ok(result) => written(&render(&links, session, result)),
            Err(texts) => {
                let body = ErrorBody::refused(texts);
                Ok(Answer { status: body.status().as_u16(), ..written(&body)? })
            }
        };
        let answer = self.app.collect(&self.caller, self.idempotency, begin, end, render).await?;
        Ok(respond(answer))
    }

    /// Runs a command, answers 200 with what `render` makes of its result, and undoes it. An idempotency key means nothing
    /// here: there is no effect to protect.
    pub(crate) async fn preview<T: 'static, W: Serialize>(
        self,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Links, &Session, T) -> W + Send + Sync + 'static,
    ) -> Result<Response, ApiError> {
        let links = self.links;
        let render = move |session: &Session, result: T| written(&render(&links, session, result));
        let answer = self.app.preview(&self.caller, run, render).await?;
        Ok(respond(answer))
    }

    /// Asks a command for everything that is wrong with an order; it has no effect, and no other answer.
    pub(crate) async fn refuse(
        self,
        refuse: impl Fn(&mut Tx<'_>, &Session) -> Error + Send + Sync + 'static,
    ) -> Result<Response, ApiError> {
        let run = move |tx: &mut Tx<'_>, session: &Session| Err::<Infallible, _>(refuse(tx, session));
        let answer = self.app.preview(&self.caller, run, |_, never| match never {}).await?;
        Ok(respond(answer))
    }

    /// Runs a command and answers 204.
    pub(crate) async fn command_without_answer(
        self,
        run: impl Fn(&mut Tx<'_>, &Session) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<Response, ApiError> {
        let render = |_: &Session, ()| Ok(Answer::new(204, String::new()));
        let answer = self.app.command(&self.caller, self.idempotency, run, render).await?;
        Ok(respond(answer))
    }

    /// Answers a question with 200 and what `render` makes of its result.
    pub(crate) async fn question<T: Send + 'static, W: Serialize>(
        self,
        ask: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        render: impl Fn(&Links, &Session, T) -> W,
    ) -> Result<Response, ApiError> {
        let answer = self.app.question(&self.caller, move |tx, session| Ok((session.clone(), ask(tx, session)?)));
        let (session, result) = answer.await?;
        Ok(Json(render(&self.links, &session, result)).into_response())
    }

    /// Answers a question with 200 and a document that `make` makes of its result. Setting it takes a moment, so that is
    /// done on a thread of its own, by no more calls at once than the machine has processors.
    pub(crate) async fn document<T: Send + 'static>(
        self,
        form: Form,
        ask: impl Fn(&mut Tx<'_>, &Session) -> Result<T, Error> + Send + Sync + 'static,
        make: impl FnOnce(&Session, T) -> Result<Document, NumberError> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let answer = self.app.question(&self.caller, move |tx, session| Ok((session.clone(), ask(tx, session)?)));
        let (session, result) = answer.await?;
        // The desk is never closed.
        let _place = self.desk.acquire_owned().await;
        let written = spawn_blocking(move || {
            let document = make(&session, result).map_err(Error::defect)?;
            let content = form.write(&document).map_err(Error::defect)?;
            Ok::<_, Error>(form.respond(&document.title, content))
        });
        let written = written.await;
        Ok(written.unwrap_or_else(|error| resume_unwind(error.into_panic()))?)
    }

    /// Answers a question with 200, an array and the paging headers.
    pub(crate) async fn list<T: Send + 'static, W: Serialize>(
        self,
        ask: impl Fn(&mut Tx<'_>, &Session, &Page) -> Result<Slice<T>, Error> + Send + Sync + 'static,
        render: impl Fn(&Links, &Session, T) -> W,
    ) -> Result<Response, ApiError> {
        let page = self.page()?;
        let asked = page.clone();
        let answer =
            self.app.question(&self.caller, move |tx, session| Ok((session.clone(), ask(tx, session, &asked)?)));
        let (session, slice) = answer.await?;
        let headers = listing::headers(&page, &slice);
        let rows: Vec<W> = slice.rows.into_iter().map(|row| render(&self.links, &session, row)).collect();
        Ok((headers, Json(rows)).into_response())
    }
}

/// An answer of 200 with this body. One that cannot be written is a defect, and takes the effect of its command with it:
/// whoever reads of a failure may ask again.
pub(crate) fn written(answer: &impl Serialize) -> Result<Answer, Error> {
    let body = serde_json::to_string(answer).map_err(Error::defect)?;
    Ok(Answer::new(200, body))
}

/// An answer as HTTP; one that was given before says so.
pub(crate) fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    if status == StatusCode::NO_CONTENT {
        response.headers_mut().remove(header::CONTENT_TYPE);
    } else {
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    if answer.is_replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// A problem of a query parameter.
pub(crate) fn query_problem(message: impl Into<String>) -> ApiError {
    ApiError::Answer(ErrorBody::api(StatusCode::BAD_REQUEST, message))
}
