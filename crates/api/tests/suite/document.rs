//! The `OpenAPI` document: kept in the repository, whole, and described to the last member.

use std::{collections::HashSet, fs, path::Path};

use serde_json::{Map, Value};
use testkit::{on_server, server::config};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(METHODS.contains(&method.as_str()), "{path} has a member {method}");
            operations.push((method.clone(), path.clone(), operation));
        }
    }
    operations
}

#[test]
fn the_kept_document_is_the_servers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let current = format!("{:#}\n", api::document());
    let differs = kept.lines().zip(current.lines()).position(|(kept, current)| kept != current);
    assert!(
        kept == current,
        "docs/openapi.json is not what the server says of itself, first in line {}; `cargo xtask openapi` writes it anew",
        differs.unwrap_or_else(|| kept.lines().count().min(current.lines().count())) + 1
    );
}

#[tokio::test]
async fn the_server_serves_its_document() {
    on_server(config(), async |server| {
        assert_eq!(server.anonymous().get("/openapi.json").await.ok(), api::document());
    })
    .await;
}

#[test]
fn every_operation_is_in_the_document() {
    let document = api::document();
    let documented: HashSet<_> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let served: HashSet<_> =
        api::operations().iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect();
    assert_eq!(documented, served);
    assert_eq!(served.len(), api::operations().len(), "an operation is served twice");
}

#[test]
fn every_operation_is_told_in_full() {
    let document = api::document();
    let mut ids = HashSet::new();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        for member in ["summary", "description", "operationId"] {
            assert!(is_text(&operation[member]), "{name} has no {member}");
        }
        assert!(ids.insert(operation["operationId"].clone()), "{name} has the id of another operation");
        assert!(is_text(&operation["tags"][0]), "{name} belongs nowhere");
        assert!(operation["x-extension"].is_boolean(), "{name} does not say whether it is an extension");
        let parameters = operation["parameters"].as_array().unwrap();
        for parameter in parameters {
            assert!(is_text(&parameter["description"]), "{name}: {parameter} is not described");
            assert!(parameter["schema"]["type"].is_string(), "{name}: {parameter} has no type");
            assert!(["path", "query", "header"].contains(&parameter["in"].as_str().unwrap()), "{name}: {parameter}");
        }
        let in_path: HashSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let required = parameters.iter().filter(|parameter| parameter["in"] == "path");
        let required: HashSet<&str> = required
            .map(|parameter| {
                assert_eq!(parameter["required"], true, "{name}: {parameter}");
                parameter["name"].as_str().unwrap()
            })
            .collect();
        assert_eq!(required, in_path, "{name}");
        let responses = operation["responses"].as_object().unwrap();
        for status in ["400", "401", "404", "429"] {
            assert!(responses.contains_key(status), "{name} does not answer {status}");
        }
        assert!(responses.contains_key("200") != responses.contains_key("204"), "{name} has one success");
    }
}

#[test]
fn every_member_of_every_object_is_described() {
    let document = api::document();
    let mut walk = Walk::default();
    walk.value("#", &document);
    assert!(walk.property_count > 200, "the walk found {} members only", walk.property_count);
    assert_eq!(walk.undescribed, Vec::<String>::new());
}

#[test]
fn the_document_is_openapi_3_1() {
    let document = api::document();
    assert_eq!(document["openapi"], "3.1.0");
    for member in ["title", "version"] {
        assert!(is_text(&document["info"][member]), "info has no {member}");
    }
    let members: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    for member in members {
        assert!(
            ["openapi", "info", "servers", "security", "paths", "components", "tags"].contains(&member),
            "{member}"
        );
    }
    let mut walk = Walk::default();
    walk.value("#", &document);
    for reference in &walk.references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let reference = format!("#/components/schemas/{name}");
        assert!(walk.references.contains(&reference), "{name} is used by nobody");
        assert!(is_text(&schema["description"]), "{name} is not described");
        assert!(schema.get("$schema").is_none() && schema.get("nullable").is_none(), "{name} is of another dialect");
    }
    for scheme in document["security"][0].as_object().unwrap().keys() {
        assert!(document["components"]["securitySchemes"][scheme]["type"].is_string(), "{scheme} is not defined");
    }
}

/// Goes through a document and notes what it finds of schemas.
#[derive(Default)]
struct Walk {
    property_count: usize,
    undescribed: Vec<String>,
    references: HashSet<String>,
}

impl Walk {
    fn value(&mut self, at: &str, value: &Value) {
        match value {
            Value::Object(members) => self.object(at, members),
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.value(&format!("{at}/{index}"), element);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn object(&mut self, at: &str, members: &Map<String, Value>) {
        if let Some(Value::String(reference)) = members.get("$ref") {
            self.references.insert(reference.clone());
        }
        if let Some(Value::Object(properties)) = members.get("properties") {
            for (name, property) in properties {
                self.property_count += 1;
                if !is_text(&property["description"]) {
                    self.undescribed.push(format!("{at}/{name}"));
                }
            }
        }
        for (name, value) in members {
            self.value(&format!("{at}/{name}"), value);
        }
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}
