//! What the server can be asked: one value a route, from which both the router and the `OpenAPI` document are made.

use std::{borrow::Cow, future::Future, pin::Pin};

use axum::{http::Method, response::Response};
use billing::listing::{Field, Kind};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::{call::Call, error::ApiError, paper::Form};

type Answer = Pin<Box<dyn Future<Output = Result<Response, ApiError>> + Send>>;
type Handler = Box<dyn Fn(Call) -> Answer + Send + Sync>;
type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// A parameter of the query string.
#[derive(Debug, Clone)]
pub struct QueryParameter {
    /// Its documented spelling; any case is understood.
    pub name: &'static str,
    /// `string`, `boolean` or `integer`.
    pub kind: &'static str,
    /// What it does.
    pub description: Cow<'static, str>,
}

/// What an operation answers when it succeeds.
#[derive(Debug, Clone, Copy)]
pub enum Success {
    /// 200 and an object.
    Object(SchemaOf),
    /// 200 and an array, with the paging headers.
    List(SchemaOf),
    /// 200 and a file.
    File(Form),
    /// 200 and a file of any size in one of these media types, sent as it is read.
    Stream(&'static [&'static str]),
    /// 204 and nothing.
    Nothing,
}

/// One route.
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The path in its documented spelling, parameters in braces; any case is understood.
    pub path: &'static str,
    /// A short title.
    pub title: &'static str,
    /// What it does, for the document.
    pub description: &'static str,
    /// The resource it belongs to.
    pub tag: &'static str,
    /// The original has no such call.
    pub is_extension: bool,
    /// It changes nothing, whatever its method.
    pub is_question: bool,
    /// The name under which the action takes its body: the first part of the keys of its errors.
    pub parameter: &'static str,
    /// Parameters of the query string.
    pub query: Vec<QueryParameter>,
    /// What a list is filtered and sorted by; nothing where no list is answered.
    pub fields: Vec<Field>,
    /// The body, if it takes one.
    pub request: Option<SchemaOf>,
    /// The media types of a body that is a file and is read as it arrives; none where the body is JSON or nothing.
    pub streams: &'static [&'static str],
    /// The answer.
    pub success: Success,
    pub(crate) handler: Handler,
}

impl Operation {
    fn new<F>(method: Method, path: &'static str, title: &'static str, handler: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        Self {
            method,
            path,
            title,
            description: "",
            tag: "",
            is_extension: false,
            is_question: false,
            parameter: "request",
            query: Vec::new(),
            fields: Vec::new(),
            request: None,
            streams: &[],
            success: Success::Nothing,
            handler: Box::new(move |call| Box::pin(handler(call))),
        }
    }

    /// `GET path`.
    pub(crate) fn get<F>(path: &'static str, title: &'static str, handler: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        Self::new(Method::GET, path, title, handler)
    }

    /// `POST path`.
    pub(crate) fn post<F>(path: &'static str, title: &'static str, handler: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        Self::new(Method::POST, path, title, handler)
    }

    /// `PUT path`.
    pub(crate) fn put<F>(path: &'static str, title: &'static str, handler: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        Self::new(Method::PUT, path, title, handler)
    }

    /// `PATCH path`.
    pub(crate) fn patch<F>(path: &'static str, title: &'static str, handler: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        Self::new(Method::PATCH, path, title, handler)
    }

    /// `DELETE path`.
    pub(crate) fn delete<F>(path: &'static str, title: &'static str, handler: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        Self::new(Method::DELETE, path, title, handler)
    }

    /// What it does.
    pub(crate) fn about(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// The resource it belongs to.
    pub(crate) fn tagged(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// The original has no such call.
    pub(crate) fn extension(mut self) -> Self {
        self.is_extension = true;
        self
    }

    /// Asks only, although it is no `GET`.
    pub(crate) fn question(mut self) -> Self {
        self.is_question = true;
        self
    }

    /// Takes a body of `T`, under this parameter name.
    pub(crate) fn takes<T: JsonSchema>(mut self, parameter: &'static str) -> Self {
        self.parameter = parameter;
        self.request = Some(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// Takes a file of one of these media types, of any size, under this parameter name.
    pub(crate) fn streams(mut self, parameter: &'static str, media_types: &'static [&'static str]) -> Self {
        self.parameter = parameter;
        self.streams = media_types;
        self
    }

    /// Understands a parameter of the query string.
    pub(crate) fn with(
        mut self,
        name: &'static str,
        kind: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.query.push(QueryParameter { name, kind, description: description.into() });
        self
    }

    /// Answers one `T`.
    pub(crate) fn answers<T: JsonSchema>(mut self) -> Self {
        self.success = Success::Object(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// Answers a document.
    pub(crate) fn sends(mut self, form: Form) -> Self {
        self.success = Success::File(form);
        self
    }

    /// Answers a file of any size in one of these media types.
    pub(crate) fn sends_any(mut self, media_types: &'static [&'static str]) -> Self {
        self.success = Success::Stream(media_types);
        self
    }

    /// Answers an array of `T` and the paging headers, and understands paging, search, and filters and sorting by `fields`.
    pub(crate) fn lists<T: JsonSchema>(mut self, fields: &[impl AsRef<Field>]) -> Self {
        self.success = Success::List(SchemaGenerator::subschema_for::<T>);
        self.fields = fields.iter().map(|field| *field.as_ref()).collect();
        let filters = filters(&self.fields);
        self.with("query", "string", filters)
            .with(
                "quickSearch",
                "string",
                "Words that a name, code, reference or the like contains, or a number such as the id.",
            )
            .with("pageSize", "integer", "Rows on a page, at most 1000.")
            .with("pageNumber", "integer", "Counted from zero.")
            .with("sortExpression", "string", "The name to sort by: `id`, or one of those of `query`.")
            .with("sortOrder", "string", "`Ascending` or `Descending`.")
    }

    /// Whether it answers a file.
    pub fn is_file(&self) -> bool {
        matches!(self.success, Success::File(_) | Success::Stream(_))
    }

    /// Whether it answers a PDF file, which is limited on its own.
    pub fn is_pdf(&self) -> bool {
        matches!(self.success, Success::File(Form::Pdf))
    }

    /// Whether it changes anything.
    pub fn is_write(&self) -> bool {
        self.method != Method::GET && !self.is_question
    }

    /// Whether it takes an `Idempotency-Key`: every change but one whose content is known only when it is done.
    pub fn takes_key(&self) -> bool {
        self.is_write() && self.streams.is_empty()
    }
}

/// How a list is filtered, and by what.
fn filters(fields: &[Field]) -> String {
    let names: Vec<_> = fields.iter().map(|field| format!("`{}` ({})", field.name, values(field.kind))).collect();
    format!(
        "Filters, `name:value` joined by `;`: equality, `*` in texts, sets `a,b` of ids, whole numbers and names, ranges \
         `low|high` of numbers and times (the upper end of times is not included), `[empty]`. Each is also a parameter \
         of its own, unless the call has one of that name. Names, in any case: {}.",
        names.join(", ")
    )
}

fn values(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Integer => "whole number".to_owned(),
        Kind::Decimal => "number".to_owned(),
        Kind::Instant => "time".to_owned(),
        Kind::Boolean => "true or false".to_owned(),
        Kind::Enum(names) => names.join(", "),
        Kind::Id => "id".to_owned(),
    }
}
