//! As much of HTTP/1.1 as passes between a client, the line and localstripe: one request a connection, bodies of a known length.

use std::{
    io::{self, Read, Write as _},
    net::TcpStream,
};

/// Names, in small letters, and values.
type Headers = Vec<(String, String)>;

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    /// With its query.
    pub(super) path: String,
    headers: Headers,
    pub(super) body: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    is_replayed: bool,
}

impl Request {
    pub(super) fn read(stream: &mut TcpStream) -> io::Result<Self> {
        let (line, headers, body) = read_message(stream)?;
        let mut words = line.split(' ').map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else { return Err(malformed()) };
        Ok(Self { method, path, headers, body })
    }

    /// A request for something to read, by the same caller.
    pub(super) fn get(&self, path: &str) -> Self {
        Self { method: "GET".to_owned(), path: path.to_owned(), body: Vec::new(), headers: self.headers.clone() }
    }

    /// One by a caller that localstripe believes.
    pub(super) fn trusted() -> Self {
        let headers = vec![("authorization".to_owned(), "Bearer sk_test_line".to_owned())];
        Self { method: "GET".to_owned(), path: String::new(), body: Vec::new(), headers }
    }

    pub(super) fn with_body(&self, body: Vec<u8>) -> Self {
        Self { body, ..self.clone() }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn asks_the_same(&self, other: &Self) -> bool {
        (&self.method, &self.path, &self.body) == (&other.method, &other.path, &other.body)
    }

    /// Sends it to `authority` on a connection of its own.
    pub(super) fn send(&self, authority: &str) -> io::Result<Response> {
        let mut stream = TcpStream::connect(authority)?;
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n", self.method, self.path);
        for name in ["authorization", "content-type"] {
            if let Some(value) = self.header(name) {
                head.extend([name, ": ", value, "\r\n"]);
            }
        }
        head.extend(["content-length: ", &self.body.len().to_string(), "\r\n\r\n"]);
        // In one piece: two would wait for each other.
        stream.write_all(&[head.as_bytes(), &self.body].concat())?;
        let (line, _, body) = read_message(&mut stream)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(malformed)?;
        Ok(Response { status, body, is_replayed: false })
    }
}

impl Response {
    /// An error as Stripe words one.
    pub(super) fn error(status: u16, kind: &str, text: &str) -> Self {
        let body = serde_json::json!({"error": {"type": kind, "message": text}});
        Self::json(status, &body)
    }

    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, body: body.to_string().into_bytes(), is_replayed: false }
    }

    pub(super) fn replayed(self) -> Self {
        Self { is_replayed: true, ..self }
    }

    pub(super) fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let replayed = if self.is_replayed { "idempotent-replayed: true\r\n" } else { "" };
        let head = format!(
            "HTTP/1.1 {} .\r\ncontent-type: application/json\r\n{replayed}content-length: {}\r\nconnection: close\r\n\r\n",
            self.status,
            self.body.len()
        );
        stream.write_all(&[head.as_bytes(), &self.body].concat())
    }
}

/// The first line, the headers and the body of a message.
fn read_message(stream: &mut TcpStream) -> io::Result<(String, Headers, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).map_err(|_| malformed())?;
    let mut lines = head.lines();
    let line = lines.next().ok_or_else(malformed)?.to_owned();
    let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let headers: Headers = lines.filter_map(header).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse::<usize>());
    let mut body = vec![0; length.unwrap_or(Ok(0)).map_err(|_| malformed())?];
    stream.read_exact(&mut body)?;
    Ok((line, headers, body))
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a message of HTTP/1.1")
}
