//! A caller of a running server, for bulk jobs.

use std::{fmt, io::Read, thread::sleep, time::Duration};

use serde_json::Value;
use ureq::{
    Agent, Body, BodyReader, RequestBuilder, SendBody,
    http::Response,
    typestate::{WithBody, WithoutBody},
};

use crate::{cli::Server, failure::Failure};

/// How long a connection may take to come about.
const CONNECT_MAX: Duration = Duration::from_secs(15);

/// How long the server may be silent: longer than it waits for a job.
const SILENCE_MAX: Duration = Duration::from_mins(15);

/// How often a call is repeated whose connection is lost, and how long is waited before: some minutes altogether.
const REPEAT_COUNT_MAX: u32 = 12;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Parameters of a query string.
pub(super) type Query<'q> = &'q [(&'q str, &'q str)];

/// Calls one server with one key.
pub(super) struct Client {
    agent: Agent,
    url: String,
    authorization: String,
}

impl Client {
    pub(super) fn of(server: &Server) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_MAX))
            .timeout_recv_response(Some(SILENCE_MAX))
            .timeout_per_read(Some(SILENCE_MAX));
        Self {
            agent: Agent::new_with_config(config.build()),
            url: server.url.clone(),
            authorization: format!("Basic {}", server.api_key.0),
        }
    }

    /// What is read.
    pub(super) fn get(&self, path: &str, query: Query<'_>) -> Result<Value, Failure> {
        self.json(self.read(path, query)?)
    }

    /// A file, as it comes.
    pub(super) fn download(&self, path: &str, query: Query<'_>) -> Result<BodyReader<'static>, Failure> {
        Ok(self.read(path, query)?.into_body().into_reader())
    }

    /// Has something done, once however often it is asked for under this key. The answer is left unread: it may have all
    /// records of a job.
    pub(super) fn post(&self, path: &str, body: &Value, idempotency_key: &str) -> Result<(), Failure> {
        let request = self.agent.post(format!("{}{path}", self.url)).header("idempotency-key", idempotency_key);
        self.answered(self.signed(request).send_json(body)).map(|_| ())
    }

    /// Sends a file as it is read.
    pub(super) fn upload(&self, query: Query<'_>, media_type: &str, mut file: impl Read) -> Result<Value, Failure> {
        let request = self.agent.post(format!("{}/v1/BulkApi/Upload", self.url)).header("content-type", media_type);
        let request = self.signed(request).query_pairs(query.iter().copied());
        self.json(self.answered(request.send(SendBody::from_reader(&mut file)))?)
    }

    fn read(&self, path: &str, query: Query<'_>) -> Result<Response<Body>, Failure> {
        let request: RequestBuilder<WithoutBody> = self.agent.get(format!("{}{path}", self.url));
        let request = request.header("authorization", &self.authorization).query_pairs(query.iter().copied());
        self.answered(request.call())
    }

    fn signed(&self, request: RequestBuilder<WithBody>) -> RequestBuilder<WithBody> {
        request.header("authorization", &self.authorization)
    }

    /// A success; anything else in the server's own words.
    fn answered(&self, answer: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, Failure> {
        let mut answer = answer.map_err(|error| self.lost(error))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().unwrap_or_default();
        Err(Failure::Refused { status, text: told(&body).unwrap_or_else(|| format!("{} answered {status}", self.url)) })
    }

    fn json(&self, mut answer: Response<Body>) -> Result<Value, Failure> {
        let read = answer.body_mut().with_config().limit(u64::MAX).read_json();
        read.map_err(|error| self.lost(error))
    }

    /// The server that was in the middle of an answer, or could not be asked.
    pub(super) fn lost(&self, error: impl fmt::Display) -> Failure {
        Failure::Unreachable { url: self.url.clone(), error: error.to_string() }
    }
}

/// The texts of an error as the API has it.
fn told(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let texts: Vec<_> = body["Errors"].as_array()?.iter().filter_map(|error| error["Value"].as_str()).collect();
    (!texts.is_empty()).then(|| in_own_words(&texts.join("\n")))
}

/// What the API calls by names of its own, as the options and commands here call it.
const OWN_WORDS: &[(&str, &str)] = &[
    ("Send allowRepeat=true to have them", "Give `--allow-repeat` to have them"),
    ("AccountUpload with id ", "Bulk job "),
    ("Cannot process Upload ", "Cannot process job "),
    ("Cannot cancel Upload ", "Cannot cancel job "),
    ("Cannot pause Upload ", "Cannot pause job "),
    ("ValidatedWIthErrors", "ValidatedWithErrors"),
    ("StartAt must be", "`--start-at` must be"),
];

fn in_own_words(text: &str) -> String {
    let text = text.strip_prefix("Upload ").map_or_else(|| text.to_owned(), |rest| format!("Bulk job {rest}"));
    OWN_WORDS.iter().fold(text, |text, (theirs, own)| text.replace(theirs, own))
}

/// Repeats a call for as long as the server cannot be reached or is too busy, some minutes at most. `tell` hears of the first
/// time.
pub(super) fn patiently<T>(
    mut call: impl FnMut() -> Result<T, Failure>,
    tell: impl Fn(&Failure),
) -> Result<T, Failure> {
    let mut pause = FIRST_PAUSE;
    for repetition in 0..REPEAT_COUNT_MAX {
        match call() {
            Err(failure) if failure.is_temporary() => {
                if repetition == 0 {
                    tell(&failure);
                }
                sleep(pause);
                pause = PAUSE_MAX.min(pause * 2);
            }
            settled => return settled,
        }
    }
    call()
}

#[cfg(test)]
mod tests {
    use billing::{id::BulkJobId, refusal::Refusal};

    use super::*;

    #[test]
    fn errors_are_told_in_the_servers_words() {
        let body =
            r#"{"ErrorId":0,"Errors":[{"Key":"a","Value":"One."},{"Key":"b","Value":"Two."}],"HttpStatusCode":400}"#;
        assert_eq!(told(body).as_deref(), Some("One.\nTwo."));
        let id = BulkJobId(7);
        let refusals = [Refusal::JobRepeated(id), Refusal::JobNotValidated(id), Refusal::JobNotPaused(id)];
        let told_here = refusals.map(|refusal| in_own_words(&refusal.to_string()));
        assert_eq!(told_here[0], "Bulk job 7 has the same records. Give `--allow-repeat` to have them done once more.");
        assert_eq!(told_here[1], "Cannot process job 7 that is not in status Validated or ValidatedWithErrors");
        assert_eq!(told_here[2], "Bulk job 7 is not paused.");
        assert_eq!([told("{}"), told("<html>"), told(r#"{"Errors":[]}"#)], [None, None, None]);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let mut left = vec![Err(Failure::Refused { status: 503, text: String::new() }), Ok(7)];
        left.reverse();
        assert_eq!(patiently(|| left.pop().unwrap(), |_| ()).unwrap(), 7);
        let mut count = 0;
        let refused = || {
            count += 1;
            Err::<(), _>(Failure::Refused { status: 404, text: "No.".to_owned() })
        };
        assert!(patiently(refused, |_| ()).is_err());
        assert_eq!(count, 1);
    }
}
