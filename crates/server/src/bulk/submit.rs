//! `billfold bulk submit`: a file becomes a job, and goes as far as was asked for.

use std::path::Path;

use billing::bulk::BulkOutcome;
use serde_json::{Value, json};

use super::{
    client::{Client, patiently},
    file, new_key,
    progress::Progress,
    read, results, tell,
    wait::{Until, wait},
};
use crate::{cli::BulkSubmit, failure::Failure};

pub(super) fn run(order: &BulkSubmit) -> Result<(), Failure> {
    let client = Client::of(&order.server);
    let output = order.results.as_deref().map(file::Output::open).transpose()?;
    let mut progress = Progress::new();
    let job = send(&client, order, &progress)?;
    let id = job["id"].as_i64().unwrap_or_default();
    progress.tell(&told_at_once(id, order));
    let job = follow(&client, order, job, &mut progress)?;
    drop(progress);
    if let Some(output) = output {
        results::save(&client, id, BulkOutcome::All, output, None)?;
    }
    tell::job(&job, order.server.json);
    tell::next(&job, order.server.json);
    tell::verdict(&job)
}

/// What is told before anybody waits: the waiting may be broken off, and the job goes on.
fn told_at_once(id: i64, order: &BulkSubmit) -> String {
    if order.wait || order.results.is_some() {
        format!("job {id}; `billfold bulk status {id}` shows how far it is when this command is broken off")
    } else {
        format!("job {id}")
    }
}

/// The job that the file becomes.
fn send(client: &Client, order: &BulkSubmit, progress: &Progress) -> Result<Value, Failure> {
    let media_type = file::media_type(&order.file, order.format)?;
    let (content, length) = file::open(&order.file)?;
    let (job_type, mode) = (order.r#type.to_string(), order.mode.to_string());
    let pause_after = order.pause_after.map(|count| count.to_string());
    let name = (order.file != Path::new("-")).then(|| order.file.file_name()).flatten();
    let name = name.map(|name| name.to_string_lossy());
    let mut query = vec![("type", job_type.as_str()), ("mode", mode.as_str())];
    query.extend(order.dry_run.then_some(("dryRun", "true")));
    query.extend(order.allow_repeat.then_some(("allowRepeat", "true")));
    query.extend(pause_after.as_deref().map(|count| ("pauseAfter", count)));
    query.extend(order.start_at.as_deref().map(|time| ("startAt", time)));
    query.extend(order.reference.as_deref().map(|text| ("reference", text)));
    query.extend(name.as_deref().map(|name| ("fileName", name)));
    client.upload(&query, media_type, progress.sending(content, length))
}

/// The job when all is done that was asked for, as far as that is waited for.
fn follow(client: &Client, order: &BulkSubmit, mut job: Value, progress: &mut Progress) -> Result<Value, Failure> {
    let id = job["id"].as_i64().unwrap_or_default();
    let is_waited_for = order.wait || order.results.is_some();
    if order.process || is_waited_for {
        job = wait(client, id, Until::Validated, progress)?;
    }
    if order.process {
        let (body, key) = (json!({ "id": id }), new_key()?);
        let retold = |failure: &Failure| progress.tell(&format!("{failure}; trying again"));
        patiently(|| client.post("/v1/BulkApi/Process", &body, &key), retold)?;
        job = read(client, id)?;
    }
    if is_waited_for && (order.process || order.start_at.is_some()) {
        job = wait(client, id, Until::Ended, progress)?;
    }
    Ok(job)
}
