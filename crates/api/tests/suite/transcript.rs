//! Calls and their answers as text, to be compared with a snapshot: every name, order, null and number scale is in it.

use std::fmt::Write as _;

use testkit::{Client, Redaction, Reply};

/// What was said between a caller and the server, with ids that are the same in every run.
#[derive(Default)]
pub(crate) struct Transcript {
    redaction: Redaction,
    text: String,
}

impl Transcript {
    /// Sends a request and notes it and its answer.
    pub(crate) async fn call(&mut self, client: &Client, method: &str, path: &str, body: &str) -> Reply {
        let reply = client.with("content-type", "application/json").send(method, path, body).await;
        let mut entry = format!("{method} {path}\n");
        if !body.is_empty() {
            let shown: String = body.chars().take(400).collect();
            writeln!(entry, "{shown}").expect("a string takes any text");
        }
        writeln!(entry, "\n{}", reply.status).expect("a string takes any text");
        for (name, value) in headers(&reply) {
            writeln!(entry, "{name}: {value}").expect("a string takes any text");
        }
        writeln!(entry, "{}", spread(reply.text())).expect("a string takes any text");
        self.text.push_str(&self.redaction.text(&entry));
        reply
    }

    /// Gives an id a name of its own, so that the others keep their numbers.
    pub(crate) fn name(&mut self, id: i64, name: &str) {
        self.redaction.name(id, name);
    }

    /// What was noted since the last time.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

/// The headers that tell answers apart, by name. Those of every answer have tests of their own.
fn headers(reply: &Reply) -> Vec<(&str, &str)> {
    let is_common = |name: &str| {
        name.starts_with("x-rate-limit")
            || name.starts_with("access-control-")
            || matches!(name, "vary" | "content-length")
    };
    let own = reply.headers.keys().map(axum::http::HeaderName::as_str).filter(|name| !is_common(name));
    let mut headers: Vec<_> = own.map(|name| (name, reply.header(name).expect("the header is there"))).collect();
    headers.sort_unstable();
    headers
}

/// JSON with a member a line and every token as it was sent. Empty lists and objects stay on their line.
pub(crate) fn spread(json: &str) -> String {
    let mut spread = String::with_capacity(json.len() * 2);
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    let line = |spread: &mut String, depth: usize| {
        spread.push('\n');
        spread.push_str(&"  ".repeat(depth));
    };
    while let Some(character) = characters.next() {
        if is_string {
            is_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
            spread.push(character);
            continue;
        }
        match character {
            '{' | '[' if characters.peek().is_some_and(|next| matches!(next, '}' | ']')) => spread.push(character),
            '{' | '[' => {
                depth += 1;
                spread.push(character);
                line(&mut spread, depth);
            }
            '}' | ']' => {
                if !spread.ends_with(['{', '[']) {
                    depth -= 1;
                    line(&mut spread, depth);
                }
                spread.push(character);
            }
            ',' => {
                spread.push(character);
                line(&mut spread, depth);
            }
            ':' => spread.push_str(": "),
            '"' => {
                is_string = true;
                spread.push(character);
            }
            other => spread.push(other),
        }
    }
    spread
}

#[test]
fn spreading_keeps_every_token() {
    let json = r#"{"a":0.000000,"b":[],"c":{},"d":[{"e":"x,\"{:"},null]}"#;
    let expected = "{\n  \"a\": 0.000000,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    {\n      \"e\": \"x,\\\"{:\"\n    },\n    null\n  ]\n}";
    assert_eq!(spread(json), expected);
}
