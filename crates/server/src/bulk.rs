//! `billfold bulk`: jobs of a running server, over its API.

mod client;
mod file;
mod progress;
mod results;
mod submit;
mod tell;
mod wait;

use app::bulk::types::{Column, layout};
use serde_json::{Value, json};

use self::{
    client::Client,
    progress::Progress,
    wait::{Until, wait},
};
use crate::{
    cli::{BulkCommand, BulkGoOn, BulkList, BulkOne, BulkTemplate},
    failure::Failure,
};

/// Runs a command to its end. Calls and files block, so it is done on a thread of its own.
pub(crate) async fn run(command: BulkCommand) -> Result<(), Failure> {
    let run = tokio::task::spawn_blocking(move || run_now(command)).await;
    run.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn run_now(command: BulkCommand) -> Result<(), Failure> {
    match command {
        BulkCommand::Submit(order) => submit::run(&order),
        BulkCommand::Status(one) => status(&one),
        BulkCommand::Process(order) => process(&order),
        BulkCommand::Cancel(one) => change(&one, "Cancel"),
        BulkCommand::Pause(one) => change(&one, "Pause"),
        BulkCommand::Resume(order) => resume(&order),
        BulkCommand::Results(order) => results::run(&order),
        BulkCommand::Template(order) => {
            template(&order);
            Ok(())
        }
        BulkCommand::List(order) => list(&order),
    }
}

fn status(one: &BulkOne) -> Result<(), Failure> {
    let job = read(&Client::of(&one.server), one.id)?;
    tell::job(&job, one.server.json);
    tell::next(&job, one.server.json);
    tell::verdict(&job)
}

fn process(order: &BulkGoOn) -> Result<(), Failure> {
    let client = Client::of(&order.one.server);
    client.post("/v1/BulkApi/Process", &json!({ "id": order.one.id }), &new_key()?)?;
    go_on(&client, order)
}

fn resume(order: &BulkGoOn) -> Result<(), Failure> {
    let client = Client::of(&order.one.server);
    client.post(&format!("/v1/BulkApi/Resume/{}", order.one.id), &Value::Null, &new_key()?)?;
    go_on(&client, order)
}

/// What has become of a job whose records are being processed.
fn go_on(client: &Client, order: &BulkGoOn) -> Result<(), Failure> {
    let id = order.one.id;
    let job = if order.wait { wait(client, id, Until::Ended, &mut Progress::new())? } else { read(client, id)? };
    tell::job(&job, order.one.server.json);
    tell::next(&job, order.one.server.json);
    tell::verdict(&job)
}

/// What is done to a job as a whole, at once.
fn change(one: &BulkOne, what: &str) -> Result<(), Failure> {
    let client = Client::of(&one.server);
    client.post(&format!("/v1/BulkApi/{what}/{}", one.id), &Value::Null, &new_key()?)?;
    let job = read(&client, one.id)?;
    tell::job(&job, one.server.json);
    tell::next(&job, one.server.json);
    Ok(())
}

/// The columns are known here: neither a server nor a key is needed.
fn template(order: &BulkTemplate) {
    let Some(layout) = layout(order.job_type) else { return };
    if !order.json {
        return print!("{}", layout.csv());
    }
    let column =
        |column: &Column| json!({ "name": column.name, "isRequired": column.is_required, "description": column.about });
    let columns: Vec<_> = layout.columns.iter().map(column).collect();
    crate::print::json(&json!({
        "type": order.job_type.to_string(),
        "isBare": layout.is_bare,
        "columns": columns,
        "csv": layout.csv(),
    }));
}

fn list(order: &BulkList) -> Result<(), Failure> {
    let newest = order.newest.to_string();
    let query = [("sortExpression", "id"), ("sortOrder", "Descending"), ("pageSize", newest.as_str())];
    tell::jobs(&Client::of(&order.server).get("/v1/BulkApi/Jobs", &query)?, order.server.json);
    Ok(())
}

/// A job as it stands.
fn read(client: &Client, id: i64) -> Result<Value, Failure> {
    client.get(&format!("/v1/BulkApi/Jobs/{id}"), &[])
}

/// An idempotency key that nobody has used.
fn new_key() -> Result<String, Failure> {
    let number = getrandom::u64().map_err(std::io::Error::from)?;
    Ok(format!("billfold-bulk-{number:016x}"))
}
