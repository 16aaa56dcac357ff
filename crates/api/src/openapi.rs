//! The `OpenAPI` 3.1 document, made from the operations themselves.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{
    operation::{Operation, Success},
    routes,
    wire::error::ErrorBody,
};

/// The document of every operation that this server answers.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for operation in routes::operations() {
        let described = describe(&operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = described;
    }
    let error = generator.subschema_for::<ErrorBody>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Billfold",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Wire-compatible with the Fusebill v1 REST API. Operations marked `x-extension` are Billfold's own. \
                            Paths, member names and enum values are understood in any case; request bodies may be lenient JSON.",
            "license": { "name": "Apache-2.0 OR MIT" }
        },
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Basic ` and the API key as it was shown when it was created."
                }
            },
            "responses": {
                "Error": {
                    "description": "The request was refused and had no effect.",
                    "content": { "application/json": { "schema": error } }
                },
                "Failed": {
                    "description": "The server failed. A text that says that the request may have taken effect means it: read \
                                    what it was to change before repeating it, or repeat it under the same `Idempotency-Key`.",
                    "content": { "application/json": { "schema": error } }
                },
                "Unavailable": {
                    "description": "The request could not be done now and had no effect. It may be repeated.",
                    "headers": {
                        "Retry-After": {
                            "description": "Seconds to wait, where others were changing the same data.",
                            "schema": { "type": "integer" }
                        }
                    },
                    "content": { "application/json": { "schema": error } }
                }
            },
            "schemas": generator.take_definitions(true)
        }
    })
}

fn describe(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let mut described = json!({
        "operationId": operation_id(operation),
        "summary": operation.title,
        "description": operation.description,
        "tags": [operation.tag],
        "x-extension": operation.is_extension,
        "parameters": parameters(operation),
        "responses": responses(operation, generator)
    });
    if let Some(request) = operation.request {
        described["requestBody"] = json!({
            "description": format!("Problems of the body are keyed `{}`.", operation.parameter),
            "content": { "application/json": { "schema": request(generator) } }
        });
    }
    if !operation.streams.is_empty() {
        described["requestBody"] = json!({
            "description": format!("A file of any size, which may be gzip. Problems of it are keyed `{}`.", operation.parameter),
            "content": texts(operation.streams)
        });
    }
    described
}

/// The same text in any of these media types.
fn texts(media_types: &[&str]) -> Map<String, Value> {
    media_types.iter().map(|name| ((*name).to_owned(), json!({ "schema": { "type": "string" } }))).collect()
}

/// `createBulkPurchases` of "Create bulk purchases".
fn operation_id(operation: &Operation) -> String {
    let mut id = String::new();
    for word in operation.title.split_whitespace() {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        let (first, rest) = word.split_at(word.len().min(1));
        if id.is_empty() {
            id.push_str(&first.to_ascii_lowercase());
        } else {
            id.push_str(&first.to_ascii_uppercase());
        }
        id.push_str(rest);
    }
    id
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let path = in_path.map(|name| {
        json!({
            "name": name, "in": "path", "required": true, "schema": { "type": "integer", "format": "int64" },
            "description": "The id."
        })
    });
    let query = operation.query.iter().map(|parameter| {
        json!({
            "name": parameter.name, "in": "query", "schema": { "type": parameter.kind },
            "description": parameter.description
        })
    });
    let key = operation.takes_key().then(|| {
        json!({
            "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 255 },
            "description": "The caller's name for this effect: a second request with the same key and content has no \
                            effect and gets the first answer; other content under the key is refused."
        })
    });
    path.chain(query).chain(key).collect()
}

fn responses(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let response = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    let success = match operation.success {
        Success::Object(schema) => json!({
            "200": { "description": "Success.", "content": { "application/json": { "schema": schema(generator) } } }
        }),
        Success::List(schema) => json!({
            "200": {
                "description": "A page of rows.",
                "headers": list_headers(),
                "content": { "application/json": { "schema": { "type": "array", "items": schema(generator) } } }
            }
        }),
        Success::File(form) => {
            let media_type = form.media_type().split(';').next().unwrap_or_default();
            json!({ "200": { "description": "The file.", "content": { media_type: { "schema": { "type": "string" } } } } })
        }
        Success::Stream(media_types) => json!({
            "200": { "description": "The file, sent as it is read.", "content": texts(media_types) }
        }),
        Success::Nothing => json!({ "204": { "description": "Success." } }),
    };
    let mut responses = success;
    let of_body: &[&str] = match operation.request {
        _ if !operation.streams.is_empty() => &["408", "415"],
        Some(_) => &["408", "413"],
        None => &[],
    };
    for status in ["400", "401", "404", "429"].iter().chain(of_body) {
        responses[*status] = response("Error");
    }
    responses["500"] = response("Failed");
    responses["503"] = response("Unavailable");
    responses
}

fn list_headers() -> Value {
    let headers = [
        ("X-Count", "Rows that match, on all pages."),
        ("X-MaxCount", "Rows before filtering."),
        ("X-CurrentPage", "This page, from zero."),
        ("X-NextPage", "The next page, or -1."),
        ("X-PreviousPage", "The previous page, or -1."),
        ("X-PageSize", "Rows on a full page."),
        ("X-MaxPageIndex", "The last page."),
        ("X-SortOrder", "`Ascending` or `Descending`."),
        ("X-SortExpression", "The name sorted by."),
    ];
    let described = headers.map(|(name, text)| {
        let schema = if name.starts_with("X-Sort") { "string" } else { "integer" };
        (name.to_owned(), json!({ "description": text, "schema": { "type": schema } }))
    });
    Value::Object(described.into_iter().collect())
}
