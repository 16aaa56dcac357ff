//! JSON as Newtonsoft Json.NET reads it: strict JSON, and what clients of the original really send. Numbers stay text,
//! so that none passes through a float.

mod parser;
mod text;

use std::borrow::Cow;
use std::fmt;

/// How deep lists and objects may nest.
pub const DEPTH_MAX: usize = 64;

/// A value as it was written, borrowing from the body wherever nothing had to be unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// The text of a number in the syntax of strict JSON.
    Number(&'a str),
    /// A text, unescaped.
    Text(Cow<'a, str>),
    /// The elements in order.
    List(Vec<Node<'a>>),
    /// The members in order of their first appearance; names are unique, the last value of a repeated name won.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What was expected or is not allowed.
    pub reason: String,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The body is not JSON: {}, at line {}, position {}.", self.reason, self.line, self.column)
    }
}

/// Reads one value. A text of only white space and comments is `None`.
pub fn parse(body: &[u8]) -> Result<Option<Node<'_>>, SyntaxError> {
    parser::parse(body)
}

/// The value as strict JSON without white space.
pub fn compact(node: &Node<'_>) -> String {
    let mut out = String::new();
    write_node(node, &mut out);
    out
}

fn write_node(node: &Node<'_>, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Number(text) => out.push_str(text),
        Node::Text(text) => text::write(text, out),
        Node::List(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_node(element, out);
            }
            out.push(']');
        }
        Node::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                text::write(name, out);
                out.push(':');
                write_node(value, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests;
